"""Who changed what and when: of a row, or of one field of it; and the list of closed and removed cases."""

from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.models import Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest
from tracker.access import row_view, team_view
from tracker.choices import RowState
from tracker.fields import FIELDS, team_field
from tracker.forms import ActForm
from tracker.grid import columns_of
from tracker.history import history_of
from tracker.models import TrackerRow

CLOSED_ON_A_PAGE = 100


@row_view("view_tracker")
@require_GET
def history(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """The row's history; `?field=stage` narrows it to one field."""
    key = request.GET.get("field", "")
    labels = {key: field.label for key, field in FIELDS.items()}
    labels |= {column.key: team_field(column).label for column in columns_of(row.team)}
    if key and key not in labels:
        raise Http404
    audit.viewed(request, "history", rows=[row.pk], team=row.team)
    return render(
        request,
        "tracker/history.html",
        {
            "row": row,
            "team": row.team,
            "rights": rights(request.user, row.team),
            "field": key,
            "label": labels.get(key, ""),
            "entries": history_of(row, reader_id=request.user.pk, field=key),
        },
    )


@team_view("view_tracker")
@require_GET
def closed(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Closed cases, the latest first, and below them the rows that were removed as added by mistake."""
    gone = TrackerRow.objects.filter(team=team).with_all()
    closed_rows = gone.closed().order_by("-closed_at", "-pk")
    page = Paginator(closed_rows, CLOSED_ON_A_PAGE).get_page(request.GET.get("page"))
    removed = list(gone.filter(state=RowState.REMOVED).order_by("-pk")[:CLOSED_ON_A_PAGE])
    rows = [*page.object_list, *removed]
    audit.viewed(request, "closed list", rows=[row.pk for row in rows], team=team)
    return render(
        request,
        "tracker/closed.html",
        {
            "team": team,
            "rights": rights(request.user, team),
            "page": page,
            "removed": removed,
            "act_form": ActForm(initial={"op": uuid4()}, auto_id=False),
        },
    )
