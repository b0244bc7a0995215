"""The page of expected closures: what it says of each case, and where the month is typed."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from summary.closures import closure_of, expected
from tests.conftest import World
from tests.factories import a_difficulty, cleaned, make_row, make_rows
from tests.summary.known import disagreeing
from tracker.changes.edit import edit_cell
from tracker.choices import Stage
from tracker.models import TrackerRow
from tracker.months import first_of_month

SignIn = Callable[[User], Client]
TODAY = date(2026, 11, 24)


def page_of(world: World) -> str:
    return f"/teams/{world.team.pk}/closures/"


PAGES = pytest.mark.parametrize("where", ["team", "locality", "council"])


def address(world: World, where: str) -> str:
    team, locality = world.team.pk, world.amber.pk
    return {
        "team": f"/teams/{team}/closures/",
        "locality": f"/localities/{locality}/closures/",
        "council": "/closures/",
    }[where]


def write(world: World, row: TrackerRow, field: str, *values: object) -> None:
    for value in values:
        fresh = TrackerRow.objects.get(pk=row.pk)
        new = cleaned(field, value)
        edit_cell(row=fresh, field=field, new=new, base=fresh.rev(field), by=world.officer)


@pytest.mark.parametrize(
    ("values", "month", "source"),
    [
        ({"expected_month": date(2026, 12, 1), "next_meeting": date(2027, 2, 3)}, date(2026, 12, 1), "typed"),
        ({"next_meeting": date(2027, 2, 3), "by_when": TODAY}, date(2027, 2, 1), "from the next CIN meeting"),
        ({"by_when": date(2026, 11, 30)}, date(2026, 11, 1), "from By when"),
        ({}, None, ""),
    ],
)
def test_the_month_is_the_typed_one_or_else_that_of_a_date_and_says_which(
    world: World, values: dict[str, date], month: date | None, source: str
) -> None:
    make_row(team=world.team, by=world.officer, stage=Stage.DECIDED, **values)

    told = closure_of(expected(TrackerRow.objects.all()).get(), TODAY)

    assert (told.month, told.source, told.passed) == (month, source, False)


def test_a_month_that_is_over_has_passed(world: World) -> None:
    make_row(team=world.team, by=world.officer, stage=Stage.DECIDED, expected_month=date(2026, 10, 1))

    assert closure_of(expected(TrackerRow.objects.all()).get(), TODAY).passed


def test_it_counts_how_often_the_month_was_put_off_and_the_stage_went_back(world: World) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)
    # Typed first, brought forward, put off; back, forth, and between the two closing stages.
    write(world, row, "expected_month", *(date(2026, month, 1) for month in (12, 11, 12)))
    write(world, row, "stage", Stage.UNDERWAY, Stage.IDENTIFIED, Stage.DECIDED, Stage.IDENTIFIED)

    told = closure_of(expected(TrackerRow.objects.all()).get(), TODAY)

    assert (told.moved, told.went_back) == (1, 1)


def test_only_the_two_closing_stages_are_expected_to_close(world: World) -> None:
    for stage in Stage.values[:-1]:
        make_row(team=world.team, by=world.officer, stage=stage, expected_month=date(2026, 12, 1))

    assert {row.stage for row in expected(TrackerRow.objects.all())} == {"identified", "decided"}


def test_who_may_edit_types_the_month_on_the_page(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)

    answer = sign_in(world.manager).post(f"/rows/{row.pk}/expected-month/", {"base": 0, "month": "12/26"})

    row.refresh_from_db()
    assert answer.status_code == 302
    assert row.expected_month == date(2026, 12, 1)


@pytest.mark.parametrize("typed", ["13/26", "soon"])
def test_what_is_no_month_is_refused_beside_its_case_and_kept(
    world: World, sign_in: SignIn, typed: str
) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)

    answer = sign_in(world.manager).post(f"/rows/{row.pk}/expected-month/", {"base": 0, "month": typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is not a month. Write it like 12/26" in page
    assert f'value="{typed}"' in page


def test_a_month_that_somebody_else_has_typed_meanwhile_is_not_overwritten(
    world: World, sign_in: SignIn
) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)
    write(world, row, "expected_month", date(2026, 12, 1))

    answer = sign_in(world.manager).post(f"/rows/{row.pk}/expected-month/", {"base": 0, "month": "1/27"})

    row.refresh_from_db()
    assert answer.status_code == 422
    assert row.expected_month == date(2026, 12, 1)


def test_a_head_of_service_reads_the_months_and_types_none(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED, difficulty=a_difficulty())
    client = sign_in(world.head)

    page = client.get(page_of(world)).content.decode()

    assert str(a_difficulty()) in page
    assert '<form method="post" action="/rows/' not in page
    assert client.post(f"/rows/{row.pk}/expected-month/", {"base": 0, "month": "1/27"}).status_code == 403


@PAGES
def test_every_number_of_the_ledger_opens_its_rows(world: World, sign_in: SignIn, where: str) -> None:
    month = first_of_month(timezone.localdate(), -2)
    for team in (world.team, world.neighbour, world.foreign):
        row = make_row(team=team, by=world.officer, stage=Stage.DECIDED, expected_month=month)
        # As if it had come before the months that the ledger shows.
        TrackerRow.objects.filter(pk=row.pk).update(opened_at=timezone.now() - timedelta(days=400))

    assert disagreeing(sign_in(world.officer), address(world, where), about="ledger=") == []


@PAGES
def test_the_page_takes_the_same_statements_for_few_and_many_cases(
    world: World, sign_in: SignIn, where: str
) -> None:
    client = sign_in(world.officer)
    cost = []
    for more in (3, 40):
        make_rows(more, team=world.team, stage=Stage.DECIDED, difficulty=a_difficulty())
        with CaptureQueriesContext(
            connection,
        ) as statements:
            client.get(address(world, where))
        cost.append(len(statements))

    assert cost[0] == cost[1]


@pytest.mark.parametrize("query", ["?page=2", "?page=last", "?stage=decided"])
def test_an_address_that_asks_for_something_unknown_is_not_found(
    world: World, sign_in: SignIn, query: str
) -> None:
    assert sign_in(world.officer).get(page_of(world) + query).status_code == 404
