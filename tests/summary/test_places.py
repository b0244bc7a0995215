"""Teams and localities side by side: each measure has a case that it counts and a near miss."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Team, User
from summary import places
from tests.conftest import World
from tests.factories import a_difficulty, an_outcome, cleaned, make_closed_row, make_row, make_rows
from tests.summary.known import cases_behind
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row, move_row, remove_row, reopen_row
from tracker.choices import Stage
from tracker.durations import BANDS, in_band
from tracker.models import Case, Outcome, TrackerRow
from tracker.months import beginning, months_before

TODAY = date(2026, 11, 24)


def counted(team: Team, today: date = TODAY) -> Mapping[str, int]:
    rows = TrackerRow.objects.filter(team=team)
    return places.counts_by_team(rows, today).get(team.pk, {})


def started(row: TrackerRow, day: date | None) -> None:
    Case.objects.filter(pk=row.case_id).update(cin_start=day)


@pytest.mark.parametrize(("months", "band", "before"), [(3, "3-6", "under-3"), (18, "over-18", "12-18")])
def test_a_band_begins_on_the_day_on_which_the_months_are_full(
    world: World, months: int, band: str, before: str
) -> None:
    full, a_day_short = make_rows(2, team=world.team)
    day = months_before(TODAY, months)
    started(full, day)
    started(a_day_short, day + timedelta(days=1))

    assert counted(world.team)[f"band-{band}"] == 1
    assert counted(world.team)[f"band-{before}"] == 1


def test_a_case_without_cin_start_is_counted_as_not_known(world: World) -> None:
    make_row(team=world.team, by=world.officer)

    assert counted(world.team)["band-none"] == 1


@pytest.mark.parametrize("back", range(0, 800, 37))
def test_every_cin_start_is_in_exactly_one_band(world: World, back: int) -> None:
    started(make_row(team=world.team, by=world.officer), TODAY - timedelta(days=back))

    found = [key for key, *_ in BANDS if TrackerRow.objects.filter(in_band(key, TODAY)).exists()]

    assert len(found) == 1


def test_the_month_before_a_long_month_ends_on_its_last_day() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)


def test_new_cases_are_those_that_came_this_month_for_the_first_time(world: World) -> None:
    with time_machine.travel(beginning(date(2026, 10, 31)), tick=False):
        make_row(team=world.team, by=world.officer)
        moved = make_row(team=world.neighbour, by=world.officer)
    with time_machine.travel(beginning(date(2026, 11, 1)), tick=False):
        make_row(team=world.team, by=world.officer)
        remove_row(row=make_row(team=world.team, by=world.officer), by=world.officer)
        move_row(row=moved, to=world.team, by=world.officer)

    assert counted(world.team)["new"] == 1


def test_a_case_whose_first_row_was_a_mistake_is_new_when_it_comes_again(world: World) -> None:
    with time_machine.travel(beginning(date(2026, 10, 31)), tick=False):
        mistaken = make_row(team=world.neighbour, by=world.officer)
        remove_row(row=mistaken, by=world.officer)
    with time_machine.travel(beginning(date(2026, 11, 1)), tick=False):
        again = make_row(team=world.team, by=world.officer)
        TrackerRow.objects.filter(pk=again.pk).update(case=mistaken.case)

    assert counted(world.team)["new"] == 1


def test_closed_cases_are_those_that_ended_here_this_month(world: World) -> None:
    with time_machine.travel(beginning(date(2026, 10, 31)), tick=False):
        make_closed_row(team=world.team, by=world.officer)
    with time_machine.travel(beginning(date(2026, 11, 1)), tick=False):
        make_closed_row(team=world.team, by=world.officer)
        reopened = make_closed_row(team=world.team, by=world.officer)
        reopen_row(row=reopened, by=world.officer)
        move_row(row=make_row(team=world.team, by=world.officer), to=world.neighbour, by=world.officer)
        in_error = make_row(team=world.team, by=world.officer)
        error = Outcome.objects.get(code="added_in_error")
        close_row(row=in_error, outcome=error, by=world.officer)

    assert counted(world.team)["closed"] == 1


def test_a_case_that_a_workbook_brought_in_closed_was_not_closed_this_month(world: World) -> None:
    row = make_row(team=world.team, by=world.officer)
    # As an import leaves it: closed, and no closing in the log.
    TrackerRow.objects.filter(pk=row.pk).update(
        state="closed", stage=Stage.CLOSED, closed_at=timezone.now(), outcome=an_outcome()
    )

    assert TrackerRow.objects.closed_in(timezone.localdate().replace(day=1)).count() == 0


def test_difficulties_are_counted_as_waiting_from_the_day_they_were_raised(world: World) -> None:
    for days in (14, 15):
        with time_machine.travel(beginning(TODAY - timedelta(days=days)), tick=False):
            make_row(team=world.team, by=world.officer, difficulty=a_difficulty())
    make_row(team=world.team, by=world.officer)

    told = counted(world.team)

    assert (told["difficult"], told["waiting"], told["late"]) == (2, 2, 1)


def test_a_case_is_stuck_after_eight_weeks_in_a_stage(world: World) -> None:
    for days in (56, 55):
        with time_machine.travel(beginning(TODAY - timedelta(days=days)), tick=False):
            make_row(team=world.team, by=world.officer, stage=Stage.UNDERWAY)

    told = counted(world.team)

    assert (told["stuck-stage"], told["stuck-any"]) == (1, 1)


def test_a_case_is_stuck_when_its_date_has_moved_three_times(world: World) -> None:
    rows = make_rows(2, team=world.team, action="Ring the school", by_when=TODAY)
    for row, moves in zip(rows, (3, 2), strict=True):
        for move in range(moves):
            fresh = TrackerRow.objects.get(pk=row.pk)
            later = cleaned("by_when", TODAY + timedelta(weeks=move + 1))
            edit_cell(row=fresh, field="by_when", new=later, base=fresh.rev("by_when"), by=world.officer)

    assert counted(world.team)["stuck-date"] == 1


def test_localities_are_the_sums_of_their_teams(world: World) -> None:
    for team, number in ((world.team, 2), (world.neighbour, 1), (world.foreign, 4)):
        make_rows(number, team=team, stage=Stage.DECIDED)
    counts = places.counts_by_team(TrackerRow.objects.all(), TODAY)
    teams = [world.team, world.neighbour, world.foreign]

    table = places.localities_table(
        "cases", "", places.case_groups(), counts, [world.amber, world.bolsover], teams
    )

    assert [line.numbers[0].cases for line in table.lines] == [3, 4]
    assert table.foot[0].cases == 7


def test_a_team_without_a_case_has_its_line_of_noughts(world: World) -> None:
    table = places.teams_table("cases", "", places.case_groups(), {}, [world.team])

    assert {number.cases for number in table.lines[0].numbers} == {0}


def test_all_of_it_takes_the_same_statements_for_any_number_of_teams(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_row(team=world.team, by=world.officer)
    with django_assert_num_queries(5):
        places.counts_by_team(TrackerRow.objects.all(), TODAY)

    for team in (world.neighbour, world.foreign):
        make_rows(5, team=team)
    with django_assert_num_queries(5):
        places.counts_by_team(TrackerRow.objects.all(), TODAY)


@pytest.mark.parametrize("query", ["?came=2026-13", "?closed=november", "?stuck=never", "?duration=long"])
def test_an_address_with_a_wrong_value_shows_nobody(
    world: World, sign_in: Callable[[User], Client], query: str
) -> None:
    answer = sign_in(world.officer).get(f"/teams/{world.team.pk}/cases/{query}")

    assert answer.status_code == 400


def test_the_closed_cases_of_a_month_are_listed_with_their_outcome(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row = make_closed_row(team=world.team, by=world.officer)
    address = f"/localities/{world.amber.pk}/cases/?closed={timezone.localdate():%Y-%m}"
    client = sign_in(world.head)

    assert cases_behind(client, address) == 1
    assert str(row.outcome) in client.get(address).content.decode()
