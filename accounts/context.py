"""What every page's frame shows: council, switcher, who is signed in."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts import second_factor
from accounts.models import Team, User
from accounts.permissions import may, teams_with
from accounts.sessions import NOTED_EVERY, SIGNED_IN_AT, SessionStore
from icm.http import AuthenticatedRequest

# More than this help nobody to find one.
TEAMS_LISTED = 200


def page(request: HttpRequest) -> dict[str, Any]:
    """For the base template; `places` costs its one statement only where the switcher is drawn."""
    user = request.user if hasattr(request, "user") else None
    return {
        "council_name": settings.COUNCIL_NAME,
        "dashboard_url": settings.DASHBOARD_URL,
        "demo": settings.DEMO,
        "session_times": session_times(request) if isinstance(user, User) else None,
        "places": (lambda: places_near(cast(AuthenticatedRequest, request)))
        if isinstance(user, User)
        else Places([]),
    }


def session_times(request: HttpRequest) -> dict[str, int | str] | None:
    """How many seconds the page need not ask about its session, and its last moment if known."""
    if not isinstance(request.session, SessionStore):
        return None
    ends = int(request.session.ends_at.timestamp()) if SIGNED_IN_AT in request.session else ""
    return {"idle": settings.SESSION_IDLE_AGE - NOTED_EVERY, "ends": ends}


@dataclass(frozen=True)
class Places:
    """The teams that the switcher lists; `more`: there are others, which home lists."""

    teams: list[Team]
    more: bool = False


def places_near(request: AuthenticatedRequest) -> Places:
    """All teams of the person; of one who has very many, those of the page's own locality.

    Nothing for who must set up a second factor first.
    """
    if second_factor.missing(request):
        return Places([])
    mine = my_teams(request.user)
    # Without an order nobody waits until all of very many are found.
    some = list(mine.order_by()[: TEAMS_LISTED + 1])
    if len(some) <= TEAMS_LISTED:
        return Places(sorted(some, key=lambda team: (team.locality.name, team.name)))
    named = request.resolver_match.kwargs if request.resolver_match else {}
    here = Q(locality=named.get("locality_id")) | Q(locality__teams=named.get("team_id"))
    return Places(list(mine.filter(here).distinct()), more=True)


def my_teams(user: User) -> QuerySet[Team]:
    """The teams that work and whose tracker the person may see, by locality and name."""
    mine = teams_with(user, "view_tracker").filter(closed_at=None).select_related("locality")
    if may(user, "view_council"):
        return mine
    # Nobody else reaches beyond the localities of their access: all other teams need not be asked.
    return mine.filter(locality__in=user.memberships.values("locality"))
