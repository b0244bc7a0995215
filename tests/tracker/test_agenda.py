"""The order of a meeting: each rule with a row that shows it and a near miss; siblings; order by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.permissions import Refused
from tests.conftest import NOON, World
from tests.factories import a_difficulty, cleaned, make_meeting, make_row
from tracker.agenda import LastTime, in_order, reasons, steps_of
from tracker.changes.answers import answer_difficulty
from tracker.changes.edit import edit_cell
from tracker.changes.families import pick_siblings
from tracker.changes.meetings import (
    end_meeting,
    last_time,
    mark,
    move_step,
    rows_for,
    start_meeting,
)
from tracker.changes.places import close_team
from tracker.choices import Result, Stage, Why
from tracker.models import Family, Meeting, MeetingItem, TrackerRow

TODAY = NOON.date()
pytestmark = pytest.mark.usefixtures("noon")
DAY = timedelta(days=1)
# A row that nothing is wrong with, seen by a team that met after it was added.
CALM: dict[str, Any] = {
    "action": "Ring school",
    "owner": "AN",
    "by_when": TODAY,
    "next_meeting": TODAY + 15 * DAY,
    "stage": Stage.UNDERWAY,
}


def why(world: World, row: TrackerRow, now: datetime | None = None) -> list[tuple[Why, str]]:
    """The reasons of the row today."""
    now = now or timezone.now()
    read = next(one for one in rows_for(world.team, now) if one.pk == row.pk)
    return reasons(read, now, last_time(world.team, now))


@pytest.mark.parametrize(
    ("differs", "wanted"),
    [
        ({}, []),
        ({"by_when": TODAY - DAY}, [(Why.OVERDUE, "action 1 day over")]),
        ({"by_when": TODAY}, []),
        ({"by_when": TODAY + DAY}, []),
        ({"next_meeting": TODAY + 14 * DAY}, [(Why.CIN_MEETING, "CIN meeting in 14 days")]),
        ({"next_meeting": TODAY + 15 * DAY}, []),
        ({"next_meeting": TODAY}, [(Why.CIN_MEETING, "CIN meeting today")]),
        ({"next_meeting": TODAY - 2 * DAY}, [(Why.CIN_MEETING, "CIN meeting passed 2 days ago")]),
        ({"next_meeting": None}, []),
        ({"action": ""}, [(Why.INCOMPLETE, "no action")]),
        ({"owner": "", "by_when": None}, [(Why.INCOMPLETE, "no owner and no date")]),
        ({"action": "", "owner": "", "by_when": None}, [(Why.INCOMPLETE, "no action, no owner and no date")]),
        ({"difficulty": True}, []),
    ],
    ids=str,
)
def test_a_case_says_why_it_stands_where_it_stands(
    world: World, differs: dict[str, Any], wanted: list[tuple[Why, str]]
) -> None:
    values = CALM | differs
    if "difficulty" in values:
        values["difficulty"] = a_difficulty()
    row = make_row(team=world.team, **values)
    make_meeting(team=world.team, by=world.manager)
    MeetingItem.objects.update(result=Result.DISCUSSED)

    assert why(world, row) == wanted


def test_an_answered_difficulty_counts_until_the_next_meeting(world: World) -> None:
    row = make_row(team=world.team, difficulty=a_difficulty(), **CALM)
    make_meeting(team=world.team, by=world.manager)
    MeetingItem.objects.update(result=Result.DISCUSSED)
    answer_difficulty(row=row, difficulty=a_difficulty(), text="A place is kept", base=0, by=world.head)

    assert why(world, row) == [(Why.ANSWERED, f"difficulty answered {TODAY:%d/%m/%y}")]
    make_meeting(team=world.team, by=world.manager)
    MeetingItem.objects.update(result=Result.DISCUSSED)
    assert why(world, row) == []


def test_a_case_is_new_until_the_team_has_met(world: World) -> None:
    known = make_row(team=world.team, **CALM)
    assert why(world, known) == [(Why.NEW, f"new since {TODAY - 7 * DAY:%d/%m/%y}")]
    make_meeting(team=world.team, by=world.manager)
    MeetingItem.objects.update(result=Result.DISCUSSED)
    new = make_row(team=world.team, **CALM)

    assert why(world, new) == [(Why.NEW, f"new since {TODAY:%d/%m/%y}")]
    assert why(world, known) == []


def test_eight_weeks_in_one_stage_are_a_reason_and_a_day_less_is_none(world: World) -> None:
    row = make_row(team=world.team, **CALM)
    make_meeting(team=world.team, by=world.manager)
    MeetingItem.objects.update(result=Result.DISCUSSED)
    later = timezone.now() + timedelta(weeks=8)
    fresh = {"by_when": later.date(), "next_meeting": later.date() + 20 * DAY}
    for key, value in fresh.items():
        edit_cell(row=row, field=key, new=cleaned(key, value), base=row.rev(key), by=world.manager)

    assert why(world, row, later) == [(Why.STUCK, "same stage for 8 weeks")]
    assert why(world, row, later - DAY) == []


def test_a_case_that_was_not_reached_is_a_reason_once(world: World) -> None:
    rows = [make_row(team=world.team, **CALM) for _ in range(3)]
    meeting = start_meeting(team=world.team, by=world.manager)
    mark(meeting=meeting, rows=[rows[0]], by=world.manager, result=Result.DISCUSSED)
    mark(meeting=meeting, rows=[rows[1]], by=world.manager, result=Result.SKIPPED)
    end_meeting(meeting=meeting, by=world.manager)

    found = [why(world, row) for row in rows]

    assert found == [[], [], [(Why.NOT_REACHED, "not reached last time")]]


def test_the_list_takes_the_reasons_in_their_order(world: World) -> None:
    calm = make_row(team=world.team, **CALM)
    missed = make_row(team=world.team, **CALM)
    meeting = start_meeting(team=world.team, by=world.manager)
    mark(meeting=meeting, rows=[calm], by=world.manager, result=Result.DISCUSSED)
    end_meeting(meeting=meeting, by=world.manager)
    new = make_row(team=world.team, **CALM)
    incomplete = make_row(team=world.team, **CALM | {"owner": ""})
    far = make_row(team=world.team, **CALM | {"next_meeting": TODAY + 9 * DAY})
    near = make_row(team=world.team, **CALM | {"next_meeting": TODAY + 2 * DAY})
    over = make_row(team=world.team, **CALM | {"by_when": TODAY - DAY})
    long_over = make_row(team=world.team, **CALM | {"by_when": TODAY - 9 * DAY})

    items = start_meeting(team=world.team, by=world.manager).items.all()

    wanted = [long_over, over, missed, near, far, incomplete, new, calm]
    assert [item.row_id for item in items] == [row.pk for row in wanted]
    assert [item.why for item in items][:3] == [Why.OVERDUE, Why.OVERDUE, Why.NOT_REACHED]


def test_siblings_walk_as_one_step_where_the_first_of_them_stands(world: World) -> None:
    rows = [make_row(team=world.team, **CALM | {"by_when": TODAY - n * DAY}) for n in (1, 5, 3)]
    pick_siblings(team=world.team, cases=[rows[0].case, rows[1].case], by=world.manager)
    now = timezone.now()

    order = in_order(rows_for(world.team, now), now, LastTime())

    assert [one.row.pk for one in order] == [rows[1].pk, rows[0].pk, rows[2].pk]
    meeting = start_meeting(team=world.team, by=world.manager)
    steps = steps_of(meeting.items.select_related("row__case"))
    assert [[item.row_id for item in step.items] for step in steps] == [
        [rows[1].pk, rows[0].pk],
        [rows[2].pk],
    ]


def test_a_family_of_one_is_none_and_only_the_teams_own_cases_are_picked(world: World) -> None:
    one, two = make_row(team=world.team), make_row(team=world.team)
    foreign = make_row(team=world.neighbour)

    assert pick_siblings(team=world.team, cases=[one.case, foreign.case], by=world.manager) is None
    assert pick_siblings(team=world.team, cases=[one.case, two.case], by=world.manager)
    pick_siblings(team=world.team, cases=[one.case], by=world.manager)

    for row in (one, two, foreign):
        row.case.refresh_from_db()
        assert row.case.family is None


def test_a_family_that_moved_to_another_team_is_none_once_its_cases_are_picked_anew(world: World) -> None:
    rows = [make_row(team=world.team) for _ in range(2)]
    pick_siblings(team=world.team, cases=[row.case for row in rows], by=world.manager)
    close_team(team=world.team, heir=world.neighbour, by=world.officer)
    third = make_row(team=world.neighbour)

    pick_siblings(team=world.neighbour, cases=[rows[0].case, third.case], by=world.officer)

    rows[1].case.refresh_from_db()
    assert rows[1].case.family is None
    assert Family.objects.count() == 1


@pytest.mark.parametrize(
    ("to", "wanted"),
    [("up", [0, 2, 1]), ("down", [0, 1, 2]), ("first", [0, 2, 1])],
)
def test_a_case_is_moved_by_hand(world: World, to: str, wanted: list[int]) -> None:
    rows = [make_row(team=world.team, **CALM) for _ in range(3)]
    meeting = start_meeting(team=world.team, by=world.manager)
    mark(meeting=meeting, rows=rows[:1], by=world.manager, result=Result.DISCUSSED)

    move_step(meeting=meeting, row=rows[2], to=to, by=world.manager)

    items = list(Meeting.objects.get().items.all())
    assert [item.row_id for item in items] == [rows[n].pk for n in wanted]
    assert [item.row_id for item in items if item.by_hand] == [rows[2].pk]


@pytest.mark.parametrize(
    "act",
    [
        lambda meeting, row, by: mark(meeting=meeting, rows=[row], by=by, result=Result.PARKED),
        lambda meeting, row, by: move_step(meeting=meeting, row=row, to="up", by=by),
        lambda meeting, row, by: pick_siblings(team=meeting.team, cases=[row.case], by=by),
    ],
    ids=["mark", "move", "siblings"],
)
def test_the_head_of_service_reads_and_does_not_run_the_meeting(
    world: World, act: Callable[..., Any]
) -> None:
    row = make_row(team=world.team)
    meeting = start_meeting(team=world.team, by=world.manager)

    with pytest.raises(Refused):
        act(meeting, row, world.head)
