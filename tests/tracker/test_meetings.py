"""A team's meeting: one at a time, begun and ended once, over the next day whatever happens."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import cleaned, make_closed_row, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.meetings import Room, end_meeting, mark, move_step, start_meeting
from tracker.changes.refusals import Invalid
from tracker.models import Meeting, TeamLog

MORNING = datetime(2026, 9, 7, 10, 0, tzinfo=timezone.get_default_timezone())


def test_two_people_who_start_at_once_get_the_same_meeting(world: World) -> None:
    first = start_meeting(team=world.team, by=world.manager, room=Room(leader="AN"))

    second = start_meeting(team=world.team, by=world.supervisor, room=Room(leader="JB"))

    assert second == first
    assert (second.leader, Meeting.objects.count()) == ("AN", 1)


def test_ending_twice_keeps_the_first_end_and_its_snapshot(world: World) -> None:
    row = make_row(team=world.team)
    meeting = start_meeting(team=world.team, by=world.manager)
    ended = end_meeting(meeting=meeting, by=world.manager)
    edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)

    again = end_meeting(meeting=meeting, by=world.supervisor)

    assert (again.ended_at, again.stood_at) == (ended.ended_at, 1)
    assert TeamLog.head_of(world.team.pk) == 2


def test_a_meeting_left_open_is_over_the_next_day_and_ends_with_its_own(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        row = make_row(team=world.team)
        left = start_meeting(team=world.team, by=world.manager)
        assert not left.is_over(timezone.now())

        clock.shift(timedelta(days=1))
        assert left.is_over(timezone.now())
        assert not Meeting.objects.running(timezone.now()).exists()
        edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)
        following = start_meeting(team=world.team, by=world.manager)

    left.refresh_from_db()
    assert following != left
    assert left.ended_at == datetime(2026, 9, 8, tzinfo=timezone.get_default_timezone())
    assert (left.stood_at, following.began_at) == (1, 2)


def test_nobody_without_the_right_begins_or_ends_one(world: World) -> None:
    meeting = start_meeting(team=world.team, by=world.manager)

    with pytest.raises(Refused):
        start_meeting(team=world.team, by=world.head)
    with pytest.raises(Refused):
        end_meeting(meeting=meeting, by=world.head)

    meeting.refresh_from_db()
    assert meeting.ended_at is None


def test_a_team_has_one_open_meeting_and_an_end_has_its_number(world: World) -> None:
    meeting = start_meeting(team=world.team, by=world.manager)

    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(team=world.team, started_by=world.manager)
    with pytest.raises(IntegrityError, match="ended_says_when_and_where"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(ended_at=timezone.now())


@pytest.mark.parametrize("which", ["closed long ago", "of another team"])
def test_only_a_case_of_the_meeting_is_put_on_its_list(world: World, which: str) -> None:
    meeting = start_meeting(team=world.team, by=world.manager)
    row = make_closed_row(team=world.team) if which == "closed long ago" else make_row(team=world.neighbour)

    acts: list[Callable[[], None]] = [
        lambda: move_step(meeting=meeting, row=row, to="first", by=world.manager),
        lambda: mark(meeting=meeting, rows=[row], by=world.manager, result="done"),
    ]

    for act in acts:
        with pytest.raises(Invalid):
            act()

    assert not meeting.items.exists()
