"""A team moves with all that is its own, or closes and hands its open cases over."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Refused, rights, teams_with
from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_closed_row, make_member, make_row
from tracker.changes.places import close_team, move_team
from tracker.changes.refusals import Invalid
from tracker.choices import RowState, Stage
from tracker.models import Case, Change, TrackerRow

SignIn = Callable[[User], Client]


def test_closing_hands_every_open_case_to_the_heir_with_its_working_values(
    world: World, sign_in: SignIn
) -> None:
    row = make_row(team=world.team, pin="000001", stage=Stage.UNDERWAY, action="Visit")
    closed = make_closed_row(team=world.team)
    page = sign_in(world.officer).get(reverse("move_team", args=[world.team.pk]))
    op = page.context["closing"]["op"].value()

    answer = sign_in(world.officer).post(
        reverse("move_team", args=[world.team.pk]), {"act": "close", "heir": world.neighbour.pk, "op": op}
    )

    assert answer.status_code == 302
    new = TrackerRow.objects.get(team=world.neighbour)
    row.refresh_from_db()
    closed.refresh_from_db()
    assert (row.state, closed.state, new.state) == (RowState.CLOSED, RowState.CLOSED, RowState.OPEN)
    assert (new.case_id, new.stage, new.action) == (row.case_id, Stage.UNDERWAY, "Visit")
    assert Change.objects.filter(row=new).count() == 1


def test_a_closed_team_is_read_and_not_written_and_leaves_the_lists(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)
    close_team(team=world.team, heir=world.neighbour, by=world.officer)
    client = sign_in(world.manager)

    tracker = client.get(reverse("tracker", args=[world.team.pk]))
    added = client.post(reverse("add_case", args=[world.team.pk]), {"person": "New Child"})
    home = client.get("/", follow=True)

    assert tracker.status_code == 200
    assert added.status_code == 403
    assert client.get(reverse("history", args=[row.pk])).status_code == 200
    assert f'href="{reverse("tracker", args=[world.team.pk])}"' not in home.content.decode()


@pytest.mark.parametrize("heir", ["itself", "elsewhere", "closed"])
def test_an_heir_must_be_a_working_team_of_the_locality(world: World, heir: str) -> None:
    make_row(team=world.team)
    if heir == "closed":
        close_team(team=world.neighbour, heir=world.team, by=world.officer)
    heirs = {"itself": world.team, "elsewhere": world.foreign, "closed": world.neighbour}

    with pytest.raises(Invalid):
        close_team(team=world.team, heir=heirs[heir], by=world.officer)

    assert TrackerRow.objects.open().filter(team=world.team).count() == 1


def test_a_moved_team_takes_its_cases_and_people_along_and_leaves_the_others_behind(world: World) -> None:
    row = make_row(team=world.team, pin="000001")
    closed = make_closed_row(team=world.team, pin="000002")
    stays = make_row(team=world.neighbour, pin="000003")
    both = make_member(Role.TEAM_COORDINATOR, locality=world.amber, teams=[world.team, world.neighbour])
    whole = make_member(Role.TEAM_COORDINATOR, locality=world.amber)
    there = make_member(Role.TEAM_COORDINATOR, locality=world.bolsover)

    move_team(team=world.team, to=world.bolsover, by=world.officer)

    localities = {case.pk: case.locality for case in Case.objects.select_related("locality")}
    assert localities[row.case_id] == localities[closed.case_id] == world.bolsover
    assert localities[stays.case_id] == world.amber
    writers = {one: "edit_row" in rights(one, world.team) for one in (both, whole, there, world.manager)}
    assert writers == {both: True, whole: False, there: True, world.manager: True}
    assert "edit_row" in rights(both, world.neighbour)
    assert not teams_with(whole, "view_tracker").filter(pk=world.team.pk).exists()


def test_pins_that_the_other_locality_has_stop_the_move_by_name(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, pin="000001")
    make_row(team=world.foreign, pin="000001")

    answer = sign_in(world.officer).post(
        reverse("move_team", args=[world.team.pk]), {"act": "move", "locality": world.bolsover.pk}
    )

    assert answer.status_code == 422
    assert "000001" in answer.content.decode()
    world.team.refresh_from_db()
    assert world.team.locality == world.amber


def test_a_team_with_others_rights_left_behind_is_refused_to_them(world: World, sign_in: SignIn) -> None:
    client = sign_in(make_member(Role.TEAM_COORDINATOR, locality=world.amber))
    tracker = reverse("tracker", args=[world.team.pk])
    assert client.get(tracker).status_code == 200

    move_team(team=world.team, to=world.bolsover, by=world.officer)

    assert client.get(tracker).status_code == 404


def test_writing_needs_the_officer(world: World) -> None:
    for person in (world.manager, world.coordinator, world.head):
        with pytest.raises(Refused, match="localities and teams"):
            move_team(team=world.team, to=world.bolsover, by=person)
