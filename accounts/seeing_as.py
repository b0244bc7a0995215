"""A performance officer sees what another person sees: the session remembers whom, the middleware swaps them.

Nothing can be written meanwhile, and the log names the officer (specs: permissions, matrix).
"""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.models import AuditEvent, User
from accounts.permissions import may
from icm.http import AuthenticatedRequest

KEY = "seen as"
SAFE = {"GET", "HEAD", "OPTIONS"}
# What may be posted meanwhile: going back to oneself, leaving, that somebody is there and where, which no
# record keeps, and what was typed to look at a tracker with or to find a case (ADR 0047).
CHANGES_NOTHING = {"view_as_end", "account_logout", "session", "presence", "tracker", "look", "find"}
# What shows or makes a secret of the person's own sign-in: nobody else reads it, whatever they see as them.
THEIRS_ALONE = {
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}


class ReadOnly(PermissionDenied):
    """Somebody sees as another person, and tried to change something."""

    message = "You are seeing this as another person: nothing can be changed. Go back to yourself first."


class TheirsAlone(ReadOnly):
    """Somebody sees as another person, and asked for what that person alone may see."""

    message = "You are seeing this as another person, whose codes for signing in are theirs alone."


def begin(request: AuthenticatedRequest, person: User) -> None:
    """From the next request on. Raises ValidationError for oneself and for other officers."""
    if person == request.user or may(person, "manage_people"):
        raise ValidationError("One can see as somebody who is not a performance officer.")
    request.session[KEY] = person.pk
    audit.record(
        AuditEvent.Kind.ACCESS, by=request.user, purpose="view as", request=request, person=person.pk
    )


def end(request: AuthenticatedRequest) -> int | None:
    """Back to oneself; the number of the person one saw as, if one did."""
    person_id: int | None = request.session.pop(KEY, None)
    if person_id:
        audit.record(
            AuditEvent.Kind.ACCESS,
            by=request.user,
            purpose="view as ended",
            request=request,
            person=person_id,
        )
    return person_id


class SeeingAs:
    """Puts the seen person in the officer's place, who stays at hand as `seen_by`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person_id = request.session.get(KEY)
        if person_id and isinstance(request.user, User):
            self._swap(request, request.user, person_id)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Refuses whatever could change something, and the seen person's secrets."""
        if not isinstance(request.user, User) or request.user.seen_by is None:
            return
        name = request.resolver_match.url_name if request.resolver_match else None
        if request.method not in SAFE and name not in CHANGES_NOTHING:
            raise ReadOnly(ReadOnly.message)
        if name in THEIRS_ALONE:
            raise TheirsAlone(TheirsAlone.message)

    def _swap(self, request: HttpRequest, officer: User, person_id: int) -> None:
        person = User.objects.filter(pk=person_id, is_active=True).first()
        # Asked anew each time: an officer who is one no longer sees as themselves again.
        if person is None or not may(officer, "manage_people"):
            del request.session[KEY]
            return
        person.seen_by = officer
        request.user = person
