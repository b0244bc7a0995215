"""Which rows are on the coordinator's list, and which just are not."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.conftest import World
from tests.factories import make_closed_row, make_row, make_rows
from tracker.choices import Stage
from tracker.models import Case, TrackerRow
from tracker.worklist import items_of

TODAY = date(2026, 11, 24)
NOON = "2026-11-24 12:00"
SOUND: dict[str, Any] = {"pin": "000001", "next_meeting": TODAY, "stage": Stage.UNDERWAY}
LATE, IN_TIME = date(2026, 11, 9), date(2026, 11, 10)

# What a row has otherwise than a sound one, its CIN start, and what the list says of it.
ROWS: dict[str, tuple[dict[str, Any], date | None, list[str]]] = {
    "sound": ({}, LATE, []),
    "no PIN": ({"pin": ""}, None, ["No PIN yet"]),
    "no date": ({"next_meeting": None}, None, ["No date"]),
    "passed yesterday": ({"next_meeting": TODAY - timedelta(1)}, None, ["Passed 1 day ago"]),
    "six weeks away": ({"next_meeting": TODAY + timedelta(weeks=6)}, None, []),
    "a day more": ({"next_meeting": TODAY + timedelta(43)}, None, ["More than 6 weeks away"]),
    "first meeting late": ({"stage": Stage.AWAITING}, LATE, ["First CIN meeting was due 23/11/26"]),
    "first meeting due today": ({"stage": Stage.AWAITING}, IN_TIME, []),
    "added today, start not known": ({"stage": Stage.AWAITING}, None, []),
}


def told(world: World, by: User | None = None) -> list[list[str]]:
    """What the list says of each of its rows, to the coordinator unless to somebody else."""
    items = items_of([world.team], TODAY, by=by or world.coordinator)
    return [[one for one in (i.pin_wrong, i.date_wrong, i.first_late) if one] for i in items]


@pytest.mark.parametrize(("values", "start", "says"), ROWS.values(), ids=ROWS)
@time_machine.travel(NOON)
def test_a_row_is_listed_for_what_it_wants(
    world: World, values: dict[str, Any], start: date | None, says: list[str]
) -> None:
    row = make_row(team=world.team, **{**SOUND, **values})
    Case.objects.filter(pk=row.case_id).update(cin_start=start)

    assert told(world) == ([says] if says else [])


@time_machine.travel(NOON)
def test_where_the_start_is_not_known_the_day_it_was_added_counts(world: World) -> None:
    row = make_row(team=world.team, **{**SOUND, "stage": Stage.AWAITING})
    TrackerRow.objects.filter(pk=row.pk).update(opened_at="2026-11-09T12:00Z")

    assert told(world) == [["First CIN meeting was due 23/11/26"]]


@time_machine.travel(NOON)
def test_a_pin_that_stands_twice_but_for_its_zeros_names_the_other_row(world: World) -> None:
    make_row(team=world.team, **{**SOUND, "pin": "1452"})
    make_row(team=world.neighbour, **{**SOUND, "pin": "001452"})

    assert told(world) == [["Almost the same PIN: 001452 on Amber Team 2"]]


@time_machine.travel(NOON)
def test_a_stand_in_is_not_told_of_another_teams_pin(world: World) -> None:
    make_row(team=world.team, **{**SOUND, "pin": "1452"})
    make_row(team=world.neighbour, **{**SOUND, "pin": "001452"})

    assert told(world, world.stand_in) == []


@time_machine.travel(NOON)
def test_closed_rows_and_other_teams_want_nothing(world: World) -> None:
    make_closed_row(team=world.team)
    make_row(team=world.neighbour)

    assert told(world) == []


@time_machine.travel(NOON)
def test_the_limits_are_settings(world: World, settings: Any) -> None:
    settings.NEXT_MEETING_WEEKS, settings.FIRST_MEETING_WORKING_DAYS = 1, 5
    make_row(team=world.team, **{**SOUND, "next_meeting": TODAY + timedelta(8)})
    row = make_row(team=world.team, **{**SOUND, "pin": "000002", "stage": Stage.AWAITING})
    Case.objects.filter(pk=row.case_id).update(cin_start=date(2026, 11, 16))

    assert told(world) == [["More than 1 week away"], ["First CIN meeting was due 23/11/26"]]


@time_machine.travel(NOON)
def test_a_long_list_takes_two_statements_too(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_rows(20, team=world.team)
    teams, reader = [world.team], world.coordinator

    with django_assert_num_queries(2):
        items_of(teams, TODAY, by=reader)
