"""The page on which a head of service answers, and where the answer is read."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import World
from tests.factories import a_difficulty, make_row
from tracker.models import Answer, TrackerRow

SignIn = Callable[[User], Client]


@pytest.fixture
def row(world: World) -> TrackerRow:
    """A case that waits for an answer."""
    return make_row(team=world.team, by=world.officer, difficulty=a_difficulty(0))


def post(client: Client, row: TrackerRow, **told: object) -> int:
    values = {"op": uuid4(), "base": 0, "difficulty": a_difficulty(0).pk, "answer": "On Monday"}
    return client.post(f"/rows/{row.pk}/answer/", values | told).status_code


def test_an_answer_is_read_in_the_row_and_on_the_tracker(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    assert post(sign_in(world.head), row) == 302

    reader = sign_in(world.coordinator)
    assert "On Monday" in reader.get(f"/rows/{row.pk}/").content.decode()
    assert 'class="answer-mark"' in reader.get(f"/teams/{world.team.pk}/").content.decode()


def test_who_may_not_answer_is_told_who_can(world: World, sign_in: SignIn, row: TrackerRow) -> None:
    _ = world.head

    answer = sign_in(world.manager).get(f"/rows/{row.pk}/answer/")

    assert answer.status_code == 403
    assert world.head.name in answer.content.decode()


def test_nobody_is_named_who_may_not_answer_either(world: World, sign_in: SignIn, row: TrackerRow) -> None:
    """Of a team without a head of service: officers may not answer, they can help."""
    _ = world.officer

    page = sign_in(world.manager).get(f"/rows/{row.pk}/answer/").content.decode()

    assert "Who can do this" not in page
    assert world.officer.name in page


def test_what_was_typed_stays_where_the_difficulty_has_changed(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client = sign_in(world.head)
    values = {"op": uuid4(), "base": 0, "difficulty": a_difficulty(1).pk, "answer": "On Monday"}

    answer = client.post(f"/rows/{row.pk}/answer/", values)

    assert answer.status_code == 422
    assert "On Monday" in answer.content.decode()
    assert not Answer.objects.exists()


def test_too_long_an_answer_is_refused_in_words(world: World, sign_in: SignIn, row: TrackerRow) -> None:
    assert post(sign_in(world.head), row, answer="w" * 1001) == 422
