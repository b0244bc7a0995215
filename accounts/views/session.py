"""How long one's own session still goes on: for the page, which warns in time (signed-in-time.js)."""

from typing import cast

from django.http import JsonResponse
from django.views.decorators.http import require_http_methods

from accounts.access import anyone_signed_in, meanwhile
from accounts.sessions import SessionStore
from icm.http import AuthenticatedRequest


@meanwhile
@anyone_signed_in("one's own session only")
@require_http_methods(["GET", "POST"])
def session(request: AuthenticatedRequest) -> JsonResponse:
    """Seconds until it ends, idle and at the latest. A post says that somebody is there, a GET does not."""
    store = cast(SessionStore, request.session)
    if request.method == "POST":
        store.acted(at_once=True)
    return JsonResponse({"outcome": "signed-in", **store.left()})
