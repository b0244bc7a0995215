"""The demonstration's people: their addresses and the one password, shown on the sign-in page when DEMO=1.

They are written by accounts/changes/demonstration.py.
"""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser

from accounts.models import Locality, Team, User
from accounts.roles import Role

DEMO_DOMAIN = "@demo.example"
PASSWORD = "three-random-words"  # noqa: S105 - shown on the page; refused wherever DEMO is off
REAL_PEOPLE = (
    "This database holds people outside @demo.example: invented cases may not be mixed with real ones."
)
SHOWN_LOCALITIES = ("Amber Valley", "Bolsover")


@dataclass(frozen=True)
class DemoPerson:
    """One line of the sign-in page."""

    role: str
    locality: str
    email: str


@dataclass(frozen=True)
class DemoMember:
    """A person to be made, with one membership. No teams: the whole of the locality."""

    email: str
    name: str
    role: Role
    locality: Locality
    teams: tuple[Team, ...] = ()


def is_demo(user: AbstractBaseUser) -> bool:
    """Whether this is one of the demonstration council's people."""
    return isinstance(user, User) and user.email.endswith(DEMO_DOMAIN)


def demo_email(role: Role, place: str) -> str:
    """`<role>.<place>@demo.example`, where the place is a locality or a team."""
    return f"{role}.{place.lower().replace(' ', '-')}{DEMO_DOMAIN}"


def shown_people() -> list[DemoPerson]:
    """One person per role and two localities, as far as the demonstration council is loaded."""
    people = [
        DemoPerson(str(role.label), locality, demo_email(role, locality))
        for locality in SHOWN_LOCALITIES
        for role in Role
    ]
    there = set(User.objects.filter(email__in=[one.email for one in people]).values_list("email", flat=True))
    return [one for one in people if one.email in there]


def real_people() -> bool:
    """Whether the database is somebody's own: the demonstration must stay out of it.

    Whoever is added where the demonstration's people are is one who tries it out.
    """
    return User.objects.exists() and not invented_people()


def invented_people() -> bool:
    """Whether anybody of the demonstration is there."""
    return User.objects.filter(email__endswith=DEMO_DOMAIN).exists()
