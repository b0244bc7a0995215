"""What people are told when something does not work."""

import sqlite3
from collections.abc import Callable
from uuid import uuid4

import psycopg2
import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_row
from tracker.changes.refusals import Invalid
from tracker.models import TeamLog


def locked(*args: object) -> None:
    """A database that somebody else has been writing to for too long."""
    raise OperationalError("database is locked")


def test_a_busy_database_is_said_politely_and_when_to_try_again(
    world: World, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team)
    monkeypatch.setattr(TeamLog, "take", locked)
    edit = {"field": "owner", "value": "JB", "base": 0, "op": uuid4()}

    answer = sign_in(world.manager).post(reverse("cell", args=[row.pk]), edit, headers={"X-ICM": "script"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json()["outcome"] == "busy"


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (sqlite3.OperationalError("near Ed Test"), "OperationalError SQLITE_BUSY"),
        (psycopg2.OperationalError("near Ed Test"), "OperationalError"),
        (None, "OperationalError"),
    ],
)
def test_the_log_names_what_the_database_answered_and_nothing_that_it_was_asked(
    world: World,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    cause: Exception | None,
    said: str,
) -> None:
    if isinstance(cause, sqlite3.Error):
        cause.sqlite_errorname = "SQLITE_BUSY"

    def fail(*args: object) -> None:
        raise OperationalError("near Ed Test") from cause

    monkeypatch.setattr("tracker.views.grid.grid_for", fail)

    assert sign_in(world.manager).get(reverse("tracker", args=[world.team.pk])).status_code == 503
    assert f"could not answer: {said}" in caplog.messages[0]
    assert "Ed Test" not in caplog.text


def test_our_own_mistake_shows_no_trace_of_it(
    world: World, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(world.manager)
    client.raise_request_exception = False
    monkeypatch.setattr("tracker.views.grid.grid_for", None)

    answer = client.get(reverse("tracker", args=[world.team.pk]))

    assert answer.status_code == 500
    assert "Traceback" not in answer.content.decode()
    assert "wrong on our side" in answer.content.decode()


def test_a_refusal_of_something_understood_is_not_called_not_understood(
    world: World, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(**told: object) -> None:
        raise Invalid("A colleague was quicker.")

    monkeypatch.setattr("tracker.views.meeting.start_meeting", refuses)

    answer = sign_in(world.manager).post(reverse("meeting", args=[world.team.pk]), {"minutes": 30})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was changed" in page
    assert "A colleague was quicker." in page
    assert "Not understood" not in page
    assert "Ask for access here" not in page


@pytest.mark.parametrize("headers", [{}, {"X-ICM": "script"}])
def test_a_database_out_of_reach_when_it_is_to_say_who_asks_is_said_as_politely(
    world: World,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
) -> None:
    client, address = sign_in(world.manager), reverse("tracker", args=[world.team.pk])
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.sessions.SessionStore.load", locked)

    answer = client.get(address, headers=headers)

    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "2")
    assert "Nothing is lost" in answer.content.decode()


@pytest.mark.parametrize(
    ("cause", "status"),
    [(psycopg2.DatabaseError(), 503), (sqlite3.DatabaseError("file is not a database"), 500)],
)
def test_a_connection_that_breaks_while_a_save_is_committed_is_said_so_and_a_damaged_file_is_not(
    world: World,
    sign_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    cause: Exception,
    status: int,
) -> None:
    def breaks(*args: object) -> None:
        raise DatabaseError from cause

    client = sign_in(world.manager)
    client.raise_request_exception = False
    monkeypatch.setattr("tracker.views.grid.grid_for", breaks)

    assert client.get(reverse("tracker", args=[world.team.pk])).status_code == status


def test_an_address_that_only_takes_a_form_says_so_to_whoever_opens_it(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    """The address of a form comes out of the browser's own list of addresses, or of a mail."""
    row = make_row(team=world.team)

    answer = sign_in(world.manager).get(reverse("close", args=[row.pk]))

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Nothing can be opened at this address" in page
    assert "Go to your teams" in page
    assert "Ask for access here" not in page


def test_a_page_that_takes_no_form_says_so_to_whoever_sends_one(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(world.manager).post(reverse("team_summary", args=[world.team.pk]))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "nothing can be sent to it" in answer.content.decode()


def test_a_script_is_told_in_its_own_way_what_an_address_does_not_take(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row = make_row(team=world.team)

    answer = sign_in(world.manager).get(reverse("close", args=[row.pk]), headers={"X-ICM": "script"})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert answer.json()["outcome"] == "refused"
    assert "Nothing can be opened at this address" in answer.json()["message"]


def test_what_an_address_does_not_take_is_said_to_somebody_not_signed_in(client: Client, db: None) -> None:
    answer = client.post(reverse("livez"))

    assert answer.status_code == 405
    assert "nothing can be sent to it" in answer.content.decode()
