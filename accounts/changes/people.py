"""People and their memberships. Every change raises the access version, which open pages watch.

`by` is None for an operator at the command line, who signs in to the machine and not here.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.models import AccessVersion, AuditEvent, Locality, Membership, Team, User
from accounts.permissions import require_global
from accounts.roles import Role


class Listed(Protocol):
    """One line of a list of people: who is to be given what."""

    @property
    def number(self) -> int: ...

    @property
    def email(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def access(self) -> dict[str, Any] | None: ...


NOT_ONESELF = "Nobody changes their own access: ask another performance officer."
ENDED = "Somebody has ended or changed this access meanwhile: look at the person's page again."
KNOWN = "Somebody with this e-mail address is there already."


@transaction.atomic
def add_person(*, email: str, name: str, by: User | None, password: str | None = None) -> User:
    """A person without any membership: signed in, they see whom to ask. Raises ValidationError."""
    if by:
        require_global(by, "manage_people")
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise ValidationError({"email": KNOWN})
    person = User.objects.create_user(email, name, password)
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="add person", person=person.pk)
    return person


@transaction.atomic
def add_with_access(*, email: str, name: str, by: User, **access: Any) -> User:
    """A new person with their first role; `access` is what `add_membership` takes. Raises ValidationError."""
    person = add_person(email=email, name=name, by=by)
    add_membership(person=person, by=by, **access)
    return person


@transaction.atomic
def add_many(*, lines: Iterable[Listed], by: User) -> int:
    """Gives everybody on the list their role, new people and known ones; answers how many are new.

    All of them or, where one is refused, none: raises ValidationError that names the line.
    """
    new = 0
    for line in lines:
        try:
            person = User.objects.filter(email=line.email).first()
            if person is None:
                person = add_person(email=line.email, name=line.name, by=by)
                new += 1
            add_membership(person=person, by=by, **(line.access or {}))
        except ValidationError as refused:
            raise ValidationError(f"Line {line.number}: {refused.messages[0]}") from None
    return new


@transaction.atomic
def rename_person(*, person: User, name: str, by: User) -> None:
    """Writes the name as it is said today; entries of the past keep the name of then."""
    require_global(by, "manage_people")
    person.name = name.strip()
    person.save(update_fields=["name"])
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="rename person", person=person.pk)


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

    Raises ValidationError where the role, its place and its dates do not fit together, or for oneself.
    """
    _check(person, by)
    return give(
        person=person,
        role=role,
        by=by,
        locality=locality,
        teams=teams,
        since=since,
        until=until,
        reason=reason,
    )


def give(
    *,
    person: User,
    role: Role,
    by: User | None,
    locality: Locality | None,
    teams: Sequence[Team],
    since: date | None,
    until: date | None,
    reason: str,
) -> Membership:
    """Writes a membership whose giver has been asked for their right already, within their transaction."""
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
def change_membership(
    *,
    membership: Membership,
    role: Role,
    locality: Locality | None,
    teams: Sequence[Team],
    until: date | None,
    by: User,
    reason: str = "",
) -> Membership:
    """Ends it now and gives what takes its place, so that who could see what stays on record.

    Raises ValidationError as `add_membership` does, and for one that has ended meanwhile.
    """
    _check(membership.person, by)
    if not _end(membership, by):
        raise ValidationError(ENDED)
    return add_membership(
        person=membership.person,
        role=role,
        locality=locality,
        teams=teams,
        since=max(membership.since, timezone.localdate()),
        until=until,
        by=by,
        reason=reason,
    )


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None) -> None:
    """Ends it at once, whatever its last day was. One that has ended stays as it ended."""
    _check(membership.person, by)
    _end(membership, by)


def take_along(*, team: Team, by: User) -> int:
    """Gives those whose access names the team the same in the locality to which it has gone; how many.

    Their other teams stay with them. In the transaction of whoever moved the team.
    """
    held = Membership.objects.filter(teams=team, ended_at=None).exclude(until__lt=timezone.localdate())
    moved = list(held.select_related("person", "locality").prefetch_related("teams"))
    for old in moved:
        _end(old, by)
        same: dict[str, Any] = {
            "person": old.person,
            "role": Role(old.role),
            "since": max(old.since, timezone.localdate()),
            "until": old.until,
            "by": by,
            "reason": f"{team} moved to {team.locality}",
        }
        if others := [one for one in old.teams.all() if one != team]:
            give(locality=old.locality, teams=others, **same)
        give(locality=team.locality, teams=[team], **same)
    return len(moved)


def _end(membership: Membership, by: User | None) -> bool:
    """Whether it ended now: the database says, for another may have ended it since it was read."""
    now = timezone.now()
    if not Membership.objects.filter(pk=membership.pk, ended_at=None).update(ended_at=now):
        return False
    membership.ended_at = now
    _changed("end membership", membership, by)
    return True


@transaction.atomic
def end_access(*, person: User, by: User) -> None:
    """The person has left: all memberships end, their sessions with them, and they cannot sign in again."""
    _check(person, by)
    for membership in person.memberships.filter(ended_at=None).select_related("locality"):
        end_membership(membership=membership, by=by)
    person.stand_in_approvals.all().delete()
    person.is_active = False
    # A new unusable password ends every session, also for the day on which they come back.
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    raise_access_version()
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="end access", person=person.pk)


@transaction.atomic
def let_back_in(*, person: User, by: User) -> None:
    """The person is back: they may sign in by a new invitation; what they may do is given anew."""
    _check(person, by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.record(AuditEvent.Kind.ACCESS, by=by, purpose="let back in", person=person.pk)


def raise_access_version() -> None:
    """Has every open stream and page look again at who may see what."""
    AccessVersion.objects.get_or_create(pk=1)
    AccessVersion.objects.filter(pk=1).update(number=F("number") + 1)


def _check(person: User, by: User | None) -> None:
    if by:
        require_global(by, "manage_people")
        if by == person:
            raise ValidationError(NOT_ONESELF)


def _changed(purpose: str, membership: Membership, by: User | None) -> None:
    raise_access_version()
    audit.record(
        AuditEvent.Kind.ACCESS,
        by=by,
        purpose=purpose,
        locality=membership.locality,
        person=membership.person_id,
        membership=membership.pk,
    )
