"""The lists that the numbers of a locality and of the council open."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, User
from accounts.roles import Role
from summary.views import cases
from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tracker.choices import Stage

SignIn = Callable[[User], Client]
COUNCIL = "/cases/"


def locality_list(world: World) -> str:
    return f"/localities/{world.amber.pk}/cases/"


def test_a_list_shows_the_open_cases_of_the_localitys_teams_and_where_they_are(
    world: World, sign_in: SignIn
) -> None:
    row = make_row(team=world.neighbour, by=world.officer, person="Ed Test", pin="000002")
    make_closed_row(team=world.team, by=world.officer, person="Gone Away")
    make_row(team=world.foreign, by=world.officer, person="Else Where")

    page = sign_in(world.head).get(locality_list(world)).content.decode()

    assert f'<a href="/teams/{world.neighbour.pk}/#row-{row.pk}">Ed Test</a>' in page
    assert "000002" in page
    assert "Gone Away" not in page
    assert "Else Where" not in page


def test_a_list_says_how_many_of_all_it_shows_and_by_what_it_is_narrowed(
    world: World, sign_in: SignIn
) -> None:
    for stage in (Stage.DECIDED, Stage.UNDERWAY, Stage.UNDERWAY):
        make_row(team=world.team, by=world.officer, stage=stage)

    page = sign_in(world.head).get(locality_list(world) + "?stage=decided").content.decode()

    assert 'data-shown="1"' in page
    assert 'data-total="3"' in page
    assert "1 of 3 shown, 2 hidden by Stage" in page


def test_a_passed_date_is_said_in_words(world: World, sign_in: SignIn) -> None:
    due = timezone.localdate() - timedelta(days=3)
    make_row(team=world.team, by=world.officer, by_when=due)

    page = sign_in(world.head).get(locality_list(world)).content.decode()

    assert "3 days over" in page
    assert f'<time datetime="{due:%Y-%m-%d}">{due:%d/%m/%y}</time>' in page


@pytest.mark.parametrize("query", ["?stage=nowhere", "?colour=red", "?page=7", "?page=last"])
def test_an_address_that_asks_for_something_unknown_is_refused_in_words_and_shows_nobody(
    world: World, sign_in: SignIn, query: str
) -> None:
    make_row(team=world.team, by=world.officer, person="Ed Test")

    answer = sign_in(world.head).get(locality_list(world) + query)

    assert answer.status_code == 400
    assert 'data-kind="error"' in answer.content.decode()
    assert "Ed Test" not in answer.content.decode()


def test_a_long_list_comes_in_pages_that_keep_the_filter(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "CASES_A_PAGE", 2)
    for _ in range(3):
        make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)

    page = sign_in(world.head).get(locality_list(world) + "?stage=decided").content.decode()

    assert page.count("data-row=") == 2
    assert 'data-shown="3"' in page
    assert 'href="?stage=decided&amp;page=2"' in page


def test_a_list_is_sorted_by_its_heading_across_teams(world: World, sign_in: SignIn) -> None:
    for team, person in ((world.team, "Bea"), (world.neighbour, "Abe"), (world.team, "Cyd")):
        make_row(team=team, by=world.officer, person=person)

    page = sign_in(world.head).get(locality_list(world) + "?sort=-person").content.decode()

    assert page.index("Cyd") < page.index("Bea") < page.index("Abe")
    assert 'aria-sort="descending"' in page


def test_opening_a_list_leaves_one_entry_with_the_rows_shown(world: World, sign_in: SignIn) -> None:
    shown = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)
    make_row(team=world.team, by=world.officer)

    sign_in(world.head).get(locality_list(world) + "?stage=decided")

    entry = AuditEvent.objects.get(kind=AuditEvent.Kind.VIEW)
    assert entry.row_ids == [shown.pk]
    assert (entry.actor_id, entry.locality_id) == (world.head.pk, world.amber.pk)


def test_a_list_costs_the_same_for_3_and_30_cases(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)
    _ = world.team, world.foreign
    client.get(COUNCIL)
    cost = []
    for more in (3, 27):
        for number in range(more):
            make_row(team=(world.team, world.foreign)[number % 2], by=world.officer)
        with CaptureQueriesContext(connection) as statements:
            client.get(COUNCIL)
        cost.append(len(statements))

    assert cost[0] == cost[1]


def test_the_list_of_another_locality_does_not_exist(world: World, sign_in: SignIn) -> None:
    stranger = world.person(Role.TEAM_COORDINATOR, elsewhere=True)

    assert sign_in(stranger).get(locality_list(world)).status_code == 404


def test_a_stand_in_who_sees_one_team_gets_no_list_of_the_locality(world: World, sign_in: SignIn) -> None:
    _ = world.neighbour

    assert sign_in(world.stand_in).get(locality_list(world)).status_code == 404


def test_the_list_of_all_localities_is_refused_to_a_head_of_service(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.head).get(COUNCIL).status_code == 403


def test_a_list_cannot_be_posted_to(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.head).post(locality_list(world)).status_code == 405
