"""Moving a case from its own page: to a team of the list, or by an officer to one that is named."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_row, make_team
from tracker.models import TrackerRow

SignIn = Callable[[User], Client]


def move(client: Client, row: TrackerRow, **told: object) -> Any:
    """The answer to the form. It has attributes that the test client's type does not know: Any."""
    return client.post(reverse("move", args=[row.pk]), {"op": uuid4(), **told})


def open_on(row: TrackerRow) -> str:
    """The team on whose tracker the case is open."""
    return str(TrackerRow.objects.open().get(case=row.case_id).team)


def test_a_manager_chooses_a_team_of_the_locality(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)

    answer = move(sign_in(world.manager), row, team=world.neighbour.pk)

    assert (answer.status_code, open_on(row)) == (302, "Amber Team 2")


def test_an_officer_names_a_team_of_another_locality(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    assert world.foreign.pk

    answer = move(sign_in(world.officer), row, elsewhere=" bolsover TEAM 1 ", reason="They have moved")

    assert (answer.status_code, open_on(row)) == (302, "Bolsover Team 1")


def test_a_name_that_no_team_has_is_refused_with_those_alike(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    assert world.foreign.pk

    answer = move(sign_in(world.officer), row, elsewhere="Bolsover Team", reason="They have moved")

    assert (answer.status_code, open_on(row)) == (422, "Amber Team 1")
    assert (
        "No team that works is called “Bolsover Team”. There is Bolsover Team 1." in answer.content.decode()
    )


def test_one_team_is_chosen_not_two_and_not_none(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    client = sign_in(world.officer)

    both = move(client, row, team=world.neighbour.pk, elsewhere=world.foreign.name, reason="They have moved")
    none = move(client, row)

    assert (both.status_code, "not both" in both.content.decode()) == (422, True)
    assert (none.status_code, "Choose the team." in none.content.decode()) == (422, True)
    assert open_on(row) == "Amber Team 1"


def test_who_may_not_move_it_so_far_names_no_team(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    client = sign_in(world.manager)

    answer = move(client, row, elsewhere=world.foreign.name, reason="They have moved")

    assert (answer.status_code, open_on(row)) == (422, "Amber Team 1")
    assert 'name="elsewhere"' not in client.get(reverse("row", args=[row.pk])).content.decode()


def test_the_page_lists_no_team_of_another_locality(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    client = sign_in(world.officer)
    assert world.neighbour.pk
    before = client.get(reverse("row", args=[row.pk])).content.decode()

    for number in range(30):
        make_team(locality=world.bolsover, name=f"Far Team {number}")

    after = client.get(reverse("row", args=[row.pk])).content.decode()
    assert "Amber Team 2</option>" in before
    assert after.count("<option") == before.count("<option")
