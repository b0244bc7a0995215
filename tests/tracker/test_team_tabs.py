"""The tabs of a team lead to the same pages wherever one of them is open."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from tests.conftest import World

TABS = re.compile(r'<nav class="tabs" aria-label="This team">(.*?)</nav>', re.DOTALL)
PAGES = [
    "tracker",
    "team_summary",
    "team_since",
    "team_closures",
    "toolkit",
    "meetings",
    "closed",
    "views",
]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.STAND_IN], ids=str)
def test_every_page_of_a_team_leads_to_the_same_pages(
    world: World, sign_in: Callable[[User], Client], role: Role
) -> None:
    client = sign_in(world.person(role))

    led = {page: tabs(client, reverse(page, args=[world.team.pk])) for page in PAGES}

    assert len(led["tracker"]) > 4
    assert led == dict.fromkeys(PAGES, led["tracker"])


def tabs(client: Client, address: str) -> list[str]:
    """Where the tabs of this page lead."""
    (found,) = TABS.findall(client.get(address).content.decode())
    return re.findall(r'href="([^"]+)"', found)
