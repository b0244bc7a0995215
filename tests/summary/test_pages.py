"""The Summary of a team, a locality, the council: who sees it, what it says, where its numbers lead."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import Role
from summary.views import summaries
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_closed_row, make_row
from tests.summary.known import disagreeing, fill, numbers
from tracker.models import Difficulty, Need

SignIn = Callable[[User], Client]


def team_page(world: World) -> str:
    return f"/teams/{world.team.pk}/summary/"


def locality_page(world: World) -> str:
    return f"/localities/{world.amber.pk}/summary/"


def council_page(world: World) -> str:
    return "/summary/"


# What counts cases of a month, whatever became of them.
MONTHS = re.compile(r"\?(came|closed)=")
PAGES = pytest.mark.parametrize("address", [team_page, locality_page, council_page])
Address = Callable[[World], str]


@PAGES
def test_every_number_equals_the_cases_that_its_link_shows(
    world: World, sign_in: SignIn, address: Address
) -> None:
    for team in (world.team, world.neighbour, world.foreign):
        fill(team, by=world.officer, today=timezone.localdate())

    assert disagreeing(sign_in(world.officer), address(world)) == []


@PAGES
def test_numbers_of_words_that_are_not_on_offer_open_their_cases_too(
    world: World, sign_in: SignIn, address: Address
) -> None:
    fill(world.team, by=world.officer, today=timezone.localdate())
    need, difficulty = a_need(1), a_difficulty(0)
    Need.objects.filter(pk=need.pk).update(retired=True)
    Difficulty.objects.filter(pk=difficulty.pk).update(reviewed=False)
    client = sign_in(world.officer)

    assert disagreeing(client, address(world), about=f"needed={need.pk}") == []
    assert disagreeing(client, address(world), about=f"difficulty={difficulty.pk}") == []


@PAGES
def test_an_empty_place_says_so_and_has_noughts_for_everything(
    world: World, sign_in: SignIn, address: Address
) -> None:
    page = sign_in(world.officer).get(address(world)).content.decode()

    counted = [number.cases for number in numbers(page)]
    assert "There is no open case here yet" in page
    assert len(counted) > 100
    assert set(counted) == {0}


@PAGES
def test_a_summary_cannot_be_posted_to(world: World, sign_in: SignIn, address: Address) -> None:
    assert sign_in(world.officer).post(address(world)).status_code == 405


@PAGES
def test_a_summary_costs_the_same_for_10_and_200_cases(
    world: World, sign_in: SignIn, address: Address
) -> None:
    client = sign_in(world.officer)
    client.get(address(world))  # what a person may do is asked once
    cost = []
    for more in (10, 190):
        for number in range(more):
            make_row(team=world.team, by=world.officer, needed=a_need(number % 3))
        with CaptureQueriesContext(
            connection,
        ) as statements:
            client.get(address(world))
        cost.append(len(statements))

    assert cost[0] == cost[1]


def test_the_first_sentence_says_the_main_numbers(world: World, sign_in: SignIn) -> None:
    fill(world.team, by=world.officer, today=timezone.localdate())

    page = sign_in(world.coordinator).get(team_page(world)).content.decode()

    assert [number.cases for number in numbers(page)][:5] == [6, 2, 1, 1, 1]


def test_closed_cases_are_in_no_number(world: World, sign_in: SignIn) -> None:
    make_closed_row(team=world.team, by=world.officer, needed=a_need(0))

    page = sign_in(world.coordinator).get(team_page(world)).content.decode()

    counted = {number.cases for number in numbers(page) if not MONTHS.search(number.address)}
    assert counted == {0}


def test_a_locality_does_not_count_another_one(world: World, sign_in: SignIn) -> None:
    make_row(team=world.foreign, by=world.officer)

    page = sign_in(world.head).get(locality_page(world)).content.decode()

    assert {number.cases for number in numbers(page)} == {0}


def test_the_numbers_come_with_bars_that_keep_to_the_policy(world: World, sign_in: SignIn) -> None:
    fill(world.team, by=world.officer, today=timezone.localdate())

    answer = sign_in(world.coordinator).get(team_page(world))

    assert '<rect width="100%" height="12" fill="currentColor" />' in answer.content.decode()
    assert "style=" not in answer.content.decode()
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_opening_a_summary_shows_no_rows_and_leaves_no_entry(world: World, sign_in: SignIn) -> None:
    sign_in(world.officer).get(team_page(world))

    assert not AuditEvent.objects.filter(kind=AuditEvent.Kind.VIEW).exists()


def test_a_label_is_text_on_the_page(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, by=world.officer, needed=a_need(0))
    Need.objects.filter(pk=a_need(0).pk).update(label="</script><b>Ring", reviewed=False)

    page = sign_in(world.officer).get(team_page(world)).content.decode()

    assert "</script><b>" not in page
    assert "&lt;/script&gt;&lt;b&gt;Ring" in page


@pytest.mark.parametrize(
    ("role", "team", "locality", "council"),
    [
        (Role.PERFORMANCE_OFFICER, 200, 200, 200),
        (Role.TEAM_COORDINATOR, 200, 200, 403),
        (Role.PRACTICE_SUPERVISOR, 200, 200, 403),
        (Role.TEAM_MANAGER, 200, 200, 403),
        (Role.HEAD_OF_SERVICE, 200, 200, 403),
        (Role.STAND_IN, 200, 404, 403),
    ],
)
def test_each_role_sees_the_summaries_of_its_reach(
    world: World, sign_in: SignIn, role: Role, team: int, locality: int, council: int
) -> None:
    _ = world.neighbour
    client = sign_in(world.person(role))

    answers = [client.get(address(world)).status_code for address in (team_page, locality_page, council_page)]

    assert answers == [team, locality, council]


@pytest.mark.parametrize("address", [team_page, locality_page])
def test_a_summary_of_another_locality_does_not_exist(
    world: World, sign_in: SignIn, address: Address
) -> None:
    stranger = world.person(Role.TEAM_COORDINATOR, elsewhere=True)

    assert sign_in(stranger).get(address(world)).status_code == 404


def test_very_many_localities_are_told_page_by_page_with_the_sum_of_all(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "LOCALITIES_A_PAGE", 1)
    for team in (world.team, world.foreign):
        make_row(team=team, by=world.officer)

    page = sign_in(world.officer).get("/summary/", {"page": 2}).content.decode()

    table = page[page.index("Open cases, by locality") : page.index("What moves and what waits, by locality")]
    assert world.bolsover.name in table
    assert world.amber.name not in table
    assert re.findall(r'show=all"\s+data-cases="(\d+)"', table) == ["1", "2"]
