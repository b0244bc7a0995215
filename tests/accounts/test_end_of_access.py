"""Access that ends while a page is open: the next request is refused, every time."""

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.changes.people import add_membership, end_membership
from accounts.models import User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_row

TRIES = 200


def test_the_next_request_is_refused_in_200_of_200_tries(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row = make_row(team=world.team, by=world.officer)
    person, page = world.stranger, reverse("changes", args=[world.team.pk])
    client, edit = sign_in(person), reverse("cell", args=[row.pk])
    before, after = [], []

    for number in range(TRIES):
        held = add_membership(
            person=person, role=Role.TEAM_MANAGER, locality=world.amber, teams=[world.team], by=world.officer
        )
        before.append(client.get(page, {"after": 0}).status_code)
        end_membership(membership=held, by=world.officer)
        asked = {"field": "owner", "value": str(number), "base": 0, "op": uuid4()}
        after += [client.post(edit, asked).status_code, client.get(page, {"after": 0}).status_code]

    assert set(before) == {200}
    assert set(after) == {404}
    assert len(after) == 2 * TRIES
    row.refresh_from_db()
    assert row.owner == ""
