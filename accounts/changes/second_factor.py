"""Takes a person's second factor away, for whoever has lost phone and recovery codes."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.changes.notices import tell
from accounts.changes.sessions import end_all_sessions
from accounts.models import AuditEvent, User
from accounts.permissions import require_global

NOT_ONESELF = "Nobody resets their own: set up another phone on your page “Signing in”."


@transaction.atomic
def reset_second_factor(*, person: User, by: User | None) -> None:
    """Ends it, the recovery codes and every session; the person is told. Raises ValidationError for oneself.

    `by` is None for an operator at the command line.
    """
    if by:
        require_global(by, "manage_people")
        if by == person:
            raise ValidationError(NOT_ONESELF)
    Authenticator.objects.filter(user=person).delete()
    end_all_sessions(person=person, by=by)
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="reset second factor", person=person.pk)
    who = by.name if by else "The operator"
    tell(
        person,
        f"{who} has reset your second factor. If you did not ask for it, tell a performance officer at once.",
        address=reverse("signing_in"),
    )
