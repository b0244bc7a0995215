"""Signing in and out: allauth's views under our addresses, and the demonstration's list of people."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import anyone_signed_in, meanwhile, public
from accounts.demo import PASSWORD, shown_people
from accounts.typed import keep_through, kept
from icm.http import from_script


class SignIn(LoginView):  # type: ignore[misc] # allauth ships no types
    """The sign-in page; in a demonstration it shows whom one can be, and the password.

    A page whose session has ended asks by script, in a box over itself. It gets a form to show (this one; 422
    with what is wrong; the next step's after a redirect), and JSON once its person is signed in. Whoever else
    signs in is in; the page of the one before is told so (409, accounts/middleware.py) and keeps nothing.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tells a script who is signed in already."""
        if from_script(request) and request.user.is_authenticated:
            return JsonResponse({"outcome": "signed-in", "person": request.user.pk})
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: object) -> None:
        """Whoever comes here in the middle of signing in begins anew, perhaps as somebody else."""
        keep_through(request)

    def get_template_names(self) -> list[str]:
        """The form alone for a script."""
        return ["account/_sign_in.html" if from_script(self.request) else self.template_name]

    def get_success_url(self) -> str:
        """Where a page wanted to go; for a script here again, where it is told that it went well."""
        url: str = reverse("account_login") if from_script(self.request) else super().get_success_url()
        return url

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form with what is wrong; a script knows it by the status."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422 if from_script(self.request) else 200
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what is kept, the demonstration's sign-ins, and the council's own where it is set up."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["words_kept"] = kept(self.request)
        if settings.SOCIALACCOUNT_PROVIDERS:
            context |= {"council_account": settings.SSO_NAME, "from_script": from_script(self.request)}
        if settings.DEMO:
            context |= {"demo_people": shown_people(), "demo_password": PASSWORD}
        return context


a_form = require_http_methods(["GET", "HEAD", "POST"])
sign_in = public("one signs in here")(a_form(SignIn.as_view()))
sign_out = meanwhile(anyone_signed_in("one may always leave")(a_form(LogoutView.as_view())))
