"""A page that was drawn for somebody else than the person who is signed in by now."""

from collections.abc import Callable
from uuid import uuid4

from django.test import Client

from accounts.models import User
from tests.conftest import World
from tests.factories import make_row
from tracker.models import Change


def test_nothing_is_saved_that_another_person_typed(world: World, sign_in: Callable[[User], Client]) -> None:
    row = make_row(team=world.team)
    typed = {"field": "action", "value": "A secret", "base": 0, "op": uuid4()}
    headers = {"X-ICM": "script", "X-ICM-Person": str(world.coordinator.pk)}

    answer = sign_in(world.supervisor).post(f"/rows/{row.pk}/cell/", typed, headers=headers)

    assert (answer.status_code, answer.json()["outcome"]) == (409, "other-person")
    assert not Change.objects.filter(row=row, field="action").exists()


def test_the_person_of_the_page_is_answered(world: World, sign_in: Callable[[User], Client]) -> None:
    row = make_row(team=world.team)
    typed = {"field": "action", "value": "Mine", "base": 0, "op": uuid4()}
    headers = {"X-ICM": "script", "X-ICM-Person": str(world.coordinator.pk)}

    answer = sign_in(world.coordinator).post(f"/rows/{row.pk}/cell/", typed, headers=headers)

    assert answer.status_code == 200


def test_a_stream_for_another_person_is_not_opened(world: World, sign_in: Callable[[User], Client]) -> None:
    address = f"/live/?teams={world.team.pk}&drawn_for={world.coordinator.pk}"

    assert sign_in(world.supervisor).get(address).status_code == 409
