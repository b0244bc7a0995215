"""How one person looks at a tracker: which rows match their address, in which order, and what says so."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import team_view
from accounts.models import Team, User
from icm.http import AuthenticatedRequest
from tracker.fields import FIELDS
from tracker.filters import RowFilter
from tracker.grid import Grid, columns_of, grid_for
from tracker.models import Difficulty, Layout, Need, RowQuerySet, SavedView, TrackerRow


@dataclass(frozen=True)
class Look:
    """One address on one team's tracker, read for one person. The page and its fragment are drawn from it."""

    grid: Grid
    choices: RowFilter
    rows: RowQuerySet
    person: User

    def matching(self) -> set[int]:
        """The open rows that the address asks for."""
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

    @cached_property
    def opened(self) -> SavedView | None:
        """The saved view that the address came from, if it is the person's own or shared with them."""
        wanted = self.choices.cleaned_data.get("view") if self.choices.is_valid() else None
        if wanted is None:
            return None
        seen = Q(person=self.person) | Q(shared=True)
        found = SavedView.objects.filter(seen, team=self.grid.team, pk=wanted)
        return found.select_related("person").first()


def look_of(request: AuthenticatedRequest, grid: Grid) -> Look:
    """How the request's address looks at the grid."""
    rows = TrackerRow.objects.open().filter(team=grid.team)
    choices = RowFilter(
        request.GET,
        needs=Need.objects.offered_or_on(rows),
        difficulties=Difficulty.objects.offered_or_on(rows),
        owners=rows.values_list("owner", flat=True).distinct(),
        columns=(*grid.columns, FIELDS["colour"]),
    )
    return Look(grid, choices, rows, request.user)


@team_view("view_tracker")
@require_GET
def look(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """What stands around the rows for this address, and which rows match in which order: ids, no content."""
    seen = look_of(request, grid_for(request.user, team, timezone.localdate(), columns_of(team)))
    order = list(seen.choices.ordered(seen.rows).values_list("pk", flat=True))
    matching = seen.matching() if seen.choices.active else set(order)
    shown = [pk for pk in order if pk in matching]
    told = {**seen.said(len(order), len(shown)), "order": order, "matching": shown}
    return render(request, "tracker/_look.html", told)
