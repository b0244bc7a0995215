"""Signing in and out: allauth's views under our addresses, and the demonstration's list of people."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.views.decorators.http import require_http_methods

from accounts.access import anyone_signed_in, public
from accounts.demo import PASSWORD, shown_people


class SignIn(LoginView):  # type: ignore[misc] # allauth ships no types
    """The sign-in page; in a demonstration it shows whom one can be, and the password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the demonstration's sign-ins."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context |= {"demo_people": shown_people(), "demo_password": PASSWORD}
        return context


form = require_http_methods(["GET", "HEAD", "POST"])
sign_in = public("one signs in here")(form(SignIn.as_view()))
sign_out = anyone_signed_in("one may always leave")(form(LogoutView.as_view()))
