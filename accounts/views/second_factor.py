"""The second factor: asked for when signing in, set up, ended. allauth's views in our pages."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import anyone_signed_in, council_view, meanwhile, public
from accounts.changes.second_factor import reset_second_factor
from accounts.models import AuditEvent, User
from accounts.second_factor import passed, picture_of, required_of
from accounts.sessions import PASSED
from icm.http import AuthenticatedRequest, from_script

OWN = "one's own second factor only"


class Code(AuthenticateView):  # type: ignore[misc] # allauth ships no types
    """The second step of signing in; for a script the form alone, as in `SignIn`."""

    def get_template_names(self) -> list[str]:
        """The form alone for a script."""
        return ["account/_code.html" if from_script(self.request) else "account/code.html"]

    def form_valid(self, form: Any) -> HttpResponse:
        """Signs the person in; that a recovery code is used up stands in the log."""
        answer: HttpResponse = super().form_valid(form)
        person = form.user
        passed(self.request, person)
        if form.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            logged(self.request, "use recovery code", person)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Leaves an entry that names the person, and never the code."""
        audit.record(
            AuditEvent.Kind.SIGN_IN_FAILED, by=form.user, purpose="sign in, code", request=self.request
        )
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer


class SetUp(ActivateTOTPView):  # type: ignore[misc] # allauth ships no types
    """A QR code and the secret in letters; it counts once the app's first code was right."""

    template_name = "account/second_factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the picture, and whether the person must have one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {
            "picture": picture_of(context["totp_url"]),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "required": required_of(self.request.user),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        """From now on a code is asked for; this session has just given one."""
        answer: HttpResponse = super().form_valid(form)
        passed(self.request, self.request.user)
        logged(self.request, "set second factor", self.request.user)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same secret again, with what is wrong."""
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer


class End(DeactivateTOTPView):  # type: ignore[misc] # allauth ships no types
    """Asks once, then ends the app and its recovery codes."""

    template_name = "account/second_factor_end.html"
    success_url = reverse_lazy("signing_in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether the person must have one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"required": required_of(self.request.user)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Whoever must have one is led to set up the next."""
        answer: HttpResponse = super().form_valid(form)
        self.request.session.pop(PASSED, None)
        logged(self.request, "end second factor", self.request.user)
        messages.success(self.request, "No code is asked for any more.")
        return answer


class Codes(ViewRecoveryCodesView):  # type: ignore[misc] # allauth ships no types
    """The recovery codes that are not used up."""

    template_name = "account/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds them as a text to copy."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"in_lines": "\n".join(context["unused_codes"])}


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc] # allauth ships no types
    """Ten new recovery codes; the ones before open nothing any more."""

    template_name = "account/recovery_codes_new.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Shows them."""
        answer: HttpResponse = super().form_valid(form)
        logged(self.request, "new recovery codes", self.request.user)
        return answer


class Again(ReauthenticateView):  # type: ignore[misc] # allauth ships no types
    """The password once more, where signing in was a while ago and the second factor is to change."""

    template_name = "account/again.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Leaves an entry, as at signing in."""
        audit.record(
            AuditEvent.Kind.SIGN_IN_FAILED,
            by=self.request.user,
            purpose="password again",
            request=self.request,
        )
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer


def logged(request: AuthenticatedRequest, purpose: str, person: User) -> None:
    """One entry about the person's own second factor."""
    audit.record(AuditEvent.Kind.ACCESS, by=person, purpose=purpose, request=request, person=person.pk)


a_form = require_http_methods(["GET", "HEAD", "POST"])
code = public("the second step of signing in: who has not given the password is sent to the first")(
    a_form(Code.as_view())
)
second_factor = meanwhile(anyone_signed_in(OWN)(a_form(SetUp.as_view())))
second_factor_end = anyone_signed_in(OWN)(a_form(End.as_view()))
recovery_codes = anyone_signed_in(OWN)(require_http_methods(["GET", "HEAD"])(Codes.as_view()))
recovery_codes_new = anyone_signed_in(OWN)(a_form(NewCodes.as_view()))
again = meanwhile(anyone_signed_in("confirms who one is, nothing more")(a_form(Again.as_view())))


@council_view("manage_people")
@require_POST
def person_second_factor(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """Takes away what somebody has lost; they are signed out everywhere and sign in with their password."""
    someone = get_object_or_404(User, pk=person_id)
    try:
        reset_second_factor(person=someone, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(
            request, f"The second factor of {someone.name} is reset. They are signed out everywhere."
        )
    return redirect("person", person_id=someone.pk)
