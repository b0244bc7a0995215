"""Sign-in first: a page sends to the sign-in page, a script's request is told 401."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts import second_factor, typed
from accounts.access import rule_of
from accounts.models import User
from accounts.sessions import SessionStore
from icm.http import AuthenticatedRequest, drawn_for, from_script, is_an_act

SECOND_FACTOR_FIRST = "Set up your second factor first: your role needs one."
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
            if is_closed_for_now(request, view_func):
                return self.second_factor_first(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What had been kept of a form goes when the form was taken."""
        taken = response.status_code < HTTPStatus.BAD_REQUEST
        if request.method == "POST" and taken and isinstance(request.user, User):
            typed.let_go_when_sent(request)
        return response

    def second_factor_first(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """403 in words for a script, the page that sets it up for a person."""
        if asked_by_script(request, view_func):
            return JsonResponse({"outcome": "second-factor", "message": SECOND_FACTOR_FIRST}, status=403)
        return redirect("mfa_activate_totp")

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]) -> Any:
        """401 in words for a script, the sign-in page for a person; what they sent is kept meanwhile."""
        if asked_by_script(request, view_func):
            return JsonResponse(
                {
                    "outcome": "signed-out",
                    "message": "You are signed out. Sign in again; what you typed is kept.",
                },
                status=401,
            )
        if request.method == "POST" and typed.keep(request):
            return redirect_to_login(reverse("typed"))
        return super().handle_no_permission(request, view_func)


def asked_by_script(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> bool:
    """Whether no person reads the answer: a script asks, or for what is no page."""
    rule = rule_of(view)
    return from_script(request) or bool(rule and not rule.page)


def is_closed_for_now(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> bool:
    """Whether the person must first set up a second factor, and this view is not needed for that."""
    rule = rule_of(view)
    if getattr(view, "open_meanwhile", False) or (rule and rule.about == "public"):
        return False
    return second_factor.missing(cast(AuthenticatedRequest, request))
