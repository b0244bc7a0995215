"""Who and what is measured: two teams with their rows, people who edit and people who look."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.changes.people import add_membership, add_person
from accounts.changes.places import add_locality, add_team
from accounts.models import Locality, Team, User
from accounts.roles import Role
from scripts.bench.servers import Server, serving
from tracker.changes.lifecycle import add_case
from tracker.choices import Stage
from tracker.models import Difficulty, Need, TrackerRow
from tracker.values import Cleaned

ROWS, MORE_ROWS = 150, 300
# Enough for many streams: one person may have ten.
EDITORS = 40
# The floor signs in with Django's own backend (floor_settings.py).
FLOOR_BACKEND = "django.contrib.auth.backends.ModelBackend"
TEXT = "Meet with the school and agree who tells the family what happens next"


@dataclass(frozen=True)
class Bench:
    """The council that is measured. `rows` are those of `team`; `bigger` has twice as many."""

    team: Team
    bigger: Team
    rows: tuple[int, ...]
    editors: tuple[User, ...]

    @contextmanager
    def application(self) -> Iterator[Server]:
        """The application as it runs in production, one process."""
        with serving("icm.settings") as server:
            yield server

    @contextmanager
    def floor(self) -> Iterator[Server]:
        """A bare Django on the same server program and database (floor.py)."""
        with serving("scripts.bench.floor_settings") as server:
            yield server


def made() -> Bench:
    """Makes it, through the functions that the application uses."""
    locality = add_locality(name="Bench", by=None)
    team, bigger = (add_team(name=name, locality=locality, by=None) for name in ("Bench 150", "Bench 300"))
    editors = tuple(editor(f"bench{number}", locality, [team, bigger]) for number in range(EDITORS))
    for place, number in ((team, ROWS), (bigger, MORE_ROWS)):
        for one in range(number):
            add_case(team=place, values=first_values(one), by=editors[0])
    rows = TrackerRow.objects.filter(team=team).order_by("pk").values_list("pk", flat=True)
    return Bench(team, bigger, tuple(rows), editors)


def version(row_id: int, field: str) -> int:
    """The version of a cell, against which its next edit is written: other measures may have edited it."""
    return TrackerRow.objects.get(pk=row_id).rev(field)


def session_of(person: User, *, floor: bool = False) -> str:
    """The key of a new session in which the person is signed in, to the application or to the floor."""
    client = Client()
    client.force_login(person, backend=FLOOR_BACKEND if floor else None)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def editor(name: str, locality: Locality, teams: list[Team]) -> User:
    """Somebody who may write on these trackers."""
    person = add_person(email=f"{name}@council.example", name=f"{name.title()} Person", by=None)
    add_membership(person=person, role=Role.TEAM_MANAGER, locality=locality, teams=teams, by=None)
    return person


def first_values(number: int) -> dict[str, Cleaned]:
    """What the number-th case comes in with: it says something in every field that a meeting writes."""
    today = timezone.localdate()
    need, difficulty = Need.objects.choosable()[number % 4], Difficulty.objects.choosable()[number % 3]
    due = today + timedelta(days=number % 30 - 10)
    return {
        "person": _cleaned(f"Child Number{number}"),
        "stage": _cleaned(Stage.values[number % 4]),
        "needed": Cleaned(str(need.pk), need),
        "action": _cleaned(f"{TEXT} {number}"),
        "owner": _cleaned(("AN", "BO", "JB")[number % 3]),
        "by_when": Cleaned(due.isoformat(), due),
        "update": _cleaned("Last action completed"),
        "difficulty": Cleaned(str(difficulty.pk), difficulty),
        "next_meeting": Cleaned(due.isoformat(), due),
    }


def _cleaned(text: str) -> Cleaned:
    return Cleaned(text, text)
