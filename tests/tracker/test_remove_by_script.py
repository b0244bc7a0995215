"""Taking a row off from within the table: our script is told in JSON, without a page."""

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tracker.choices import RowState
from tracker.models import TrackerRow

SignIn = Callable[[User], Client]
SCRIPT = {"X-ICM": "script"}


def test_the_script_is_told_the_number_of_what_it_did(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)

    answer = sign_in(world.manager).post(
        reverse("remove", args=[row.pk]), {"op": str(uuid4())}, headers=SCRIPT
    )

    assert (answer.status_code, answer.json()) == (200, {"outcome": "saved", "seq": 2})
    assert TrackerRow.objects.get(pk=row.pk).state == RowState.REMOVED


def test_a_row_that_has_gone_meanwhile_is_refused_in_words(world: World, sign_in: SignIn) -> None:
    row = make_closed_row(team=world.team)

    answer = sign_in(world.manager).post(
        reverse("remove", args=[row.pk]), {"op": str(uuid4())}, headers=SCRIPT
    )

    assert (answer.status_code, bool(answer.json()["message"])) == (409, True)


def test_a_request_that_cannot_be_read_says_what_to_do(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team)

    answer = sign_in(world.manager).post(reverse("remove", args=[row.pk]), {}, headers=SCRIPT)

    assert (answer.status_code, answer.json()["outcome"]) == (422, "refused")
