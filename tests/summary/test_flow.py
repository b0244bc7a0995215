"""The stages over time, read backwards from the log."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from summary.flow import stages_over_time
from summary.queries import STAGES
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_row, make_rows
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row, remove_row, reopen_row
from tracker.choices import Stage
from tracker.models import TrackerRow
from tracker.months import beginning

TODAY = date(2026, 11, 24)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, which begins in August."""
    with time_machine.travel(beginning(date(2026, 8, 10)), tick=False) as moved:
        yield moved


def told(stage: str) -> dict[int, int]:
    """How many cases were in the stage as each month from August on began, and today (12)."""
    place = [value for value, _ in STAGES].index(stage)
    over_time = stages_over_time(TrackerRow.objects.all(), TODAY)
    return {12 if stood.today else stood.day.month: stood.cases[place] for stood in over_time[-5:]}


def test_a_case_is_in_each_stage_as_long_as_it_was(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.UNDERWAY)
    clock.move_to(beginning(date(2026, 9, 10)))
    edit_cell(row=row, field="stage", new=cleaned("stage", Stage.DECIDED), base=0, by=world.officer)
    clock.move_to(beginning(date(2026, 10, 10)))
    close_row(row=row, outcome=an_outcome(), by=world.officer)

    assert told(Stage.UNDERWAY) == {8: 0, 9: 1, 10: 0, 11: 0, 12: 0}
    assert told(Stage.DECIDED) == {8: 0, 9: 0, 10: 1, 11: 0, 12: 0}


def test_a_reopened_case_was_away_in_between(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.UNDERWAY)
    clock.move_to(beginning(date(2026, 9, 10)))
    close_row(row=row, outcome=an_outcome(), by=world.officer)
    clock.move_to(beginning(date(2026, 10, 10)))
    reopen_row(row=TrackerRow.objects.get(pk=row.pk), by=world.officer)

    assert told(Stage.UNDERWAY) == {8: 0, 9: 1, 10: 0, 11: 1, 12: 1}


def test_a_row_that_was_added_by_mistake_was_never_there(world: World, clock: time_machine.Traveller) -> None:
    remove_row(row=make_row(team=world.team, by=world.officer, stage=Stage.UNDERWAY), by=world.officer)

    assert set(told(Stage.UNDERWAY).values()) == {0}


def test_it_takes_three_statements(
    world: World, clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_rows(5, team=world.team, stage=Stage.UNDERWAY)

    with django_assert_num_queries(3):
        stages_over_time(TrackerRow.objects.all(), TODAY)
