"""The ledger of expected closures: each of its lines has a case that shows it and a near miss."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from summary.ledger import FATES, ledger, of_fate
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_row, make_rows
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row, move_row, remove_row, reopen_row
from tracker.choices import Stage
from tracker.models import Outcome, TrackerRow
from tracker.months import beginning

SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (9, 10, 11, 12))
MID_OCTOBER = beginning(date(2026, 10, 15))
LATER = beginning(date(2026, 11, 20))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, which begins in September."""
    with time_machine.travel(beginning(date(2026, 9, 15)), tick=False) as moved:
        yield moved


def closing(world: World, **values: Any) -> TrackerRow:
    """A case that is expected to close in October."""
    wanted = {"stage": Stage.DECIDED, "expected_month": OCTOBER} | values
    return make_row(team=world.team, by=world.officer, **wanted)


def write(world: World, row: TrackerRow, field: str, value: Any) -> None:
    fresh = TrackerRow.objects.get(pk=row.pk)
    edit_cell(row=fresh, field=field, new=cleaned(field, value), base=fresh.rev(field), by=world.officer)


def close(world: World, row: TrackerRow, outcome: Outcome | None = None) -> None:
    close_row(row=row, outcome=outcome or an_outcome(), by=world.officer)


def told(world: World, month: date = OCTOBER, now: datetime = LATER) -> Mapping[str, int]:
    """What the ledger says of the team; each number has to be that of its list."""
    rows = TrackerRow.objects.filter(team=world.team)
    counted = ledger(rows, [SEPTEMBER, month, DECEMBER], now)[month].get(world.team.pk, {})
    listed = {fate: of_fate(rows, month, fate, now).count() for fate, _ in FATES}
    assert {fate: counted.get(fate, 0) for fate in listed} == listed
    return {fate: cases for fate, cases in listed.items() if cases}


def test_what_was_expected_and_closed_in_the_month(world: World, clock: time_machine.Traveller) -> None:
    row = closing(world)
    clock.move_to(MID_OCTOBER)
    close(world, row)

    assert told(world) == {"expected": 1, "closed": 1}


def test_what_closed_a_month_later_had_slipped(world: World, clock: time_machine.Traveller) -> None:
    row = closing(world)
    clock.move_to(beginning(NOVEMBER))
    close(world, row)

    assert told(world) == {"expected": 1, "slipped": 1}
    # It was due before November and still open when that began.
    assert told(world, NOVEMBER) == {"expected": 1, "closed": 1}


def test_what_left_the_closing_stages_has_gone_back(world: World, clock: time_machine.Traveller) -> None:
    row = closing(world)
    clock.move_to(MID_OCTOBER)
    write(world, row, "stage", Stage.UNDERWAY)

    assert told(world) == {"expected": 1, "back": 1}


def test_from_decided_to_identified_is_not_gone_back(world: World, clock: time_machine.Traveller) -> None:
    row = closing(world)
    clock.move_to(MID_OCTOBER)
    write(world, row, "stage", Stage.IDENTIFIED)

    assert told(world) == {"expected": 1, "slipped": 1}


def test_what_moved_or_was_added_in_error_has_left_otherwise(
    world: World, clock: time_machine.Traveller
) -> None:
    moved, in_error = closing(world), closing(world)
    clock.move_to(MID_OCTOBER)
    move_row(row=moved, to=world.neighbour, by=world.officer)
    close(world, in_error, Outcome.objects.get(code="added_in_error"))

    assert told(world) == {"expected": 2, "left": 2}


def test_what_closed_without_being_expected(world: World, clock: time_machine.Traveller) -> None:
    underway = closing(world, stage=Stage.UNDERWAY)
    for_november = closing(world, expected_month=NOVEMBER)
    clock.move_to(MID_OCTOBER)
    came_and_went = closing(world)
    for row in (underway, for_november, came_and_went):
        close(world, row)

    assert told(world) == {"unexpected": 3}


