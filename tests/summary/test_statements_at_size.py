"""A page takes as many statements for ten thousand rows as for ten: of a team, of a locality, of all."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import sessions
from accounts.models import Team, User
from tests.conftest import World
from tests.factories import an_outcome, cleaned
from tracker.changes.act import acting
from tracker.changes.lifecycle import close, new_row
from tracker.choices import OPEN_STAGES, Stage
from tracker.models import Difficulty, Need
from tracker.months import first_of_month
from tracker.values import Cleaned

FEW, MANY = 10, 10_000
WEEK, TEN_WEEKS = timedelta(weeks=1), timedelta(weeks=10)
OF_A_TEAM = ("", "summary/", "closures/")
OF_A_LOCALITY = ("summary/", "closures/", "difficulties/", "check-in/", "cases/")
OF_ALL = ("/summary/", "/closures/", "/difficulties/", "/cases/", "/")


def test_pages_take_the_same_statements_for_ten_rows_and_for_ten_thousand(
    world: World, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine this takes longer than the minute after which a session notes that somebody is there.
    monkeypatch.setattr(sessions, "NOTED_EVERY", 60 * 60)
    client = sign_in(world.officer)
    fill(world.team, FEW, world.officer)
    statements(client, "/")  # the first page of all looks up what a process knows for good
    few = {address: statements(client, address) for address in addresses(world.team)}

    fill(world.team, MANY - FEW, world.officer)

    assert {address: statements(client, address) for address in addresses(world.team)} == few


def statements(client: Client, address: str) -> int:
    """How many the page takes."""
    # What is remembered is so for seconds, and on a busy machine other pages take as long.
    for kept in caches.all():
        kept.clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def addresses(team: Team) -> list[str]:
    """The pages of all localities, then those of the team's and of the team."""
    since = f"since/?on={first_of_month(timezone.localdate(), -11):%d/%m/%y}"
    return [
        *OF_ALL,
        *(f"/localities/{team.locality_id}/{page}" for page in (*OF_A_LOCALITY, since)),
        *(f"/teams/{team.pk}/{page}" for page in (*OF_A_TEAM, since)),
    ]


def fill(team: Team, number: int, by: User) -> None:
    """So many rows, ten by ten of the same kinds: added a while ago, moved since, one in ten closed.

    Two acts for all of them: row by row, as people do it, they take minutes.
    """
    today, outcome = timezone.localdate(), an_outcome()
    with time_machine.travel(timezone.now() - TEN_WEEKS), acting("import", teams=[team], by=by) as act:
        rows = [new_row(team, values) for values in islice(first_values(today), number)]
        act.add(team, rows)
    with acting("edit", teams=[team], by=by) as act:
        for place, row in enumerate(rows):
            for field, value in moves(place % 10, today):
                new = cleaned(field, value)
                act.set(row, field, new.raw, new.value)
            if place % 10 == 9:
                close(act, row, outcome)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a server does after a while; until then it plans for few rows


def first_values(today: date) -> Iterator[dict[str, Cleaned]]:
    """What one row after another begins with."""
    needs, difficulties = list(Need.objects.choosable()), [*Difficulty.objects.choosable(), None]
    for place, stage in enumerate(cycle(OPEN_STAGES)):
        values = {
            "person": f"Child {place}",
            "stage": stage,
            "needed": needs[place % len(needs)],
            "action": "Ring school",
            "by_when": today - WEEK,
            "difficulty": difficulties[place % len(difficulties)],
        }
        yield {key: cleaned(key, value) for key, value in values.items()}


def moves(kind: int, today: date) -> Iterator[tuple[str, Any]]:
    """What was written since in a row of this kind: put off three times, or about to close."""
    if kind == 6:
        yield from (("by_when", today + weeks * WEEK) for weeks in (1, 2, 3))
    elif kind == 3:
        yield from (("stage", Stage.DECIDED), ("expected_month", first_of_month(today)))
