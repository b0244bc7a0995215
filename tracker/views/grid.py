"""The tracker page, the fragments of its rows, and what changed since a number."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import who_may
from icm.http import AuthenticatedRequest, whole_number
from tracker.choices import Density, Stage
from tracker.fragments import rendered_rows
from tracker.grid import columns_at, columns_of, grid_for, palette_of
from tracker.models import (
    Change,
    ColourMeaning,
    Outcome,
    SavedView,
    TeamLog,
)
from tracker.values import Lists
from tracker.views.look import look_of

# A page that missed more than this fetches the whole table again (specs: concurrency 4.4).
FAR_BEHIND = 2000
# A page asks for the rows that changed, not for a table.
ROWS_AT_ONCE = 400


@team_view("view_tracker")
@require_http_methods(["GET", "POST"])
def tracker(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The table with all open rows; those that the filter leaves out are there and hidden.

    A post is the filter's form without script: it changes nothing, and what was typed is in no address.
    """
    opens_plainly = request.method == "GET" and not request.GET
    if opens_plainly and (
        first := SavedView.objects.filter(person=request.user, team=team, opens_first=True).first()
    ):
        return redirect("view", team_id=team.pk, view_id=first.pk)
    today = timezone.localdate()
    # The number is read before the rows: a change in between is in both, and applying it twice is harmless.
    head = TeamLog.head_of(team.pk)
    grid = grid_for(request.user, team, today, columns_of(team))
    look = look_of(request, grid)
    rows = list(look.choices.ordered(look.rows.with_all()))
    shown = look.matching() if look.choices.active else {row.pk for row in rows}
    legend = ColourMeaning.objects.filter(team=team)
    entry = audit.viewed(request, "tracker", rows=[row.pk for row in rows], team=team)
    return render(
        request,
        "tracker/tracker.html",
        {
            "lines": [grid.line(row, hidden=row.pk not in shown) for row in rows],
            **look.said(len(rows), len(shown.intersection(row.pk for row in rows))),
            "head": head,
            "entry": entry,
            "densities": Density.choices,
            "stages": Stage.choices,
            "lists": Lists(),
            "people": [] if grid.readonly else who_may("edit_row", team),
            "outcomes": Outcome.objects.choosable().exclude(code="moved"),
            "legend": legend,
            "palette": palette_of(legend),
            "views": SavedView.objects.filter(person=request.user, team=team),
        },
    )


@team_view("view_tracker", "log")
@require_GET
def rows(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The asked rows as `<tr>`s under the reader's rights; one that left the tracker comes as a gone line."""
    asked = (whole_number(text) for text in request.GET.get("ids", "").split(","))
    wanted = [number for number in asked if number is not None]
    head = TeamLog.head_read_with(team)
    grid = grid_for(request.user, team, timezone.localdate(), columns_at(team, head))
    found = rendered_rows(grid, wanted[:ROWS_AT_ONCE], head)
    audit.viewed_more(request, request.GET.get("entry", ""), found, team=team, purpose="rows")
    return HttpResponse(render_to_string("tracker/_rows.html", {"rows": found.values()}))


@team_view("view_tracker", "log")
@require_GET
def changes(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """What happened after number `after`: row ids and field keys, no content; 204 where nothing did."""
    asked = whole_number(request.GET.get("after"))
    after = -1 if asked is None else asked
    head = TeamLog.head_read_with(team)
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
        "meeting": change.meeting_id is not None,
    }
