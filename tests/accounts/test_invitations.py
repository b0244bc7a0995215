"""The link that sets a password: from an officer, or by mail to whoever forgot theirs."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import mail
from accounts.changes.people import end_access
from accounts.models import AuditEvent, Session, User
from tests.conftest import World
from tests.factories import PASSWORD, make_person

SignIn = Callable[[User], Client]
LINK = re.compile(r"/invitation/[^\s<]+/")
NEW = "violet teapot gravel"
TWICE = {"password": NEW, "again": NEW}


def sent_link() -> str:
    """The path in the newest mail, once all that wait are out."""
    mail.later.submit(lambda: None).result()
    found = LINK.search(str(outbox.outbox[-1].body))
    assert found
    return found.group()


def handed_link(officer: Client, person: User) -> str:
    """The path that the officer's page shows, once."""
    page = officer.post(reverse("person_invite", args=[person.pk]), follow=True).content.decode()
    found = LINK.search(page)
    assert found
    return found.group()


def test_whoever_is_added_gets_a_mail_and_signs_in_with_their_own_password(
    world: World, sign_in: SignIn, client: Client, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.council.example"
    given = {
        "email": "jo@council.example",
        "name": "Jo Bell",
        "role": "team_coordinator",
        "locality": world.team.locality_id,
        "since": timezone.localdate().isoformat(),
    }
    sign_in(world.officer).post(reverse("people_add"), given)

    client.post(sent_link(), TWICE)
    client.post(reverse("account_login"), {"login": "jo@council.example", "password": NEW})

    assert client.get(reverse("home"), follow=True).status_code == 200
    assert client.session["_auth_user_id"] == str(User.objects.get(name="Jo Bell").pk)
    assert AuditEvent.objects.filter(purpose="set password", actor_name="Jo Bell").exists()


def test_without_a_mail_server_the_officer_sees_the_link_once(world: World, sign_in: SignIn) -> None:
    person, officer = make_person(), sign_in(world.officer)

    link = handed_link(officer, person)

    assert Client().get(link).status_code == 200
    assert not LINK.search(officer.get(reverse("person", args=[person.pk])).content.decode())


@pytest.mark.parametrize("what", ["used", "old", "newer", "left", "changed", "invented"])
def test_a_link_that_is_over_sets_nothing(world: World, sign_in: SignIn, what: str) -> None:
    person, officer, client = make_person(), sign_in(world.officer), Client()
    link, now = handed_link(officer, person), timezone.now()
    if what == "used":
        client.post(link, TWICE)
    if what == "old":
        now += timedelta(days=7, minutes=1)
    if what == "newer":
        handed_link(officer, person)
    if what == "left":
        end_access(person=person, by=world.officer)
    if what == "changed":
        link = link.replace("invitation/", "invitation/A")
    if what == "invented":
        link = "/invitation/abc/"
    before = User.objects.get(pk=person.pk).password

    with time_machine.travel(now):
        answers = [client.get(link), client.post(link, TWICE)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert User.objects.get(pk=person.pk).password == before


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "This field is required."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": NEW, "again": NEW + "x"}, "The two are not the same."),
        ({"password": "Password2026!", "again": "Password2026!"}, "the first that anybody would try"),
    ],
)
def test_what_is_wrong_with_a_password_is_said(
    world: World, sign_in: SignIn, typed: dict[str, str], sentence: str
) -> None:
    person = make_person()
    link = handed_link(sign_in(world.officer), person)

    answer = Client().post(link, typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Client().post(link, TWICE).status_code == 302


def test_a_new_password_ends_the_sessions_of_the_one_before(world: World, sign_in: SignIn) -> None:
    person = world.coordinator
    link = handed_link(sign_in(world.officer), person)
    sign_in(person)
    assert Session.objects.filter(person_id=person.pk).exists()

    assert Client().post(link, TWICE).status_code == 302

    # A stream that is open makes no request that would be refused.
    assert not Session.objects.filter(person_id=person.pk).exists()
    assert Session.objects.filter(person_id=world.officer.pk).exists()


def test_a_reset_answers_known_unknown_and_leavers_alike(
    world: World, client: Client, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.council.example"
    known, left = make_person(password=PASSWORD), make_person(password=PASSWORD)
    end_access(person=left, by=world.officer)

    answers = {
        without_token(client.post(reverse("reset"), {"email": email}).content.decode())
        for email in (known.email.upper(), left.email, "nobody@council.example")
    }

    assert len(answers) == 1
    client.post(sent_link(), TWICE)
    assert [letter.to for letter in outbox.outbox] == [[known.email]]
    known.refresh_from_db()
    assert known.check_password(NEW)


def test_who_asks_for_a_reset_leaves_an_entry_with_the_person_and_the_address(
    world: World, sign_in: SignIn, client: Client, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.council.example"
    known = make_person(password=PASSWORD)

    asked = {}
    for email in (known.email, "nobody@council.example"):
        with CaptureQueriesContext(connection) as statements:
            client.post(reverse("reset"), {"email": email}, REMOTE_ADDR="192.0.2.7")
        asked[email] = [re.sub(r"\d+|'[^']*'", "", one["sql"]) for one in statements]

    entries = AuditEvent.objects.filter(purpose="ask for a new password").order_by("pk")
    told = [(one.actor_id, one.address, one.detail) for one in entries]
    assert told == [(None, "192.0.2.7", {"person": known.pk}), (None, "192.0.2.7", {"person": None})]
    assert asked[known.email] == asked["nobody@council.example"]
    page = sign_in(world.officer).get(reverse("log"), {"person": known.pk}).content.decode()
    assert "Nobody known" in page
    assert f"Ask for a new password; {known.name}" in page


def without_token(page: str) -> str:
    """The page but for the token of its forms."""
    return re.sub(r'value="\w{64}"', "", page)
