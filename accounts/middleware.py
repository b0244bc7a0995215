"""Sign-in first: a page sends to the sign-in page, a script's request is told 401."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from accounts.access import rule_of
from accounts.models import User
from accounts.sessions import SessionStore
from icm.http import drawn_for, from_script, is_an_act

OTHER_PERSON = "Somebody else has signed in in this browser. Nothing was saved."


class SignInRequired(LoginRequiredMiddleware):
    """Django's rule (every view but the marked ones), with an answer that scripts understand."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Remembers what permissions answer while this one request lasts, notes the act, then Django's check.

        409 for a page that was drawn for somebody else, whatever it asks.
        """
        if isinstance(request.user, User):
            request.user.rights_seen = {}
            if drawn_for(request) not in ("", str(request.user.pk)):
                return JsonResponse({"outcome": "other-person", "message": OTHER_PERSON}, status=409)
            if isinstance(request.session, SessionStore) and is_an_act(request, view_func):
                request.session.acted()
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> Any:
        """401 in words for a script, the sign-in page for a person."""
        rule = rule_of(view_func)
        if from_script(request) or (rule and not rule.page):
            return JsonResponse(
                {
                    "outcome": "signed-out",
                    "message": "You are signed out. Sign in again; what you typed is kept.",
                },
                status=401,
            )
        return super().handle_no_permission(request, view_func)
