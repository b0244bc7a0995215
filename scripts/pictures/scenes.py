"""The four scenes: who is signed in, and what is on the screen when the picture is taken."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from accounts.demo import demo_email
from accounts.models import Locality, Team
from accounts.roles import Role

PLACE = "Bolsover"
TEAM = "Bolsover Team 3"


@dataclass(frozen=True)
class Scene:
    """One picture: the person by role, and the way from signing in to what is pictured."""

    role: Role
    play: Callable[[Page], None]

    @property
    def email(self) -> str:
        """Whom this is played by."""
        return demo_email(self.role, PLACE)


def _meeting(page: Page) -> None:
    page.goto(f"/teams/{Team.objects.get(name=TEAM).pk}/meeting/")
    page.get_by_role("button", name="Start meeting").click()
    page.locator("meeting-walk[data-ready]").wait_for()
    expect(page.locator("[data-connection=live]")).to_be_visible()


def _worklist(page: Page) -> None:
    page.goto(f"/teams/{Team.objects.get(name=TEAM).pk}/worklist/")
    expect(page.get_by_role("heading", name="PINs and CIN meeting dates")).to_be_visible()


def _closures(page: Page) -> None:
    page.goto(f"/localities/{Locality.objects.get(name=PLACE).pk}/closures/")
    expect(page.get_by_role("heading", name=f"{PLACE}: expected closures")).to_be_visible()


def _people(page: Page) -> None:
    page.goto("/people/")
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()


SCENES = {
    "meeting": Scene(Role.TEAM_MANAGER, _meeting),
    "coordinator": Scene(Role.TEAM_COORDINATOR, _worklist),
    "head-of-service": Scene(Role.HEAD_OF_SERVICE, _closures),
    "performance-officer": Scene(Role.PERFORMANCE_OFFICER, _people),
}
