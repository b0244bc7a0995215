"""A table laid out for oneself: columns hidden and widened, rows closer; nobody else sees anything of it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import make_row
from tracker.models import Layout

SignIn = Callable[[User], Client]
SCRIPT = {"X-ICM": "script"}


def keep(client: Client, world: World, **told: str) -> int:
    """Changes the layout as a script does; gives the answer's status."""
    return client.post(reverse("layout", args=[world.team.pk]), told, headers=SCRIPT).status_code


def page(client: Client, world: World) -> str:
    """The tracker."""
    return client.get(reverse("tracker", args=[world.team.pk])).content.decode()


def test_a_hidden_column_is_said_and_shown_again(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, by=world.officer)
    client = sign_in(world.manager)

    keep(client, world, hide="stage")
    keep(client, world, hide="update")
    hidden = page(client, world)
    keep(client, world, show="all")

    assert 'data-hides="3 8"' in hidden
    assert "2 columns hidden." in hidden
    assert "data-hides" not in page(client, world)


def test_a_width_is_kept_within_what_can_be_read(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)

    keep(client, world, width="action 30")
    keep(client, world, width="owner 2")

    assert Layout.objects.get().widths == {"action": 30, "owner": 4}
    assert 'data-width="30"' in page(client, world)


def test_the_density_is_the_persons_on_every_team(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)

    keep(client, world, density="meeting")

    for team in (world.team, world.foreign):
        answer = client.get(reverse("tracker", args=[team.pk]))
        assert 'data-density="meeting"' in answer.content.decode()


def test_it_is_nobody_elses(world: World, sign_in: SignIn) -> None:
    keep(sign_in(world.manager), world, hide="stage")

    assert "data-hides" not in page(sign_in(world.supervisor), world)


@pytest.mark.parametrize(
    "told", [{"hide": "pin"}, {"hide": "x99"}, {"width": "action"}, {"width": "x99 8"}, {"density": "huge"}]
)
def test_what_cannot_be_is_refused_in_words(world: World, sign_in: SignIn, told: dict[str, str]) -> None:
    client = sign_in(world.manager)

    answer = client.post(reverse("layout", args=[world.team.pk]), told, headers=SCRIPT)

    assert (answer.status_code, Layout.objects.count()) == (422, 0)
    assert answer.content


def test_without_script_it_leads_back_to_the_tracker_as_it_was_filtered(
    world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.manager)

    answer = client.post(reverse("layout", args=[world.team.pk]), {"hide": "stage", "query": "stage=decided"})

    assert answer.headers["Location"] == f"/teams/{world.team.pk}/?stage=decided"
