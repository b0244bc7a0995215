"""Makes what tests need, through the same functions that the application uses."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.chain.seal import holding_switch
from accounts.changes.people import add_membership, add_person
from accounts.changes.places import add_locality, add_team
from accounts.models import AuditEvent, Locality, Team, User
from accounts.roles import Role
from tracker.changes.lifecycle import add_case, close_row
from tracker.changes.meetings import Room, end_meeting, start_meeting
from tracker.models import Difficulty, Meeting, Need, Outcome, TrackerRow
from tracker.values import Cleaned

PASSWORD = "correct horse battery"
_numbers = count(1)


def make_locality(*, name: str = "") -> Locality:
    """A locality."""
    return add_locality(name=name or f"Locality {next(_numbers)}", by=None)


def make_team(*, locality: Locality, name: str = "") -> Team:
    """A team with an empty tracker."""
    return add_team(name=name or f"Team {next(_numbers)}", locality=locality, by=None)


def make_person(*, name: str = "", email: str = "", password: str | None = None) -> User:
    """A person without a membership; only with a password can somebody sign in as them."""
    number = next(_numbers)
    return add_person(
        email=email or f"person{number}@council.example",
        name=name or f"Person Number{number}",
        by=None,
        password=password,
    )


def make_member(
    role: Role,
    *,
    locality: Locality | None = None,
    teams: Sequence[Team] = (),
    since: date | None = None,
    until: date | None = None,
    name: str = "",
    password: str | None = None,
) -> User:
    """A person with one membership, since long; a stand-in, who has a year at most, for a month."""
    a_month_ago = timezone.localdate() - timedelta(days=30)
    long_ago = a_month_ago if role == Role.STAND_IN else date(2020, 1, 1)
    person = make_person(name=name, password=password)
    add_membership(
        person=person,
        role=role,
        locality=locality,
        teams=teams,
        since=since or long_ago,
        until=until,
        by=None,
    )
    return person


def cleaned(key: str, value: Any) -> Cleaned:
    """A clean value from what a record keeps: a text, a date, a stage, a word."""
    if value is None:
        return Cleaned("", None)
    if isinstance(value, (Need, Difficulty)):
        return Cleaned(str(value.pk), value)
    return Cleaned(value.isoformat() if isinstance(value, date) else str(value), value)


def make_row(*, team: Team, by: User | None = None, **values: Any) -> TrackerRow:
    """A row on the team's tracker: `make_row(team=…, person="Ed Test", stage=Stage.UNDERWAY)`."""
    values.setdefault("person", f"Child {next(_numbers)}")
    answer = add_case(
        team=team,
        values={key: cleaned(key, value) for key, value in values.items()},
        by=by or make_member(Role.PERFORMANCE_OFFICER),
    )
    return TrackerRow.objects.with_all().select_related("team__locality").get(pk=answer.row or 0)


def make_rows(number: int, *, team: Team, **values: Any) -> list[TrackerRow]:
    """Many rows with the same values; each has a name of its own."""
    officer = make_member(Role.PERFORMANCE_OFFICER)
    return [make_row(team=team, by=officer, **values) for _ in range(number)]


def make_closed_row(*, team: Team, by: User | None = None, **values: Any) -> TrackerRow:
    """A row in the team's Closed list."""
    officer = by or make_member(Role.PERFORMANCE_OFFICER)
    row = make_row(team=team, by=officer, **values)
    close_row(row=row, outcome=an_outcome(), by=officer)
    row.refresh_from_db()
    return row


def make_meeting(*, team: Team, by: User, room: Room | None = None) -> Meeting:
    """A meeting of the team that has ended."""
    return end_meeting(meeting=start_meeting(team=team, by=by, room=room), by=by)


def an_outcome() -> Outcome:
    """An outcome that people may choose."""
    return Outcome.objects.choosable().filter(code="").earliest("order")


def a_need(number: int = 0) -> Need:
    """The need at this place of the list."""
    return Need.objects.choosable()[number]


def a_difficulty(number: int = 0) -> Difficulty:
    """The difficulty at this place of the list."""
    return Difficulty.objects.choosable()[number]


def forget_log() -> None:
    """Empties the audit log, so that a test counts from here on: through the switch of retention alone."""
    with holding_switch(uuid4()):
        AuditEvent.objects.all().delete()
