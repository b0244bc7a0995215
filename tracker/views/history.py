"""Who changed what and when: of a row, or of one field of it; and the list of closed and removed cases."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import field_permission, rights
from icm.http import AuthenticatedRequest
from tracker.access import again, row_view
from tracker.changes.put_back import put_back as change_back
from tracker.changes.refusals import Invalid, Refusal
from tracker.choices import RowState
from tracker.fields import FIELDS, team_field
from tracker.forms.past import PutBackForm
from tracker.forms.rows import ActForm
from tracker.grid import columns_of
from tracker.history import history_of
from tracker.models import Change, TrackerRow
from tracker.retention import fates

CLOSED_ON_A_PAGE = 100


@row_view("view_tracker")
@require_GET
def history(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """The row's history; `?field=stage` narrows it to one field."""
    return _page(request, row, request.GET.get("field", ""))


@row_view("restore_value")
@require_POST
def put_back(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Puts the value back that stood before entry `change`; then to where it was pressed, or to why not.

    `stood` is the number of the past tracker on which that was; without it, it was the history.

    `base` is the version of the field that the page showed: 409 where somebody has written it since.
    """
    form = PutBackForm(request.POST)
    change = (
        Change.objects.filter(row=row, pk=form.cleaned_data["change"]).first() if form.is_valid() else None
    )
    if change is None:
        return _page(request, row, "", refused="This entry is not there. Choose one below.", status=422)
    told = form.cleaned_data
    try:
        answer = change_back(
            row=row, change=change, base=told["base"], by=request.user, op=told["op"], reason=told["reason"]
        )
    except Refusal as refused:
        status = 422 if isinstance(refused, Invalid) else 409
        return _page(request, again(row), "", refused=refused.message, status=status)
    if answer.outcome == "saved":
        messages.success(request, "The older value is back.")
    if told["stood"] is not None:
        return redirect(f"{reverse('as_it_stood', args=[row.team_id])}?number={told['stood']}")
    return redirect("history", row_id=row.pk)


def _page(
    request: AuthenticatedRequest, row: TrackerRow, key: str, *, refused: str = "", status: int = 200
) -> HttpResponse:
    labels = {key: field.label for key, field in FIELDS.items()}
    labels |= {column.key: team_field(column).label for column in columns_of(row.team)}
    if key and key not in labels:
        raise Http404
    audit.viewed(request, "history", rows=[row.pk], team=row.team)
    held = rights(request.user, row.team)
    return render(
        request,
        "tracker/history.html",
        {
            "row": row,
            "team": row.team,
            "rights": held,
            "field": key,
            "label": labels.get(key, ""),
            "entries": history_of(row, reader_id=request.user.pk, field=key),
            "refused": refused,
            "op": uuid4(),
            "pin_needs_reason": held.needs_reason(field_permission("pin", row)),
        },
        status=status,
    )


@team_view("view_tracker")
@require_GET
def closed(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Closed cases, the latest first, and below them the rows that were removed as added by mistake."""
    gone = TrackerRow.objects.kept().filter(team=team).with_all()
    closed_rows = gone.closed().order_by("-closed_at", "-pk")
    page = Paginator(closed_rows, CLOSED_ON_A_PAGE).get_page(request.GET.get("page"))
    removed = list(gone.filter(state=RowState.REMOVED).order_by("-pk")[:CLOSED_ON_A_PAGE])
    rows = [*page.object_list, *removed]
    fate = fates(row.case_id for row in rows)
    audit.viewed(request, "closed list", rows=[row.pk for row in rows], team=team)
    return render(
        request,
        "tracker/closed.html",
        {
            "team": team,
            "rights": rights(request.user, team),
            "page": page,
            "closed": [(row, fate[row.case_id]) for row in page.object_list],
            "removed": [(row, fate[row.case_id]) for row in removed],
            "act_form": ActForm(initial={"op": uuid4()}, auto_id=False),
        },
    )
