"""What waits for a person is listed on their home page, whichever app asks."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from accounts import waiting
from accounts.models import User
from tests.conftest import World


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One question of an app: something waits for people whose name ends in "Officer"."""
    monkeypatch.setattr(waiting, "_questions", [])

    @waiting.waits
    def question(user: User) -> Iterator[waiting.Waiting]:
        if "officer" in user.name.lower():
            yield waiting.Waiting("3 words to look at", "/help/")


@pytest.mark.usefixtures("asked")
def test_home_lists_what_waits_for_this_person_and_for_nobody_else(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    assert [world.team, world.neighbour]

    officers, coordinators = (
        sign_in(person).get("/").content.decode() for person in (world.officer, world.coordinator)
    )

    assert '<a href="/help/">3 words to look at</a>' in officers
    assert "What waits for you" not in coordinators
