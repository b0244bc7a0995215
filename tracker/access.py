"""From an id in the address to a team or row that this person may have, or the refusal."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase

from accounts.access import Rule, stamp
from accounts.models import Team
from accounts.permissions import Refused, rights, teams_with
from tracker.models import TrackerRow

View = Callable[..., HttpResponseBase]


def team_view(permission: str) -> Callable[[View], View]:
    """Turns `team_id` into `team`: 404 where it is not theirs to see, `Refused` without the permission."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, team_id: int, **kwargs: Any) -> HttpResponseBase:
            seen = teams_with(request.user, "view_tracker")
            team = seen.filter(pk=team_id).select_related("locality").first()
            if team is None:
                raise Http404
            _check(request, team, permission)
            return view(request, team=team, **kwargs)

        stamp(guarded, Rule("team", permission))
        return guarded

    return decorate


def row_view(permission: str) -> Callable[[View], View]:
    """Turns `row_id` into `row`, in whatever state it is: 404 or `Refused` as in `team_view`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, row_id: int, **kwargs: Any) -> HttpResponseBase:
            seen = TrackerRow.objects.visible_to(request.user).with_all()
            row = seen.select_related("team__locality").filter(pk=row_id).first()
            if row is None:
                raise Http404
            _check(request, row.team, permission)
            return view(request, row=row, **kwargs)

        stamp(guarded, Rule("row", permission))
        return guarded

    return decorate


def _check(request: Any, team: Team, permission: str) -> None:
    if permission != "view_tracker" and permission not in rights(request.user, team):
        raise Refused(permission, team)
