"""Writes the demonstration's people. Real ones are added by people.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max

from accounts.changes.people import add_membership, add_person, raise_access_version
from accounts.changes.places import add_locality, add_teams, name_contact_officer
from accounts.demo import DEMO_DOMAIN, PASSWORD, DemoMember, demo_email
from accounts.models import Locality, Membership, User
from accounts.roles import Role

STAND_IN_DAYS = 28


@transaction.atomic
def add_members(members: Sequence[DemoMember], *, password: str, since: date, today: date) -> dict[str, User]:
    """Makes the people with their memberships; officers become contact officers of their locality.

    Answers with them by e-mail. `password` comes out of `hashed_password`; `since` lies before
    everything they are going to have written.
    """
    people = {}
    for member in members:
        person = add_person(email=member.email, name=member.name, by=None)
        _add_membership(person, member, since, today)
        people[person.email] = person
    User.objects.filter(pk__in=[person.pk for person in people.values()]).update(password=password)
    return people


@dataclass(frozen=True)
class Twin:
    """A locality made like one that was told: its teams and people, by the numbers of the told ones."""

    told: Locality
    locality: Locality
    teams: dict[int, int]
    people: dict[int, int]


@transaction.atomic
def add_twin(told: Locality, *, name: str) -> Twin:
    """A locality under another name with the same teams, and as many people whose access names it.

    They bear the same names: what was written by the one's is written by the other's.
    """
    theirs, locality = list(told.teams.all()), add_locality(name=name, by=None)
    names = [name + team.name.removeprefix(told.name) for team in theirs]
    ours = add_teams(names=names, locality=locality, by=None)
    memberships = list(Membership.objects.filter(locality=told, teams=None).select_related("person"))
    people = User.objects.bulk_create(
        User(email=demo_email(Role(one.role), name), name=one.person.name, password=one.person.password)
        for one in memberships
    )
    Membership.objects.bulk_create(
        Membership(person=person, role=one.role, locality=locality, since=one.since, until=one.until)
        for one, person in zip(memberships, people, strict=True)
    )
    raise_access_version()
    return Twin(
        told,
        locality,
        {one.pk: team.pk for one, team in zip(theirs, ours, strict=True)},
        {one.person_id: person.pk for one, person in zip(memberships, people, strict=True)},
    )


def hashed_password() -> str:
    """The one password as it is stored. Hashing takes a good part of a second: do it once for all."""
    return make_password(PASSWORD)


def _add_membership(person: User, member: DemoMember, since: date, today: date) -> None:
    everywhere = member.role == Role.PERFORMANCE_OFFICER
    stands_in = member.role == Role.STAND_IN
    add_membership(
        person=person,
        role=member.role,
        locality=None if everywhere else member.locality,
        teams=member.teams,
        since=today if stands_in else since,
        until=today + timedelta(days=STAND_IN_DAYS) if stands_in else None,
        by=None,
    )
    if everywhere:
        name_contact_officer(locality=member.locality, officer=person, by=None)


def renew_stand_ins(*, today: date) -> int:
    """Gives each stand-in whose last day has passed a new membership; answers how many.

    One that somebody has ended by hand stays ended.
    """
    over = (
        User.objects.filter(email__startswith=f"{Role.STAND_IN}.", email__endswith=DEMO_DOMAIN)
        .annotate(last=Max("memberships__until"))
        .filter(last__lt=today)
    )
    memberships = Membership.objects.filter(person__in=over, role=Role.STAND_IN)
    latest = {
        old.person_id: old for old in memberships.select_related("person", "locality").order_by("until")
    }
    due = [old for old in latest.values() if old.ended_at is None]
    for old in due:
        add_membership(
            person=old.person,
            role=Role.STAND_IN,
            locality=old.locality,
            teams=list(old.teams.all()),
            since=today,
            until=today + timedelta(days=STAND_IN_DAYS),
            by=None,
        )
    return len(due)
