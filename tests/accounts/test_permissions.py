"""Who may: the matrix that people signed, against what the application answers for real people."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.changes.people import add_membership, end_membership
from accounts.models import Membership, Team, TeamUserPermission, User
from accounts.permissions import holders, may, own_localities, person_of_a_request, rights, teams_with
from accounts.roles import GLOBAL_PERMISSIONS, TEAM_PERMISSIONS, Role
from tests.conftest import World
from tests.factories import make_member, make_team

SIGNED = Path(__file__).parents[1] / "data" / "permissions.csv"


def signed_matrix() -> dict[str, dict[Role, str]]:
    """The committed table: permission → role → A, L, T or -, with ` c` where a reason is asked for."""
    with SIGNED.open(newline="") as lines:
        return {
            line.pop("permission").split("|")[1].strip(): {role: line[role.label] for role in Role}
            for line in csv.DictReader(lines)
        }


def test_the_signed_matrix_names_every_permission() -> None:
    assert set(signed_matrix()) == set(TEAM_PERMISSIONS) | set(GLOBAL_PERMISSIONS)


@pytest.mark.parametrize("role", list(Role))
def test_everybody_holds_exactly_the_signed_permissions_in_each_place(world: World, role: Role) -> None:
    matrix = signed_matrix()
    person = world.person(role)
    reach = {world.team: "ALT", world.neighbour: "AL", world.foreign: "A"}

    held = {team: dict(rights(person, team).asked) for team in reach}

    for team, letters in reach.items():
        assert held[team] == {
            permission: matrix[permission][role].endswith(" c")
            for permission in TEAM_PERMISSIONS
            if matrix[permission][role][0] in letters
        }


@pytest.mark.parametrize("role", list(Role))
def test_global_permissions_are_as_signed(world: World, role: Role) -> None:
    matrix = signed_matrix()

    held = {permission for permission in GLOBAL_PERMISSIONS if may(world.person(role), permission)}

    assert held == {permission for permission in GLOBAL_PERMISSIONS if matrix[permission][role] != "-"}


@pytest.mark.parametrize("permission", list(TEAM_PERMISSIONS))
def test_the_lists_of_teams_and_of_people_agree_with_the_check_of_one(world: World, permission: str) -> None:
    closed = make_team(locality=world.amber, name="Amber Team 3")
    Team.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    closed.refresh_from_db()
    teams = [world.team, world.neighbour, world.foreign, closed]
    for role in Role:
        person = world.person(role)

        listed = set(teams_with(person, permission))
        held = {team for team in teams if person.pk in holders(permission, team, [person.pk])}

        assert listed == held == {team for team in teams if permission in rights(person, team)}


def test_a_membership_that_names_no_team_reaches_all_of_its_locality(world: World) -> None:
    person = make_member(Role.TEAM_COORDINATOR, locality=world.amber)
    own = {world.team, world.neighbour}
    assert world.foreign.pk

    assert set(teams_with(person, "edit_row")) == own


@pytest.mark.parametrize(
    ("since", "until", "counts"), [(0, 0, True), (0, None, True), (1, None, False), (-9, -1, False)]
)
def test_a_membership_counts_from_its_first_day_to_its_last(
    world: World, since: int, until: int | None, counts: bool
) -> None:
    today = timezone.localdate()
    person = make_member(
        Role.TEAM_MANAGER,
        locality=world.amber,
        teams=[world.team],
        since=today + timedelta(days=since),
        until=None if until is None else today + timedelta(days=until),
    )

    assert bool(rights(person, world.team).asked) is counts


def test_access_that_was_ended_at_once_counts_no_more(world: World) -> None:
    person = world.manager

    end_membership(membership=Membership.objects.get(person=person), by=world.officer)

    assert rights(person, world.team).asked == {}
    assert own_localities(person).get() == world.amber


def test_an_account_that_was_switched_off_holds_nothing(world: World) -> None:
    world.manager.is_active = False
    world.manager.save()

    assert rights(world.manager, world.team).asked == {}


def test_two_memberships_add_up_and_the_freer_one_decides_about_a_reason(world: World) -> None:
    person = make_member(Role.TEAM_MANAGER, locality=world.amber, teams=[world.team])
    add_membership(
        person=person, role=Role.TEAM_COORDINATOR, locality=world.bolsover, teams=[world.foreign], by=None
    )
    assert rights(person, world.team).needs_reason("change_pin")
    assert not rights(person, world.foreign).needs_reason("change_pin")

    add_membership(
        person=person, role=Role.TEAM_COORDINATOR, locality=world.amber, teams=[world.team], by=None
    )

    assert not rights(person, world.team).needs_reason("change_pin")


def test_nothing_is_ever_granted_to_a_single_person(world: World) -> None:
    for role in Role:
        world.person(role)
    assert Team.objects.exists()
    assert not TeamUserPermission.objects.exists()


@pytest.mark.parametrize(
    ("role", "teams", "until"),
    [
        (Role.STAND_IN, True, None),
        (Role.STAND_IN, False, 28),
        (Role.HEAD_OF_SERVICE, True, None),
    ],
)
def test_a_membership_that_makes_no_sense_is_refused(
    world: World, role: Role, teams: bool, until: int | None
) -> None:
    with pytest.raises(ValidationError):
        make_member(
            role,
            locality=world.amber,
            teams=[world.team] if teams else [],
            until=None if until is None else timezone.localdate() + timedelta(days=until),
        )


def test_a_question_about_one_team_is_asked_once_per_request(
    world: World, django_assert_num_queries: object
) -> None:
    person, team = person_of_a_request(world.manager.pk), world.team
    assert person
    person.rights_seen = {}
    with django_assert_num_queries(1):  # type: ignore[operator] # pytest-django gives a context manager
        rights(person, team)
        rights(person, team)


def test_rights_that_are_kept_end_with_the_first_request_after_access_has_ended(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(world.coordinator), f"/teams/{world.team.pk}/"
    assert client.get(address).status_code == 200

    end_membership(membership=Membership.objects.get(person=world.coordinator), by=None)

    assert client.get(address).status_code == 404


def test_what_somebody_may_do_is_asked_once_while_nobodys_access_changes(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, address = sign_in(world.coordinator), f"/teams/{world.team.pk}/changes/?after=0"
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    assert [query["sql"] for query in asked if "teamgrouppermission" in query["sql"]] == []
