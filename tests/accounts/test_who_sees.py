"""The list of who sees a team is exactly the people whom its tracker answers."""

import pytest

from accounts.permissions import teams_with, who_sees
from accounts.roles import Role
from tests.conftest import World


@pytest.mark.parametrize("elsewhere", [False, True])
def test_who_is_listed_is_who_may_see(world: World, elsewhere: bool) -> None:
    everybody = [world.person(role, elsewhere=place) for role in Role for place in (False, True)]
    team = world.foreign if elsewhere else world.team

    listed = {held.person for held in who_sees(team)}

    assert listed == {
        person for person in everybody if teams_with(person, "view_tracker").filter(pk=team.pk).exists()
    }
