"""Pages for people who cannot sign in yet or no longer: set a password by a link, ask for that link."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.changes.invitations import send_reset, set_password
from accounts.forms.invitations import PasswordForm, ResetForm
from accounts.links import invited_by


@public("whoever has forgotten the password asks for a link here; known and unknown are answered alike")
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Sends a link to the address if somebody has it; the page says the same either way."""
    form = ResetForm(request.POST if request.method == "POST" else None)
    asked = bool(settings.EMAIL_HOST) and form.is_valid()
    # Who asks too often is answered alike, and nothing goes out.
    if asked and ratelimit.consume(
        request, action="reset_password", key=form.cleaned_data["email"].casefold()
    ):
        send_reset(form.cleaned_data["email"], request)
    context = {"form": form, "asked": asked, "mail": bool(settings.EMAIL_HOST)}
    return render(request, "account/reset.html", context, status=422 if form.errors else 200)


@public("carries an unguessable key that one person got, good once and for 7 days")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation: str) -> HttpResponse:
    """Sets the password; looking at the page uses nothing up (mail programs look)."""
    person = invited_by(invitation)
    if person is None:
        return render(request, "account/invitation_over.html", status=404)
    form = PasswordForm(request.POST if request.method == "POST" else None, person=person)
    if form.is_valid():
        if set_password(key=invitation, password=form.cleaned_data["password"]) is None:
            return render(request, "account/invitation_over.html", status=404)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    context = {"form": form, "person": person}
    return render(request, "account/invitation.html", context, status=422 if form.is_bound else 200)
