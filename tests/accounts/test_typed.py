"""A form sent without script after its session has ended is kept for its person, and for nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session, User
from accounts.typed import MOST_LETTERS
from tests.conftest import World
from tests.factories import PASSWORD, make_row
from tracker.models import TrackerRow

WORDS = "Ring the school on Monday"


def signs_in(client: Client, person: User) -> Any:
    """Sends the sign-in form as the page before it has it, and follows."""
    where = {"login": person.email, "password": PASSWORD, "next": reverse("typed")}
    return client.post(reverse("account_login"), where, follow=True)


def sent_too_late(world: World, where: str, **fields: Any) -> tuple[Client, Any]:
    """The coordinator's browser, an hour after the last act, and what it got for this form."""
    client = Client()
    signs_in(client, world.coordinator)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        return client, client.post(where, fields)


@pytest.fixture
def row(world: World) -> TrackerRow:
    return make_row(team=world.team, by=world.officer, action="First")


def form_of(row: TrackerRow, **fields: Any) -> tuple[str, dict[str, Any]]:
    """Where the form of one cell goes, and what it holds."""
    return reverse("cell", args=[row.pk]), {
        "field": "action",
        "value": WORDS,
        "base": row.rev("action"),
        "op": uuid4(),
        **fields,
    }


def test_it_is_shown_after_signing_in_and_sent_as_it_was(world: World, row: TrackerRow) -> None:
    where, fields = form_of(row)
    client, answer = sent_too_late(world, where, **fields)

    page = signs_in(client, world.coordinator).content.decode()
    client.post(where, fields)

    assert answer.headers["Location"] == f"{reverse('account_login')}?next={reverse('typed')}"
    assert f'action="{where}"' in page
    assert WORDS in page
    assert all(f'name="{name}" value="{text}"' in page for name, text in fields.items())
    assert "<dt>Value</dt>" in page
    assert "<dt>Op</dt>" not in page
    assert "<dt>Base</dt>" not in page
    assert TrackerRow.objects.get(pk=row.pk).action == WORDS
    assert client.get(reverse("typed")).headers["Location"] == reverse("home")


def test_it_stays_while_the_server_does_not_take_it(world: World, row: TrackerRow) -> None:
    where, fields = form_of(row, base=99)
    client, _ = sent_too_late(world, where, **fields)
    signs_in(client, world.coordinator)

    refused = client.post(where, fields).status_code

    assert refused >= 400
    assert WORDS in client.get(reverse("typed")).content.decode()


def test_somebody_else_who_signs_in_gets_nothing_of_it(world: World, row: TrackerRow) -> None:
    where, fields = form_of(row)
    client, _ = sent_too_late(world, where, **fields)

    page = signs_in(client, world.manager)

    assert WORDS not in page.content.decode()
    assert (reverse("home"), 302) in page.redirect_chain
    signs_in(client, world.coordinator)
    assert client.get(reverse("typed")).headers["Location"] == reverse("home")


def test_a_wrong_password_in_between_loses_nothing(world: World, row: TrackerRow) -> None:
    where, fields = form_of(row)
    client, _ = sent_too_late(world, where, **fields)
    wrong = {"login": world.coordinator.email, "password": "not this one", "next": reverse("typed")}

    page = client.post(reverse("account_login"), wrong).content.decode()

    assert "What you typed is kept" in page
    assert WORDS not in page
    assert WORDS in signs_in(client, world.coordinator).content.decode()


def test_it_can_be_thrown_away(world: World, row: TrackerRow) -> None:
    where, fields = form_of(row)
    client, _ = sent_too_late(world, where, **fields)
    signs_in(client, world.coordinator)

    client.post(reverse("typed"))

    assert client.get(reverse("typed")).headers["Location"] == reverse("home")
    assert TrackerRow.objects.get(pk=row.pk).action == "First"


@pytest.mark.parametrize(
    "more",
    [
        {"password": "three-random-words"},
        {"new_password1": "three-random-words"},
        {"code": "123456"},
        {"file": SimpleUploadedFile("cases.csv", b"Ed")},
        {"update": "x" * MOST_LETTERS},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_is_never_kept(world: World, row: TrackerRow, more: dict[str, Any]) -> None:
    where, fields = form_of(row, **more)

    client, answer = sent_too_late(world, where, **fields)

    assert answer.headers["Location"] == f"{reverse('account_login')}?next={where}"
    assert client.get(reverse("account_login")).context["words_kept"] is None


@pytest.mark.parametrize("known", ["a session that was ended", "no session"])
def test_nothing_is_kept_of_somebody_whom_nobody_knows(world: World, row: TrackerRow, known: str) -> None:
    where, fields = form_of(row)
    client = Client()
    if known == "a session that was ended":
        signs_in(client, world.coordinator)
        Session.objects.all().delete()

    answer = client.post(where, fields)

    assert answer.headers["Location"] == f"{reverse('account_login')}?next={where}"
    assert client.get(reverse("account_login")).context["words_kept"] is None


def test_a_script_is_told_and_keeps_its_words_itself(world: World, row: TrackerRow) -> None:
    where, fields = form_of(row)
    client = Client()
    signs_in(client, world.coordinator)

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        answer = client.post(where, fields, headers={"X-ICM": "script"})

    assert answer.status_code == 401
    assert client.get(reverse("account_login")).context["words_kept"] is None
