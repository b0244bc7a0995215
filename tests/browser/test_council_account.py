"""To the council's accounts and back by keyboard alone, whom nobody has added; axe looks at each page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.accounts.council_accounts import configured, is_at_provider, provider
from tests.browser.accessibility import findings
from tests.browser.keyboard import press_named
from tests.conftest import World

__all__ = ["configured", "provider"]

NO_CONTENT = 204


def stays_here(route: Route) -> None:
    """The provider answers with nothing: the page that leads there stays to be looked at."""
    route.fulfill(status=NO_CONTENT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whom_nobody_has_added_goes_there_comes_back_and_reads_whom_to_ask(
    world: World, site: str, provider: str, new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    is_at_provider(provider, "stranger", "new@council.example")
    assert world.officer.name
    page = new_context(base_url=site, color_scheme=scheme).new_page()
    # The provider's own style comes from elsewhere.
    page.route("https://**", lambda route: route.abort())
    page.route(f"{provider}/**", stays_here)
    page.goto("/sign-in/")

    press_named(page, "Sign in with Amber account")
    expect(page.get_by_role("heading", name="Going to Amber account")).to_be_visible()
    assert findings(page) == []
    page.unroute(f"{provider}/**")
    press_named(page, "Go on")

    expect(page.get_by_role("heading", name="Authorize Client")).to_be_visible()
    page.get_by_role("textbox").press_sequentially("stranger")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    expect(page.get_by_text(world.officer.name)).to_be_visible()
    assert findings(page) == []
    press_named(page, "Back to signing in")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
