"""What people are told when something does not work."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_row
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
