"""T6: a child is planted in every place where a text about it can be, the clock is moved, the timer runs:
nothing is left of it in any table or new export. Files are kept nowhere.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.audit import check_log
from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.tracker.retention.planting import EVERYTHING, close, plant
from tests.tracker.transfer.acts import exported
from tracker.changes.erasing import erase_row
from tracker.models import TrackerRow
from tracker.months import beginning

THEN = beginning(date(2026, 3, 10)) + timedelta(hours=10)
AFTER = THEN + timedelta(days=200)


def everything_stored() -> Iterator[tuple[str, str]]:
    """Every table with each of its rows as text, whatever the database calls them."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 # a name out of the database's own list
            for line in cursor.fetchall():
                told = (bytes(one) if isinstance(one, memoryview) else one for one in line)
                yield table, " ".join(str(one) for one in told).casefold()


def left() -> set[tuple[str, str]]:
    """The canaries that are somewhere, with the table."""
    return {
        (table, canary)
        for table, text in everything_stored()
        for canary in (*EVERYTHING, "kestrel", "quartz", "zebedee")
        if canary.casefold() in text
    }


@pytest.fixture
def planted(world: World) -> TrackerRow:
    """The child, on two trackers, closed in March."""
    with time_machine.travel(THEN, tick=False):
        row = plant(world)
        close(world, row)
    return row


def test_nothing_is_left_of_a_child_whose_time_is_over(world: World, planted: TrackerRow) -> None:
    before = left()
    with time_machine.travel(AFTER, tick=False):
        call_command("purge_closed", stdout=StringIO())

        exports = b"".join(exported(team) for team in (world.team, world.foreign))

    assert {canary for _, canary in before} == {*EVERYTHING, "kestrel", "quartz", "zebedee"}
    assert left() == set()
    assert check_log(by=None).faults == []
    assert b"kestrel" not in exports


def test_nothing_is_left_of_a_child_that_an_officer_erased(world: World, planted: TrackerRow) -> None:
    """A file that was handed in to be imported is kept whole for its day."""
    erase_row(row=planted, whole=True, reason="Asked for by the family", by=world.officer)

    assert {table for table, _ in left()} <= {"tracker_deliveredfile"}


def test_the_log_holds_numbers_and_no_name(
    world: World, planted: TrackerRow, sign_in: Callable[[User], Client]
) -> None:
    """So an erasure leaves it as it is."""
    client = sign_in(world.officer)
    for name in ("tracker", "closed", "export", "sheets"):
        client.get(reverse(name, args=[planted.team_id]))
    client.get(reverse("bundle", args=[planted.case_id]))
    client.post(reverse("export", args=[planted.team_id]), {"names": "full", "reason": "For the court"})
    entries = list(AuditEvent.objects.order_by("pk").values())

    erase_row(row=planted, whole=True, reason="Asked for by the family", by=world.officer)

    told = str(entries).casefold()
    assert [canary for canary in (*EVERYTHING, "kestrel", "quartz") if canary.casefold() in told] == []
    assert list(AuditEvent.objects.order_by("pk").values())[: len(entries)] == entries


@pytest.mark.parametrize("reason", ["for ed  test", "000007 moves"])
def test_a_reason_that_names_a_child_is_refused_before_it_is_logged(
    world: World, sign_in: Callable[[User], Client], reason: str
) -> None:
    from tests.factories import make_row

    make_row(team=world.team, by=world.officer, pin="000007", person="Ed Test")

    answer = sign_in(world.officer).post(
        reverse("export", args=[world.team.pk]), {"names": "full", "reason": reason}
    )

    assert (answer.status_code, AuditEvent.objects.filter(kind="export").count()) == (422, 0)
