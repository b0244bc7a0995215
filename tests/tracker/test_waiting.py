"""What of the tracker is listed on the home page, and to whom."""

from collections.abc import Callable

from django.test import Client

from accounts.models import User
from tests.conftest import World
from tracker.models import Difficulty, Need


def test_words_to_review_wait_for_officers(world: World, sign_in: Callable[[User], Client]) -> None:
    assert world.team.pk
    assert world.neighbour.pk
    Need.objects.create(label="Housing", reviewed=False)
    Difficulty.objects.create(label="Money", reviewed=False)
    Difficulty.objects.create(label="Gone", reviewed=False, retired=True)

    officers, coordinators = (
        sign_in(person).get("/").content.decode() for person in (world.officer, world.coordinator)
    )

    assert "2 words from workbooks to review" in officers
    assert "from workbooks" not in coordinators
