"""Stand-ins: approved by performance officers, named by team managers for at most 28 days."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.changes.notices import tell
from accounts.changes.people import give
from accounts.models import AuditEvent, Locality, Membership, StandInApproval, Team, User
from accounts.permissions import may, officers_of, require, require_global
from accounts.roles import Role

# specs: permissions, "28 days unless set": the longest that a team manager may name somebody for.
DAYS = 28


@transaction.atomic
def approve_stand_in(*, person: User, locality: Locality, by: User) -> StandInApproval:
    """Lets the locality's team managers name this person. Repeatable."""
    require_global(by, "manage_people")
    approval, new = StandInApproval.objects.get_or_create(
        person=person, locality=locality, defaults={"by": by}
    )
    if new:
        audit.record(
            AuditEvent.Kind.ACCESS, by=by, purpose="approve stand-in", locality=locality, person=person.pk
        )
    return approval


@transaction.atomic
def withdraw_approval(*, approval: StandInApproval, by: User) -> None:
    """The person can no longer be named; a time that is under way goes on to its last day."""
    require_global(by, "manage_people")
    approval.delete()
    audit.record(
        AuditEvent.Kind.ACCESS,
        by=by,
        purpose="withdraw stand-in approval",
        locality=approval.locality,
        person=approval.person_id,
    )


@transaction.atomic
def name_stand_in(
    *, person: User, team: Team, since: date, until: date, by: User, today: date, reason: str = ""
) -> Membership:
    """Makes an approved person the team's stand-in from day to day, both included; officers are told.

    Raises ValidationError for dates that do not fit or somebody who is not approved.
    """
    require(by, team, "name_stand_in")
    if not StandInApproval.objects.filter(
        person=person, locality=team.locality_id, person__is_active=True
    ).exists():
        raise ValidationError({"person": "A performance officer must approve this person first."})
    if since < today:
        raise ValidationError({"since": "The first day has passed already."})
    # An officer may name somebody for longer: it is theirs to answer for.
    if not may(by, "manage_people") and until > since + timedelta(days=DAYS - 1):
        raise ValidationError({"until": f"At most {DAYS} days. A performance officer can give more."})
    if person == by:
        raise ValidationError({"person": "Name somebody else: you have access yourself."})
    membership = give(
        person=person,
        role=Role.STAND_IN,
        by=by,
        locality=team.locality,
        teams=[team],
        since=since,
        until=until,
        reason=reason,
    )
    days = f"{since:%d/%m/%y} to {until:%d/%m/%y}"
    for officer in officers_of(team.locality):
        if officer != by:
            tell(
                officer,
                f"{by.name} named {person.name} as stand-in of {team}, {days}.",
                address=reverse("person", args=[person.pk]),
            )
    tell(
        person,
        f"{by.name} named you as stand-in of {team}, {days}.",
        address=reverse("tracker", args=[team.pk]),
    )
    return membership
