"""People and their memberships. Every change raises the access version, which open pages watch."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.models import AccessVersion, AuditEvent, Locality, Membership, Team, User
from accounts.roles import Role


@transaction.atomic
def add_person(*, email: str, name: str, by: User | None, password: str | None = None) -> User:
    """A person without any membership: signed in, they see whom to ask."""
    person = User.objects.create_user(email, name, password)
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="add person", person=person.pk)
    return person


@transaction.atomic
def add_membership(
    *,
    person: User,
    role: Role,
    by: User | None,
    locality: Locality | None = None,
    teams: Sequence[Team] = (),
    since: date | None = None,
    until: date | None = None,
    reason: str = "",
) -> Membership:
    """Gives the role from `since` (today) to `until` (that day included; open-ended without).

    Raises ValidationError where the role, its place and its dates do not fit together.
    """
    membership = Membership(
        person=person,
        role=role,
        locality=locality,
        since=since or timezone.localdate(),
        until=until,
        granted_by=by,
        reason=reason,
    )
    membership.full_clean(exclude=["person", "granted_by"])
    membership.clean_teams(teams)
    membership.save()
    membership.teams.set(teams)
    _changed("add membership", membership, by)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None) -> None:
    """Ends it at once, whatever its last day was."""
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    _changed("end membership", membership, by)


def _changed(purpose: str, membership: Membership, by: User | None) -> None:
    AccessVersion.objects.get_or_create(pk=1)
    AccessVersion.objects.filter(pk=1).update(number=F("number") + 1)
    audit.record(
        AuditEvent.Kind.ACCESS,
        by=by,
        purpose=purpose,
        locality=membership.locality,
        person=membership.person_id,
        membership=membership.pk,
    )
