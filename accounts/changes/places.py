"""Localities and teams: made with the groups and permissions that go with them.

Moving or closing a team moves rows: that is in tracker/changes/places.py.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent, Locality, Team, User
from accounts.permissions import grant_locality, grant_teams, may, require_global


@transaction.atomic
def add_locality(*, name: str, by: User | None) -> Locality:
    """A locality with its read group. Raises ValidationError for a name that is taken."""
    _check(by)
    locality = Locality.objects.create(name=_free(Locality, name))
    grant_locality(locality)
    audit.record(AuditEvent.Kind.PLACES, by=by, purpose="add locality", locality=locality)
    return locality


def add_team(*, name: str, locality: Locality, by: User | None) -> Team:
    """A team with an empty tracker; its groups hold what `roles.py` says from the first moment.

    Raises ValidationError for a name that is taken.
    """
    return add_teams(names=[name], locality=locality, by=by)[0]


@transaction.atomic
def add_teams(*, names: Sequence[str], locality: Locality, by: User | None) -> list[Team]:
    """Several of them in one go, under names of which no two are the same."""
    _check(by)
    teams = Team.objects.bulk_create(Team(name=_free(Team, name), locality=locality) for name in names)
    grant_teams(teams)
    for team in teams:
        audit.record(AuditEvent.Kind.PLACES, by=by, purpose="add team", team=team)
    return teams


@transaction.atomic
def rename_place(*, place: Locality | Team, name: str, by: User) -> None:
    """Another name for the same place. Raises ValidationError for one that is taken."""
    _check(by)
    before, place.name = place.name, _free(type(place), name, place.pk)
    place.save(update_fields=["name"])
    where = {"team": place} if isinstance(place, Team) else {"locality": place}
    audit.record(AuditEvent.Kind.PLACES, by=by, purpose="rename", old=before, new=place.name, **where)


@transaction.atomic
def name_contact_officer(*, locality: Locality, officer: User, by: User | None) -> None:
    """Has the officer named on the locality's refusals and help pages. Raises ValidationError for others."""
    _check(by)
    if not may(officer, "manage_people"):
        raise ValidationError({"officer": "Only a performance officer can be a contact officer."})
    locality.contact_officers.add(officer)
    _contacts("name contact officer", locality, officer, by)


@transaction.atomic
def drop_contact_officer(*, locality: Locality, officer: User, by: User) -> None:
    """Has the officer no longer named there; with none, all performance officers are."""
    _check(by)
    locality.contact_officers.remove(officer)
    _contacts("drop contact officer", locality, officer, by)


def _contacts(purpose: str, locality: Locality, officer: User, by: User | None) -> None:
    audit.record(AuditEvent.Kind.PLACES, by=by, purpose=purpose, locality=locality, person=officer.pk)


def _check(by: User | None) -> None:
    if by:
        require_global(by, "manage_places")


def _free(kind: type[Locality] | type[Team], name: str, own: int = 0) -> str:
    """The name without spaces around it, if no other place of the kind has it in any letter case."""
    name = " ".join(name.split())
    if kind._default_manager.filter(name__iexact=name).exclude(pk=own).exists():
        raise ValidationError({"name": f"There is a {kind._meta.verbose_name} “{name}” already."})
    return name
