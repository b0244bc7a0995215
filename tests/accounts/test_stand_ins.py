"""A team manager names a stand-in; time begins and ends it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.changes.stand_ins import approve_stand_in, withdraw_approval
from accounts.models import Membership, Notice, User
from accounts.permissions import rights
from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_person

SignIn = Callable[[User], Client]


def day(offset: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def approved(world: World) -> User:
    """An experienced social worker whom an officer has approved for Amber."""
    person = make_person(name="Sam Worker", password="correct horse battery")
    approve_stand_in(person=person, locality=world.amber, by=world.officer)
    return person


def name(client: Client, world: World, person: User, since: int, until: int) -> int:
    """Sends the form; the status it answers."""
    given = {
        "person": str(person.pk),
        "since": day(since).isoformat(),
        "until": day(until).isoformat(),
        "reason": "Annual leave",
    }
    return client.post(reverse("stand_in", args=[world.team.pk]), given).status_code


def test_it_begins_and_ends_by_itself(world: World, sign_in: SignIn, approved: User) -> None:
    assert name(sign_in(world.manager), world, approved, 1, 5) == 302

    seen = {}
    for offset in (0, 1, 5, 6):
        with time_machine.travel(timezone.now() + timedelta(days=offset)):
            seen[offset] = "edit_row" in rights(approved, world.team)

    assert seen == {0: False, 1: True, 5: True, 6: False}


def test_who_has_ended_reads_a_sentence(world: World, sign_in: SignIn, approved: User) -> None:
    name(sign_in(world.manager), world, approved, 0, 5)
    Notice.objects.filter(person=approved).delete()

    with time_machine.travel(timezone.now() + timedelta(days=6)):
        home = sign_in(approved).get("/").content.decode()

    assert f"Your time as stand-in of Amber Team 1 ended on {day(5):%d/%m/%y}." in home


def test_the_officer_and_the_stand_in_are_told(world: World, sign_in: SignIn, approved: User) -> None:
    name(sign_in(world.manager), world, approved, 0, 27)

    told = {notice.person: notice.text for notice in Notice.objects.all()}
    assert set(told) == {world.officer, approved}
    assert "named Sam Worker as stand-in of Amber Team 1" in told[world.officer]


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [(0, 27, 302), (0, 28, 422), (-1, 5, 422), (3, 2, 422), (0, 0, 302)],
)
def test_at_most_28_days_from_today_on(
    world: World, sign_in: SignIn, approved: User, since: int, until: int, status: int
) -> None:
    assert name(sign_in(world.manager), world, approved, since, until) == status
    assert Membership.objects.filter(role=Role.STAND_IN).exists() == (status == 302)


def test_an_officer_may_name_somebody_for_longer(world: World, sign_in: SignIn, approved: User) -> None:
    assert name(sign_in(world.officer), world, approved, 0, 60) == 302


def test_nobody_stands_in_for_more_than_a_year(world: World, sign_in: SignIn, approved: User) -> None:
    assert name(sign_in(world.officer), world, approved, 0, 366) == 422
    assert name(sign_in(world.officer), world, approved, 0, 365) == 302


@pytest.mark.parametrize("who", ["stranger", "approved elsewhere", "withdrawn", "left"])
def test_only_approved_people_can_be_named(world: World, sign_in: SignIn, approved: User, who: str) -> None:
    person = approved
    if who == "stranger":
        person = world.stranger
    elif who == "approved elsewhere":
        person = make_person()
        approve_stand_in(person=person, locality=world.bolsover, by=world.officer)
    elif who == "withdrawn":
        withdraw_approval(approval=approved.stand_in_approvals.get(), by=world.officer)
    else:
        User.objects.filter(pk=approved.pk).update(is_active=False)

    assert name(sign_in(world.manager), world, person, 0, 5) == 422
    assert not Membership.objects.filter(role=Role.STAND_IN).exists()


def test_stand_ins_that_end_soon_wait_on_the_officers_home_page(
    world: World, sign_in: SignIn, approved: User
) -> None:
    name(sign_in(world.officer), world, approved, 0, 6)

    home = sign_in(world.officer).get("/").content.decode()

    assert f"Sam Worker stands in until {day(6):%d/%m/%y}" in home
