"""A purge whose process is killed: each case is gone whole or not at all, and the next run does the rest."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from accounts.audit import check_log
from scripts.environment import ROOT
from tests.conftest import World
from tests.factories import make_closed_row
from tracker.models import Case, Change, TrackerRow
from tracker.months import beginning

pytestmark = pytest.mark.django_db(transaction=True)
CASES, AT_ONCE = 7, 3
CLOSED_ON, LATER = date(2026, 3, 10), date(2026, 10, 1)
# The command as it is, but for portions so small that there are several, and a stop in the middle of the
# second, from where only a signal leads on.
PURGE = f"""
import signal, django
django.setup()
import time_machine
from datetime import datetime, UTC
from django.core.management import call_command
from tracker.changes import erasing
from tracker.management.commands import purge_closed
purge_closed.AT_ONCE = {AT_ONCE}
blank, blanked = erasing._blank, []
def stops(row):
    blank(row)
    blanked.append(row)
    if len(blanked) == {AT_ONCE + 2}:
        print("in the middle", flush=True)
        signal.pause()
erasing._blank = stops
with time_machine.travel(datetime({LATER.year}, {LATER.month}, {LATER.day}, 3, tzinfo=UTC), tick=False):
    call_command("purge_closed")
"""


def database_url() -> str:
    """This test's database, for another process."""
    to = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{to['NAME']}"
    return f"postgres://{to['USER']}@{quote(to['HOST'], safe='')}/{to['NAME']}"


def killed_in_the_middle() -> int:
    """Runs the command in a process of its own and kills it there; gives what it ended with."""
    variables = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", PURGE], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGKILL)
        return process.wait()


def test_killed_in_the_middle_it_leaves_whole_cases_and_the_next_run_finishes(world: World) -> None:
    with time_machine.travel(beginning(CLOSED_ON) + timedelta(hours=10), tick=False):
        rows = [
            make_closed_row(team=world.team, by=world.officer, pin=f"00000{number}", action="Call Gran")
            for number in range(CASES)
        ]

    ended = killed_in_the_middle()

    gone, left = rows[:AT_ONCE], rows[AT_ONCE:]
    assert ended == -signal.SIGKILL
    assert set(TrackerRow.objects.kept()) == set(left)
    assert Case.objects.filter(pin="").count() == len(gone)
    told = Change.objects.filter(kind="add", new__contains="Call Gran")
    assert set(told.values_list("row", flat=True)) == {row.pk for row in left}
    assert check_log(by=None).faults == []

    with time_machine.travel(beginning(LATER) + timedelta(days=1, hours=3), tick=False):
        call_command("purge_closed", verbosity=0)

    assert not TrackerRow.objects.kept().exists()
    assert not Change.objects.filter(kind="add", new__contains="Call Gran").exists()
    assert check_log(by=None).faults == []
