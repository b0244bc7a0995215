"""What of the tracker is listed on the home page, and to whom."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_closed_row, make_row
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


def test_cases_without_a_pin_are_listed_for_officers_team_by_team(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    for team in (world.team, world.team, world.neighbour):
        make_row(team=team, by=world.officer)
    make_row(team=world.team, by=world.officer, pin="000123")
    make_closed_row(team=world.foreign, by=world.officer)

    officers, heads = (sign_in(person).get("/").content.decode() for person in (world.officer, world.head))

    assert "PIN missing in 3 cases" in officers
    assert f'<a href="{reverse("worklist", args=[world.team.pk])}">Amber Team 1 (2)</a>' in officers
    assert "Amber Team 2 (1)" in officers
    assert "Bolsover Team 1 (" not in officers
    assert "PIN missing" not in heads
