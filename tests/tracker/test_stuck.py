"""When a row is stuck: each rule with a row that shows it and a near miss."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import World
from tests.factories import cleaned, make_row, make_rows
from tracker.changes.edit import edit_cell
from tracker.changes.meetings import end_meeting, start_meeting
from tracker.changes.undo import undo_operation
from tracker.choices import Stage
from tracker.models import Operation, TrackerRow
from tracker.stuck import is_stuck, why_stuck, with_stuck

MONDAY = datetime(2026, 9, 7, 10, 0, tzinfo=timezone.get_default_timezone())
WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, which a test moves on."""
    with time_machine.travel(MONDAY, tick=False) as moved:
        yield moved


def write(world: World, row: TrackerRow, field: str, value: Any) -> None:
    """The coordinator writes a cell, a second later than all before."""
    edit_cell(row=row, field=field, new=cleaned(field, value), base=row.rev(field), by=world.coordinator)


def held(world: World) -> None:
    """A meeting of the team, begun and ended."""
    end_meeting(meeting=start_meeting(team=world.team, by=world.manager), by=world.manager)


def said(row: TrackerRow) -> list[str]:
    """What the rules say of the row now; the condition for the database has to agree."""
    now = timezone.now()
    rows = with_stuck(TrackerRow.objects.filter(pk=row.pk), now)
    found = why_stuck(rows.get(), now)
    assert rows.filter(is_stuck(now)).exists() == bool(found)
    return found


@pytest.mark.parametrize(
    ("since", "wanted"),
    [(8 * WEEK, ["same stage for 8 weeks"]), (8 * WEEK - HOUR, [])],
    ids=["eight weeks", "an hour less"],
)
def test_eight_weeks_in_one_stage_are_stuck(
    world: World, clock: time_machine.Traveller, since: timedelta, wanted: list[str]
) -> None:
    row = make_row(team=world.team, stage=Stage.AWAITING)
    clock.shift(WEEK)
    write(world, row, "stage", Stage.UNDERWAY)

    clock.shift(since)

    assert said(row) == wanted


def test_a_row_keeps_the_stage_that_it_was_added_with(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, stage=Stage.AWAITING)
    unset = make_row(team=world.team)

    clock.shift(9 * WEEK)

    assert said(row) == ["same stage for 9 weeks"]
    assert said(unset) == []


def test_a_stage_that_was_changed_and_put_back_by_undo_has_not_moved(
    world: World, clock: time_machine.Traveller
) -> None:
    row = make_row(team=world.team, stage=Stage.AWAITING)
    clock.shift(4 * WEEK)
    write(world, row, "stage", Stage.UNDERWAY)
    undo_operation(operation=Operation.objects.latest("pk"), by=world.coordinator)

    clock.shift(4 * WEEK)

    assert said(row) == ["same stage for 8 weeks"]


@pytest.mark.parametrize(
    ("meetings", "wanted"),
    [(3, ["same action at 3 meetings"]), (2, [])],
    ids=["three meetings", "two"],
)
def test_one_action_at_three_meetings_is_stuck(
    world: World, clock: time_machine.Traveller, meetings: int, wanted: list[str]
) -> None:
    row = make_row(team=world.team, action="Ring school")
    held(world)
    clock.shift(HOUR)
    write(world, row, "action", "Write to school")
    clock.shift(HOUR)

    for _ in range(meetings):
        held(world)
        clock.shift(HOUR)

    assert said(row) == wanted


def test_a_meeting_that_still_runs_does_not_count_and_one_left_open_counts_the_next_day(
    world: World, clock: time_machine.Traveller
) -> None:
    row = make_row(team=world.team, action="Ring school")
    for _ in range(2):
        clock.shift(HOUR)
        held(world)
    clock.shift(HOUR)
    start_meeting(team=world.team, by=world.manager)

    assert said(row) == []
    clock.shift(timedelta(days=1))
    assert said(row) == ["same action at 3 meetings"]


def test_no_action_and_another_teams_meetings_make_no_row_stuck(
    world: World, clock: time_machine.Traveller
) -> None:
    blank = make_row(team=world.team)
    elsewhere = make_row(team=world.neighbour, action="Ring school")

    for _ in range(3):
        clock.shift(HOUR)
        held(world)

    assert said(blank) == said(elsewhere) == []


def put_off(world: World, clock: time_machine.Traveller, row: TrackerRow, times: int) -> None:
    """The row's date a week later each week."""
    for _ in range(times):
        clock.shift(WEEK)
        row.refresh_from_db()
        assert row.by_when is not None
        write(world, row, "by_when", row.by_when + WEEK)


@pytest.mark.parametrize(
    ("times", "wanted"), [(3, ["date moved 3 times"]), (2, [])], ids=["three times", "twice"]
)
def test_a_date_put_off_three_times_is_stuck(
    world: World, clock: time_machine.Traveller, times: int, wanted: list[str]
) -> None:
    row = make_row(team=world.team, action="Ring school", by_when=date(2026, 9, 14))

    put_off(world, clock, row, times)

    assert said(row) == wanted


def test_a_new_action_begins_anew_and_its_own_date_is_no_putting_off(
    world: World, clock: time_machine.Traveller
) -> None:
    row = make_row(team=world.team, action="Ring school", by_when=date(2026, 9, 14))
    put_off(world, clock, row, 2)
    write(world, row, "action", "Visit school")
    clock.shift(timedelta(minutes=1))
    write(world, row, "by_when", date(2026, 10, 12))

    put_off(world, clock, row, 2)

    assert said(row) == []
    put_off(world, clock, row, 1)
    assert said(row) == ["date moved 3 times"]


def test_a_date_brought_forward_or_typed_for_the_first_time_is_not_put_off(
    world: World, clock: time_machine.Traveller
) -> None:
    row = make_row(team=world.team, action="Ring school")
    days = [date(2026, 10, 5), date(2026, 10, 1), date(2026, 10, 8), None, date(2026, 10, 12)]

    for day in days:
        clock.shift(WEEK)
        write(world, row, "by_when", day)

    facts: Any = with_stuck(TrackerRow.objects.all(), timezone.now()).get()
    assert facts.date_moves == 1


def test_the_rules_take_one_statement_for_any_number_of_rows(world: World) -> None:
    make_rows(12, team=world.team, action="Ring school", stage=Stage.UNDERWAY)
    now = timezone.now()

    with CaptureQueriesContext(connection) as asked:
        found = [why_stuck(row, now) for row in with_stuck(TrackerRow.objects.all(), now)]

    assert (len(found), len(asked)) == (12, 1)
