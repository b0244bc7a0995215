"""What every page's frame shows: council, switcher, who is signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Team, User
from accounts.permissions import teams_with


def page(request: HttpRequest) -> dict[str, Any]:
    """For the base template; `places` costs its one statement only where the switcher is drawn."""
    user = request.user if hasattr(request, "user") else None
    return {
        "council_name": settings.COUNCIL_NAME,
        "dashboard_url": settings.DASHBOARD_URL,
        "demo": settings.DEMO,
        "places": (lambda: list(my_teams(user))) if isinstance(user, User) else (),
    }


def my_teams(user: User) -> list[Team]:
    """The teams that work and whose tracker the person may see, by locality and name."""
    return list(teams_with(user, "view_tracker").filter(closed_at=None).select_related("locality"))
