"""How a typed date is read is said before it is kept."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.conftest import World


@pytest.mark.parametrize(
    ("text", "base", "answer"),
    [
        ("20/1/27", "", {"said": "Wed 20/01/27"}),
        ("5/5/2026", "", {"said": "Tue 05/05/26"}),
        ("+7", "", {"said": "Mon 30/11/26"}),
        ("+7", "2026-12-01", {"said": "Tue 08/12/26"}),
        ("fri", "not a date", {"said": "Fri 27/11/26"}),
        ("", "", {}),
    ],
)
@time_machine.travel("2026-11-23 12:00Z", tick=False)
def test_a_date_is_said_with_its_weekday(
    world: World, sign_in: Callable[[User], Client], text: str, base: str, answer: dict[str, str]
) -> None:
    told = sign_in(world.manager).post("/dates/", {"text": text, "base": base})

    assert told.json() == answer


@pytest.mark.parametrize("text", ["31/02/26", "12/25/26", "tbc", "x" * 5000, "<b>"])
def test_what_is_no_date_is_said_in_a_sentence(
    world: World, sign_in: Callable[[User], Client], text: str
) -> None:
    told = sign_in(world.manager).post("/dates/", {"text": text})

    assert told.status_code == 200
    assert told.json()["refused"]
