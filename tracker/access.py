"""From an id in the address to a team or row that this person may have, or the refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase

from accounts.access import Rule, check_team, stamp
from accounts.permissions import teams_with
from icm.http import whole_number
from tracker.models import TrackerRow

View = Callable[..., HttpResponseBase]

# A browser's tabs together follow a handful of teams, a locality's Summary some twenty.
MOST_TEAMS = 100
# Made once and without an order, as in `team_view`.
KEPT = TrackerRow.objects.kept().with_case().select_related("team__locality").order_by()


def again(row: TrackerRow) -> TrackerRow:
    """The row as it stands now, with all that its own pages show."""
    return TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)


def teams_view(permission: str) -> Callable[[View], View]:
    """Turns `?teams=4,7` into `teams`, at most `MOST_TEAMS`; 404 where one of them is not theirs to have.

    For what a script keeps open, not for a page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, **kwargs: Any) -> HttpResponseBase:
            asked = request.GET.get("teams", "").split(",")
            ids = {number for text in asked if (number := whole_number(text)) is not None}
            if len(ids) != len(asked) or len(ids) > MOST_TEAMS:
                raise Http404
            teams = list(teams_with(request.user, permission).filter(pk__in=ids))
            if len(teams) != len(ids):
                raise Http404
            return view(request, teams=teams, **kwargs)

        stamp(guarded, Rule("team", permission, page=False))
        return guarded

    return decorate


def row_view(permission: str) -> Callable[[View], View]:
    """Turns `row_id` into `row`, on the tracker or off it: 404 or `Refused` as in `team_view`.

    An erased row is no longer there: 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, row_id: int, **kwargs: Any) -> HttpResponseBase:
            row = next(iter(KEPT.filter(pk=row_id)), None)
            check_team(request, row.team if row else None, permission)
            return view(request, row=row, **kwargs)

        stamp(guarded, Rule("row", permission))
        return guarded

    return decorate
