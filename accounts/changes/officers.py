"""The first performance officer, whom no other officer can add: an operator does, at the command line."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.changes.passwords import give_password
from accounts.changes.people import add_membership, add_person
from accounts.links import invitation_key
from accounts.models import AuditEvent, Membership, User
from accounts.roles import Role


@transaction.atomic
def make_officer(*, email: str, name: str, password: str | None = None) -> tuple[User, str]:
    """An operator's way to the first officer: the person, and the path of an invitation without a password.

    Somebody known keeps their name, and their password unless another is given. Raises ValidationError.
    """
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        person = add_person(email=checked_email(email), name=checked_name(name), by=None, password=password)
    elif password:
        give_password(person=person, password=password, by=None)
    if not person.is_active:
        raise ValidationError("This person has left. Name somebody else.")
    held = Membership.objects.active(timezone.localdate()).filter(person=person)
    if not held.filter(role=Role.PERFORMANCE_OFFICER).exists():
        add_membership(
            person=person, role=Role.PERFORMANCE_OFFICER, by=None, reason="Made at the command line"
        )
    if person.has_usable_password():
        return person, ""
    audit.record(AuditEvent.Kind.ACCESS, by=None, purpose="invite", person=person.pk)
    return person, reverse("invitation", args=[invitation_key(person)])


def checked_email(email: str) -> str:
    """The address without spaces around it. Raises ValidationError for what is none."""
    validate_email(email.strip())
    return email.strip()


def checked_name(name: str) -> str:
    """The name without spaces around it. Raises ValidationError for a blank one."""
    if not name.strip():
        raise ValidationError("Say their name too: add_officer EMAIL NAME.")
    return name.strip()
