"""What views share about requests: who asks, and whether our script or a plain form does."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import User


class AuthenticatedRequest(HttpRequest):
    """A request behind sign-in: `user` is a person, never anonymous."""

    user: "User"


def drawn_for(request: HttpRequest) -> str:
    """The number of the person for whom the asking page was drawn; empty where it does not say.

    Somebody else may have signed in in the same browser since: nothing the first one typed is taken then.
    """
    return request.headers.get("X-ICM-Person") or request.GET.get("person", "")


def from_script(request: HttpRequest) -> bool:
    """Whether our own script asks (it sends `X-ICM: script`) and wants a fragment or JSON, not a page."""
    return request.headers.get("X-ICM") == "script"
