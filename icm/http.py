"""What views share about requests: who asks, and whether our script or a plain form does."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request behind sign-in: `user` is a person, never anonymous."""

    user: "User"


def from_script(request: HttpRequest) -> bool:
    """Whether our own script asks (it sends `X-ICM: script`) and wants a fragment or JSON, not a page."""
    return request.headers.get("X-ICM") == "script"
