"""Asking for access: from a refusal to the officer's answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.changes.places import name_contact_officer
from accounts.changes.requests import ask_for_access
from accounts.links import request_key, request_of
from accounts.models import AccessRequest, Notice, User
from accounts.permissions import rights
from accounts.roles import Role
from tests.conftest import World

SignIn = Callable[[User], Client]


def wish(world: World) -> AccessRequest:
    """The stranger's wish to be a team manager of Amber Team 1."""
    return ask_for_access(
        person=world.stranger, role=Role.TEAM_MANAGER, locality=world.amber, team=world.team, why="New here"
    )


def asked(world: World, **given: str) -> dict[str, str]:
    """What the form sends."""
    return {"place": f"team-{world.team.pk}", "role": Role.TEAM_MANAGER, "why": "I start on Monday"} | given


def test_a_refusal_and_the_empty_home_lead_to_the_request(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.stranger)

    pages = [client.get("/"), client.get(reverse("tracker", args=[world.team.pk]))]

    assert all(f'href="{reverse("ask")}"' in page.content.decode() for page in pages)


@pytest.mark.django_db(transaction=True)
def test_a_request_is_told_to_the_contact_officer_and_one_press_answers_it(
    world: World, sign_in: SignIn, settings: LazySettings
) -> None:
    settings.EMAIL_HOST = "mail.council.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    name_contact_officer(locality=world.amber, officer=world.officer, by=None)
    answer = sign_in(world.stranger).post(reverse("ask"), asked(world))
    assert answer.status_code == 302
    one = AccessRequest.objects.get()
    told = Notice.objects.get(person=world.officer)
    opened = resolve(told.address)
    assert (opened.url_name, request_of(opened.kwargs["link"])) == ("request_by_link", one)
    assert told.address in mail.outbox[0].body
    officer = sign_in(world.officer)
    assert "Give access" in officer.get(told.address).content.decode()

    officer.post(reverse("answer_request", args=[one.pk]), {"grant": "1"})

    assert "close_row" in rights(world.stranger, world.team)
    assert "You now have access" in Notice.objects.get(person=world.stranger).text


def test_the_asker_reads_why_not(world: World, sign_in: SignIn) -> None:
    one = wish(world)

    sign_in(world.officer).post(reverse("answer_request", args=[one.pk]), {"answer": "Ask your manager"})

    home = sign_in(world.stranger).get("/").content.decode()
    assert "Ask your manager" in home
    assert not world.stranger.memberships.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"place": "team-987654"}, "Select a valid choice"),
        ({"place": ""}, "This field is required."),
        ({"role": Role.PERFORMANCE_OFFICER}, "Select a valid choice"),
        ({"why": "  "}, "This field is required."),
        ({"why": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_request_that_says_too_little_is_not_sent(
    world: World, sign_in: SignIn, wrong: dict[str, str], sentence: str
) -> None:
    answer = sign_in(world.stranger).post(reverse("ask"), asked(world, **wrong))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AccessRequest.objects.exists()


def test_the_same_is_not_asked_twice(world: World, sign_in: SignIn) -> None:
    wish(world)

    answer = sign_in(world.stranger).post(reverse("ask"), asked(world))

    assert answer.status_code == 422
    assert "You have asked for this already" in answer.content.decode()


def test_of_two_officers_the_second_is_told_that_it_is_answered(world: World, sign_in: SignIn) -> None:
    one = wish(world)
    officer = sign_in(world.officer)
    officer.post(reverse("answer_request", args=[one.pk]), {"answer": "No"})

    second = officer.post(reverse("answer_request", args=[one.pk]), {"grant": "1"})

    assert second.status_code == 422
    assert "has been answered already" in second.content.decode()
    assert not world.stranger.memberships.exists()


def test_refusing_without_a_reason_is_not_done(world: World, sign_in: SignIn) -> None:
    one = wish(world)

    answer = sign_in(world.officer).post(reverse("answer_request", args=[one.pk]), {"answer": " "})

    assert answer.status_code == 422
    assert AccessRequest.objects.get().answered_at is None


def test_the_link_of_a_mail_ends_after_a_fortnight(world: World, sign_in: SignIn) -> None:
    address = reverse("request_by_link", args=[request_key(wish(world))])

    with time_machine.travel(timezone.now() + timedelta(days=15)):
        late = sign_in(world.officer).get(address)

    assert late.status_code == 404
    assert sign_in(world.officer).get(address + "x").status_code == 404


def test_requests_wait_on_the_officers_home_page(world: World, sign_in: SignIn) -> None:
    wish(world)

    home = sign_in(world.officer).get("/").content.decode()

    assert "1 person asks for access" in home


def test_only_an_officer_answers_for_a_locality(world: World) -> None:
    with pytest.raises(ValidationError):
        name_contact_officer(locality=world.amber, officer=world.manager, by=world.officer)
