"""The tracker page, the fragments of its rows, and what changed since a number."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.models import Team
from accounts.permissions import who_may
from icm.http import AuthenticatedRequest
from tracker.access import team_view
from tracker.choices import Stage
from tracker.filters import RowFilter
from tracker.forms import Lists
from tracker.fragments import rendered_rows
from tracker.grid import columns_of, grid_for
from tracker.models import (
    Change,
    ColourMeaning,
    Difficulty,
    Need,
    Outcome,
    SavedView,
    TeamLog,
    TrackerRow,
)

# A page that missed more than this fetches the whole table again (specs: concurrency 4.4).
FAR_BEHIND = 2000
# A page asks for the rows that changed, not for a table.
ROWS_AT_ONCE = 400


@team_view("view_tracker")
@require_GET
def tracker(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The table with all open rows; those that the address's filter leaves out are there and hidden."""
    if not request.GET and (
        first := SavedView.objects.filter(person=request.user, team=team, opens_first=True).first()
    ):
        return redirect("view", team_id=team.pk, view_id=first.pk)
    today = timezone.localdate()
    # The number is read before the rows: a change in between is in both, and applying it twice is harmless.
    head = TeamLog.head_of(team.pk)
    lists = Lists()
    open_rows = TrackerRow.objects.open().filter(team=team)
    choices = RowFilter(
        request.GET,
        needs=Need.objects.offered_or_on(open_rows),
        difficulties=Difficulty.objects.offered_or_on(open_rows),
        owners=open_rows.values_list("owner", flat=True).distinct(),
    )
    rows = list(choices.ordered(open_rows.with_all()))
    shown = set(choices.narrow(open_rows, today).values_list("pk", flat=True)) if choices.active else None
    grid = grid_for(request.user, team, today, columns_of(team))
    entry = audit.viewed(request, "tracker", rows=[row.pk for row in rows], team=team)
    return render(
        request,
        "tracker/tracker.html",
        {
            "team": team,
            "grid": grid,
            "rights": grid.held,
            "lines": [grid.line(row, hidden=shown is not None and row.pk not in shown) for row in rows],
            "choices": choices,
            "view": _opened(request, team, choices),
            "total": len(rows),
            "shown": len(rows) if shown is None else len(shown),
            "hidden": 0 if shown is None else len(rows) - len(shown),
            "head": head,
            "entry": entry.pk,
            "stages": Stage.choices,
            "lists": lists,
            "people": [] if grid.readonly else who_may("edit_row", team),
            "outcomes": Outcome.objects.choosable().exclude(code="moved"),
            "legend": ColourMeaning.objects.filter(team=team),
        },
    )


def _opened(request: AuthenticatedRequest, team: Team, choices: RowFilter) -> SavedView | None:
    """The saved view that the address came from, if it is the person's own or shared with them."""
    wanted = choices.cleaned_data.get("view") if choices.is_valid() else None
    if wanted is None:
        return None
    seen = Q(person=request.user) | Q(shared=True)
    return SavedView.objects.filter(seen, team=team, pk=wanted).select_related("person").first()


@team_view("view_tracker")
@require_GET
def rows(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The asked rows as `<tr>`s under the reader's rights; one that left the tracker comes as a gone line."""
    wanted = [int(text) for text in request.GET.get("ids", "").split(",") if text.isdecimal()]
    grid = grid_for(request.user, team, timezone.localdate(), columns_of(team))
    found = rendered_rows(grid, wanted[:ROWS_AT_ONCE])
    audit.viewed_more(request.user, request.GET.get("entry", ""), found)
    return render(request, "tracker/_rows.html", {"rows": found.values()})


@team_view("view_tracker")
@require_GET
def changes(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """What happened after number `after`: row ids and field keys, no content; 204 where nothing did."""
    after = int(text) if (text := request.GET.get("after", "")).isdecimal() else -1
    head = TeamLog.head_of(team.pk)
    if after == head:
        return HttpResponse(status=204)
    if not 0 <= after <= head or head - after > FAR_BEHIND:
        return JsonResponse({"reset": True, "head": head})
    news = Change.objects.filter(team=team, seq__gt=after).select_related("by").order_by("seq")
    told = [_told(change) for change in news]
    return JsonResponse({"head": told[-1]["seq"] if told else head, "changes": told})


def _told(change: Change) -> dict[str, Any]:
    return {
        "seq": change.seq,
        "row": change.row_id,
        "kind": change.kind,
        "field": change.field,
        "row_rev": change.row_rev,
        "by": change.by.initials if change.by else "",
    }
