"""What has changed since the last meeting: a cell that was written often shows once."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from summary.since import changed_since
from summary.views import since
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_row, make_rows
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.changes.meetings import end_meeting, start_meeting
from tracker.choices import Stage
from tracker.models import TrackerRow

SignIn = Callable[[User], Client]
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, a Monday."""
    with time_machine.travel(MONDAY, tick=False) as moved:
        yield moved


def write(world: World, row: TrackerRow, field: str, *values: object) -> None:
    for value in values:
        fresh = TrackerRow.objects.get(pk=row.pk)
        new = cleaned(field, value)
        edit_cell(row=fresh, field=field, new=new, base=fresh.rev(field), by=world.officer)


def told(row: TrackerRow, moment: datetime) -> list[tuple[str, str, str, int]]:
    lines = changed_since(TrackerRow.objects.filter(pk=row.pk), moment)
    return [(move.label, move.old, move.new, move.times) for line in lines for move in line.moves]


def test_a_case_that_was_edited_eight_times_shows_once_with_the_first_and_the_last_value(
    world: World, clock: time_machine.Traveller
) -> None:
    row = make_row(team=world.team, by=world.officer, action="Ring")
    clock.shift(60)
    write(world, row, "action", *(f"Ring {number}" for number in range(8)))

    assert told(row, timezone.now()) == [("Action", "Ring", "Ring 7", 8)]


def test_what_was_written_and_put_back_has_not_changed(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, by=world.officer, action="Ring")
    clock.shift(60)
    write(world, row, "action", "Call", "Ring")

    assert changed_since(TrackerRow.objects.all(), timezone.now()) == []


def test_what_was_written_before_is_left_out(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, by=world.officer)
    write(world, row, "stage", Stage.UNDERWAY)
    clock.shift(60)
    write(world, row, "action", "Ring")

    assert [label for label, *_ in told(row, timezone.now())] == ["Action"]


def test_a_new_case_shows_what_it_has_now(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, by=world.officer, action="Ring")
    write(world, row, "action", "Call")

    [line] = changed_since(TrackerRow.objects.all(), MONDAY)

    assert line.state == "New on the tracker"
    assert told(row, MONDAY) == [("Action", "", "Call", 2)]


def test_a_closed_case_says_so_and_how_it_ended(world: World, clock: time_machine.Traveller) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)
    clock.shift(60)
    close_row(row=row, outcome=an_outcome(), by=world.officer)

    [line] = changed_since(TrackerRow.objects.all(), timezone.now())

    assert line.state == "Closed"
    assert {move.label for move in line.moves} == {"Stage", "Outcome"}


def test_a_team_sees_what_has_changed_since_its_last_meeting(
    world: World, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    before, after = (make_row(team=world.team, by=world.officer, person=name) for name in ("Bea", "Abe"))
    clock.shift(60)
    write(world, before, "action", "Ring")
    clock.shift(60)
    end_meeting(meeting=start_meeting(team=world.team, by=world.manager), by=world.manager)
    clock.shift(60)
    write(world, after, "action", "Ring")

    page = sign_in(world.coordinator).get(f"/teams/{world.team.pk}/since/").content.decode()

    assert "since the last meeting" in page
    assert "Abe" in page
    assert "Bea" not in page


@pytest.mark.parametrize("typed", ["31/02/26", "1/1/2020", "tomorrow week"])
def test_a_day_that_is_none_of_the_last_year_is_refused_in_words(
    world: World, sign_in: SignIn, typed: str
) -> None:
    answer = sign_in(world.head).get(f"/localities/{world.amber.pk}/since/", {"on": typed})

    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_the_page_takes_the_same_statements_for_few_and_many_changes(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    cost = []
    for more in (2, 20):
        for row in make_rows(more, team=world.team, stage=Stage.UNDERWAY):
            write(world, row, "action", "Ring")
        with CaptureQueriesContext(
            connection,
        ) as statements:
            client.get(f"/localities/{world.amber.pk}/since/")
        cost.append(len(statements))

    assert cost[0] == cost[1]


def test_a_locality_is_told_page_by_page_and_whole_to_print(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(since, "CASES_A_PAGE", 2)
    for person, team in (("Abe", world.team), ("Bea", world.team), ("Cem", world.neighbour)):
        make_row(team=team, by=world.officer, person=person)
    client, address = sign_in(world.head), f"/localities/{world.amber.pk}/since/"

    first, second, whole = (
        client.get(address, {"page": page}).content.decode() for page in ("1", "2", "all")
    )

    assert [person in first for person in ("Abe", "Bea", "Cem")] == [True, True, False]
    assert [person in second for person in ("Abe", "Bea", "Cem")] == [False, False, True]
    assert all(person in whole for person in ("Abe", "Bea", "Cem"))
    assert all("3 cases." in page for page in (first, second, whole))
    assert client.get(address, {"page": "3"}).status_code == 404


def test_a_locality_says_how_many_cases_of_each_team_have_changed(world: World, sign_in: SignIn) -> None:
    make_rows(2, team=world.team)
    make_rows(1, team=world.neighbour)

    page = sign_in(world.head).get(f"/localities/{world.amber.pk}/since/").content.decode()

    told = re.findall(r"/teams/(\d+)/since/[^>]+>[^<]+</a> (\d+)", page)
    assert told == [(str(world.team.pk), "2"), (str(world.neighbour.pk), "1")]
