"""What every page's frame shows: council, switcher, who is signed in."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from accounts import second_factor
from accounts.models import Team, User
from accounts.permissions import teams_with
from icm.http import AuthenticatedRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """For the base template; `places` costs its one statement only where the switcher is drawn."""
    user = request.user if hasattr(request, "user") else None
    return {
        "council_name": settings.COUNCIL_NAME,
        "dashboard_url": settings.DASHBOARD_URL,
        "demo": settings.DEMO,
        "places": (lambda: my_places(cast(AuthenticatedRequest, request))) if isinstance(user, User) else (),
    }


def my_places(request: AuthenticatedRequest) -> list[Team]:
    """What the switcher lists: nothing for who must set up a second factor first."""
    return [] if second_factor.missing(request) else my_teams(request.user)


def my_teams(user: User) -> list[Team]:
    """The teams that work and whose tracker the person may see, by locality and name."""
    return list(teams_with(user, "view_tracker").filter(closed_at=None).select_related("locality"))