@pytest.mark.parametrize(
    "values",
    [
        {"stage": Stage.UNDERWAY},
        {"expected_month": NOVEMBER},
        {"expected_month": None},
        {"expected_month": NOVEMBER, "next_meeting": date(2026, 10, 5)},
    ],
    ids=["another stage", "a later month", "no month and no date", "a typed month before a date"],
)
def test_what_was_not_expected_for_the_month(
    world: World, clock: time_machine.Traveller, values: dict[str, Any]
) -> None:
    closing(world, **values)

    assert told(world) == {}


@pytest.mark.parametrize(
    "values",
    [{"next_meeting": date(2026, 10, 31), "by_when": date(2026, 12, 1)}, {"by_when": date(2026, 10, 31)}],
    ids=["next CIN meeting", "By when"],
)
def test_without_a_typed_month_a_date_of_the_row_stands_for_it(
    world: World, clock: time_machine.Traveller, values: dict[str, Any]
) -> None:
    closing(world, expected_month=None, **values)

    assert told(world) == {"expected": 1, "slipped": 1}


def test_what_was_typed_after_the_month_began_counts_for_the_next(
    world: World, clock: time_machine.Traveller
) -> None:
    row = closing(world, expected_month=NOVEMBER)
    clock.move_to(beginning(OCTOBER) + timedelta(seconds=1))
    write(world, row, "expected_month", OCTOBER)

    assert told(world, OCTOBER) == {}
    assert told(world, NOVEMBER) == {"expected": 1, "slipped": 1}


def test_a_month_that_is_put_off_has_slipped(world: World, clock: time_machine.Traveller) -> None:
    row = closing(world)
    clock.move_to(MID_OCTOBER)
    write(world, row, "expected_month", NOVEMBER)

    assert told(world) == {"expected": 1, "slipped": 1}


def test_what_was_closed_and_reopened_in_the_month_did_not_close(
    world: World, clock: time_machine.Traveller
) -> None:
    row = closing(world)
    clock.move_to(MID_OCTOBER)
    close(world, row)
    clock.shift(60)
    reopen_row(row=TrackerRow.objects.get(pk=row.pk), by=world.officer)

    assert told(world) == {"expected": 1, "slipped": 1}


def test_what_was_reopened_after_the_month_stays_closed_in_it(
    world: World, clock: time_machine.Traveller
) -> None:
    row = closing(world)
    clock.move_to(MID_OCTOBER)
    close(world, row)
    clock.move_to(beginning(NOVEMBER))
    reopen_row(row=TrackerRow.objects.get(pk=row.pk), by=world.officer)

    assert told(world) == {"expected": 1, "closed": 1}


def test_a_row_that_was_added_by_mistake_was_never_expected(
    world: World, clock: time_machine.Traveller
) -> None:
    remove_row(row=closing(world), by=world.officer)

    assert told(world) == {}


def test_a_closing_before_the_month_or_after_it_is_none_of_the_month(
    world: World, clock: time_machine.Traveller
) -> None:
    before, after = make_rows(2, team=world.team, stage=Stage.UNDERWAY)
    clock.move_to(beginning(OCTOBER) - timedelta(seconds=1))
    close(world, before)
    clock.move_to(beginning(NOVEMBER))
    close(world, after)

    assert told(world) == {}


def test_the_running_month_is_told_as_far_as_it_has_come(world: World, clock: time_machine.Traveller) -> None:
    done, _ = closing(world), closing(world)
    clock.move_to(MID_OCTOBER)
    close(world, done)

    assert told(world, now=timezone.now()) == {"expected": 2, "closed": 1, "slipped": 1}


def test_the_ledger_takes_two_statements_for_any_number_of_cases_and_teams(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number, team in ((1, world.team), (8, world.neighbour), (8, world.foreign)):
        make_rows(number, team=team, stage=Stage.DECIDED, expected_month=OCTOBER)
        with django_assert_num_queries(2):
            ledger(TrackerRow.objects.all(), [SEPTEMBER, OCTOBER, NOVEMBER], LATER)
