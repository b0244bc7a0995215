"""The demonstration's people: their addresses and the one password, shown on the sign-in page when DEMO=1."""

from dataclasses import dataclass

from accounts.models import User
from accounts.roles import Role

PASSWORD = "three-random-words"  # noqa: S105 - shown on the page; refused wherever DEMO is off
SHOWN_LOCALITIES = ("Amber Valley", "Bolsover")


@dataclass(frozen=True)
class DemoPerson:
    """One line of the sign-in page."""

    role: str
    locality: str
    email: str


def demo_email(role: Role, locality: str) -> str:
    """`<role>.<locality>@demo.example`."""
    return f"{role}.{locality.lower().replace(' ', '-')}@demo.example"


def shown_people() -> list[DemoPerson]:
    """One person per role and two localities, as far as the demonstration council is loaded."""
    people = [
        DemoPerson(str(role.label), locality, demo_email(role, locality))
        for locality in SHOWN_LOCALITIES
        for role in Role
    ]
    there = set(
        User.objects.filter(email__in=[one.email for one in people]).values_list("email", flat=True)
    )
    return [one for one in people if one.email in there]
