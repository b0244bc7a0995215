"""A stream ends within five seconds of the right to it, and says why. On both databases."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts import seeing_as
from accounts.changes.people import add_membership, end_membership
from accounts.models import Membership, Session
from accounts.permissions import holders, rights
from accounts.roles import TEAM_PERMISSIONS, Role
from accounts.sessions import SessionStore
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.live.listening import Listener, saved_by, session_of
from tracker.live import reader

WITHIN = 5.0

Opened = Callable[..., Listener]


def test_it_says_goodbye_when_access_ends(world: World, site: str, opened: Opened) -> None:
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    end_membership(membership=Membership.objects.get(person=world.coordinator), by=None)

    bye = listener.next("bye", within=WITHIN)
    assert (bye["told"]["reason"], bye["told"]["teams"]) == ("access", [world.team.pk])
    assert listener.ended()


@pytest.mark.parametrize("question", ["holders", "required_among"])
def test_rights_that_could_not_be_asked_are_asked_again(
    world: World, site: str, opened: Opened, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")
    answers = getattr(reader, question)
    lost = Event()

    def cannot(*asked: object) -> None:
        monkeypatch.setattr(reader, question, answers)
        lost.set()
        raise OperationalError("the connection is gone")

    monkeypatch.setattr(reader, question, cannot)
    end_membership(membership=Membership.objects.get(person=world.coordinator), by=None)
    assert lost.wait(WITHIN)

    assert listener.next("bye", within=WITHIN)["told"]["reason"] == "access"


def test_what_happens_after_access_has_ended_is_not_told(world: World, site: str, opened: Opened) -> None:
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")
    end_membership(membership=Membership.objects.get(person=world.coordinator), by=None)
    listener.next("bye", within=WITHIN)

    saved_by(world.supervisor, row, "action", "Not for them")

    assert listener.ended()
    assert b"event: change" not in listener.raw


def test_it_says_goodbye_at_sign_out(world: World, site: str, opened: Opened) -> None:
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    Session.objects.all().delete()

    assert listener.next("bye", within=WITHIN)["told"]["reason"] == "signed-out"
    assert listener.ended()


def test_another_session_of_the_same_person_stays(world: World, site: str, opened: Opened) -> None:
    signed_out = opened(site, world.coordinator, world.team)
    signed_out.next("hello")
    stays = opened(site, world.coordinator, world.team)
    stays.next("hello")
    row = make_row(team=world.team)
    first = Session.objects.exclude(session_key=None).order_by("expire_date").first()
    assert first is not None

    first.delete()

    assert signed_out.next("bye", within=WITHIN)["told"]["reason"] == "signed-out"
    saved_by(world.supervisor, row, "action", "Still told")
    assert stays.next("change")["told"]["kind"] == "add"


def test_who_loses_one_of_two_teams_is_told_which(world: World, site: str, opened: Opened) -> None:
    person = world.coordinator
    second = add_membership(
        person=person,
        role=Role.TEAM_COORDINATOR,
        locality=world.bolsover,
        teams=[world.foreign],
        by=None,
    )
    listener = opened(site, person, world.team, world.foreign)
    listener.next("hello")

    end_membership(membership=second, by=None)

    assert listener.next("bye", within=WITHIN)["told"]["teams"] == [world.foreign.pk]


def test_a_right_that_is_given_to_somebody_else_ends_nothing(world: World, site: str, opened: Opened) -> None:
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    add_membership(person=world.stranger, role=Role.HEAD_OF_SERVICE, locality=world.amber, by=None)
    saved_by(world.supervisor, row, "action", "Still told")

    assert listener.next("change", "bye")["kind"] == "change"


def test_a_last_day_that_has_passed_ends_the_stream(world: World, site: str, opened: Opened) -> None:
    listener = opened(site, world.stand_in, world.team)
    listener.next("hello")
    later = timezone.now() + timedelta(days=60)
    Session.objects.update(expire_date=later, seen_at=later)

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert listener.next("bye", within=WITHIN)["told"]["reason"] == "access"


@pytest.mark.parametrize("permission", ["view_tracker", "edit_row", "manage_columns"])
def test_holders_agree_with_the_rights_of_each_person(world: World, permission: str) -> None:
    people = [world.person(role) for role in Role] + [world.person(Role.TEAM_MANAGER, elsewhere=True)]
    people.append(world.stranger)

    for team in (world.team, world.neighbour, world.foreign):
        held = holders(permission, team, [person.pk for person in people])

        assert held == {person.pk for person in people if permission in rights(person, team)}
    assert permission in TEAM_PERMISSIONS


@pytest.mark.parametrize("what", ["the seeing", "the officer's access"])
def test_a_stream_of_an_officer_who_sees_as_somebody_ends_with_it(world: World, site: str, what: str) -> None:
    listener = Listener(site, session_of(world.officer, world.coordinator), f"?teams={world.team.pk}")
    listener.next("hello")

    if what == "the seeing":
        session = SessionStore(session_key=Session.objects.get().session_key)
        del session[seeing_as.KEY]
        session.save()
    else:
        end_membership(membership=Membership.objects.get(person=world.officer), by=None)

    bye = listener.next("bye", within=WITHIN)
    assert (bye["told"]["reason"], bye["told"]["teams"]) == ("access", [world.team.pk])
    assert listener.ended()
    listener.close()
