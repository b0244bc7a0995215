"""Localities and teams: made with the groups and permissions that go with them."""

from django.db import transaction

from accounts import audit
from accounts.models import AuditEvent, Locality, Team, User
from accounts.permissions import grant_locality, grant_team


@transaction.atomic
def add_locality(*, name: str, by: User | None) -> Locality:
    """A locality with its read group."""
    locality = Locality.objects.create(name=name)
    grant_locality(locality)
    audit.record(AuditEvent.Kind.PLACES, by=by, purpose="add locality", locality=locality)
    return locality


@transaction.atomic
def add_team(*, name: str, locality: Locality, by: User | None) -> Team:
    """A team with an empty tracker; its groups hold what `roles.py` says from the first moment."""
    team = Team.objects.create(name=name, locality=locality)
    grant_team(team)
    audit.record(AuditEvent.Kind.PLACES, by=by, purpose="add team", team=team)
    return team


def name_contact_officer(*, locality: Locality, officer: User, by: User | None) -> None:
    """Has the officer named on the locality's refusals and help pages."""
    locality.contact_officers.add(officer)
    audit.record(
        AuditEvent.Kind.PLACES,
        by=by,
        purpose="name contact officer",
        locality=locality,
        person=officer.pk,
    )
