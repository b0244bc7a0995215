"""Difficulties to answer: by kind across teams, and one by one, the longest wait first."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from summary import queries
from tests.conftest import World
from tests.factories import a_difficulty, make_row, make_rows
from tests.summary.known import disagreeing
from tracker.changes.answers import answer_difficulty
from tracker.models import Difficulty, TrackerRow

SignIn = Callable[[User], Client]


def page_of(world: World) -> str:
    return f"/localities/{world.amber.pk}/difficulties/"


def test_kinds_are_counted_across_teams(world: World) -> None:
    make_rows(2, team=world.team, difficulty=a_difficulty(0))
    make_rows(1, team=world.neighbour, difficulty=a_difficulty(0))
    make_rows(1, team=world.neighbour, difficulty=a_difficulty(3))
    teams = [world.team.pk, world.neighbour.pk]

    kinds = queries.difficulties_across(TrackerRow.objects.all(), Difficulty.objects.all(), "team", teams)

    told = {kind.label: [number.cases for number in (*kind.places, kind.total)] for kind in kinds}
    assert told == {a_difficulty(0).label: [2, 1, 3], a_difficulty(3).label: [0, 1, 1]}


def test_what_waits_comes_before_what_is_answered_and_the_longest_wait_first(world: World) -> None:
    now = timezone.now()
    rows = []
    for days in (30, 3, 20):
        with time_machine.travel(now - timedelta(days=days), tick=False):
            rows.append(make_row(team=world.team, by=world.officer, difficulty=a_difficulty()))
    answer_difficulty(row=rows[0], difficulty=a_difficulty(), text="Soon", base=0, by=world.head)

    assert list(queries.waiting_first(TrackerRow.objects.all())) == [rows[2], rows[1], rows[0]]


def test_a_head_of_service_answers_on_the_page(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, by=world.officer, difficulty=a_difficulty())
    client = sign_in(world.head)
    told = {"op": uuid4(), "base": 0, "difficulty": a_difficulty().pk, "answer": "I ring them today."}

    answer = client.post(f"/rows/{row.pk}/answer/", told, follow=True)

    assert answer.redirect_chain == [(page_of(world), 302)]
    assert "I ring them today." in answer.content.decode()


def test_an_answer_that_is_two_weeks_late_is_marked(world: World, sign_in: SignIn) -> None:
    for days in (14, 15):
        with time_machine.travel(timezone.now() - timedelta(days=days), tick=False):
            make_row(team=world.team, by=world.officer, difficulty=a_difficulty())

    page = sign_in(world.head).get(page_of(world)).content.decode()

    assert page.count("no answer for two weeks") == 1


def test_home_lists_what_waits_for_a_head_of_service_and_for_nobody_else(
    world: World, sign_in: SignIn
) -> None:
    make_rows(2, team=world.team, difficulty=a_difficulty())
    make_row(team=world.foreign, by=world.officer, difficulty=a_difficulty())
    assert world.neighbour.pk
    told = "2 difficulties wait for an answer in Amber"

    pages = {who: sign_in(who).get("/").content.decode() for who in (world.head, world.officer)}

    assert [told in pages[world.head], "wait for an answer" in pages[world.officer]] == [True, False]


def test_who_cannot_answer_reads_and_has_no_form(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, by=world.officer, difficulty=a_difficulty())

    page = sign_in(world.manager).get(page_of(world)).content.decode()

    assert "Waits for an answer" in page
    assert "<textarea" not in page


def test_every_number_opens_its_rows(world: World, sign_in: SignIn) -> None:
    make_rows(2, team=world.team, difficulty=a_difficulty())

    for address in (page_of(world), "/difficulties/"):
        assert disagreeing(sign_in(world.officer), address) == []


def test_the_page_takes_the_same_statements_for_few_and_many_cases(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    cost = []
    for more in (2, 40):
        make_rows(more, team=world.team, difficulty=a_difficulty())
        with CaptureQueriesContext(
            connection,
        ) as statements:
            client.get(page_of(world))
        cost.append(len(statements))

    assert cost[0] == cost[1]
