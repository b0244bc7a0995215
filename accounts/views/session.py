"""How long one's own session still goes on: for the page, which warns in time (signed-in-time.js)."""

from datetime import datetime
from typing import cast

from django.http import JsonResponse
from django.utils import timezone
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
    return JsonResponse(
        {"outcome": "signed-in", "idle": seconds_until(store.idle_at), "whole": seconds_until(store.ends_at)}
    )


def seconds_until(moment: datetime) -> int:
    """Whole seconds from now; none for a moment that has passed."""
    return max(int((moment - timezone.now()).total_seconds()), 0)
