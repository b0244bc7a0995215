"""A meeting's list: who shows it is told that it is another one, without a word of what it says."""

from collections.abc import Callable

from tests.conftest import World
from tests.factories import make_row
from tests.tracker.live.listening import Listener, saved_by
from tracker.changes.meetings import mark, start_meeting

Opened = Callable[..., Listener]


def test_editors_of_the_team_are_told_that_a_meeting_goes_on(world: World, site: str, opened: Opened) -> None:
    row = make_row(team=world.team)
    meeting = start_meeting(team=world.team, by=world.manager)
    listener = opened(site, world.supervisor, world.team)
    listener.next("hello")

    mark(meeting=meeting, rows=[row], by=world.manager, result="parked")

    assert listener.next("meeting")["told"] == {"team": world.team.pk}


def test_readers_and_other_teams_are_not_told(world: World, site: str, opened: Opened) -> None:
    row, other = make_row(team=world.team), make_row(team=world.foreign)
    meeting = start_meeting(team=world.team, by=world.manager)
    reader, elsewhere = opened(site, world.head, world.team), opened(site, world.officer, world.foreign)
    reader.next("hello")
    elsewhere.next("hello")

    mark(meeting=meeting, rows=[row], by=world.manager, result="parked")
    saved_by(world.officer, row, "action", "Later")
    saved_by(world.officer, other, "action", "Later")

    reader.next("change")
    elsewhere.next("change")
    assert b"event: meeting" not in reader.raw + elsewhere.raw
