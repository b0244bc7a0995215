"""A person's page about their own signing in: the second factor, and where they are signed in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import anyone_signed_in
from accounts.browsers import sessions_of
from accounts.changes.sessions import end_all_sessions, end_session
from accounts.second_factor import app_of, recovery_codes_left, required_of
from icm.http import AuthenticatedRequest

OWN = "one's own sessions only"


@anyone_signed_in(OWN)
@require_safe
def signing_in(request: AuthenticatedRequest) -> HttpResponse:
    """What there is, and the buttons that change it."""
    context = {
        "app": app_of(request.user),
        "codes_left": recovery_codes_left(request.user),
        "required": required_of(request.user),
        "browsers": sessions_of(request.user, this=request.session.session_key, now=timezone.now()),
    }
    return render(request, "account/signing_in.html", context)


@anyone_signed_in(OWN)
@require_POST
def sessions_end(request: AuthenticatedRequest) -> HttpResponse:
    """Signs out in one other browser, or everywhere, here too."""
    if "everywhere" in request.POST:
        end_all_sessions(person=request.user, by=request.user)
        request.session.flush()
        messages.success(request, "You are signed out everywhere.")
        return redirect("account_login")
    asked = request.POST.get("session", "")
    others = sessions_of(request.user, this=request.session.session_key, now=timezone.now())
    found = next((one for one in others if one.number == asked and not one.here), None)
    if found:
        end_session(session=found.session, by=request.user)
    messages.success(request, "That browser is signed out.")
    return redirect("signing_in")
