"""How one person looks at a tracker: which rows match their address, in which order, and what says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import team_view
from accounts.models import Team, User
from icm.http import AuthenticatedRequest, by_itself, whole_number
from tracker.fields import FIELDS, Field
from tracker.filters import RowFilter
from tracker.grid import Grid, columns_of, grid_for
from tracker.models import Difficulty, Layout, Need, RowQuerySet, SavedView, TrackerRow


@dataclass(frozen=True)
class Look:
    """One request about a team's tracker, read for one person. Page and fragment are drawn from it."""

    grid: Grid
    choices: RowFilter
    rows: RowQuerySet
    person: User
    # The saved view that the address names, if it is the person's own or shared with them.
    opened: SavedView | None

    def matching(self) -> set[int]:
        """The open rows that are asked for."""
        return set(self.choices.narrow(self.rows, self.grid.today).values_list("pk", flat=True))

    def said(self, total: int, shown: int) -> dict[str, Any]:
        """What the templates around the rows print."""
        return {
            "grid": self.grid,
            "team": self.grid.team,
            "rights": self.grid.held,
            "choices": self.choices,
            "colour": FIELDS["colour"],
            "total": total,
            "shown": shown,
            "hidden": total - shown,
            "opened": self.opened,
            "layout": Layout.of(self.person, self.grid.team),
            "me": self.person.pk,
        }


def look_of(request: AuthenticatedRequest, grid: Grid) -> Look:
    """How the request looks at the grid: `?view=<number>` as that view keeps it, else by address and post."""
    opened = _view_of(request, grid.team)
    typed = QueryDict(opened.query) if opened else request.POST
    rows = TrackerRow.objects.open().filter(team=grid.team)
    return Look(grid, filter_of(rows, grid.columns, request.GET, typed), rows, request.user, opened)


def filter_of(rows: RowQuerySet, columns: Sequence[Field], address: QueryDict, typed: QueryDict) -> RowFilter:
    """What is asked of a team's open rows, by its columns and the colour of the rows."""
    return RowFilter(
        address,
        typed=typed,
        needs=Need.objects.offered_or_on(rows),
        difficulties=Difficulty.objects.offered_or_on(rows),
        owners=rows.values_list("owner", flat=True).distinct(),
        columns=(*columns, FIELDS["colour"]),
    )


def _view_of(request: AuthenticatedRequest, team: Team) -> SavedView | None:
    if set(request.GET) != {"view"}:
        return None
    seen = Q(person=request.user) | Q(shared=True)
    found = SavedView.objects.filter(seen, team=team, pk=whole_number(request.GET["view"]) or 0)
    return found.select_related("person").first()


@by_itself
@team_view("view_tracker")
@require_POST
def look(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """What stands around the rows, and which rows match in which order: ids, no content.

    Lists, days and the order come in the address, what was typed is posted. Nothing is changed.
    """
    seen = look_of(request, grid_for(request.user, team, timezone.localdate(), columns_of(team)))
    order = list(seen.choices.ordered(seen.rows).values_list("pk", flat=True))
    matching = seen.matching() if seen.choices.active else set(order)
    shown = [pk for pk in order if pk in matching]
    told = {**seen.said(len(order), len(shown)), "order": order, "matching": shown}
    return render(request, "tracker/_look.html", told)
