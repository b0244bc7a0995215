"""To the council's own sign-in and back, as nobody whom an officer has added: by keyboard, with axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.accounts.council_accounts import configured, is_at_provider, provider
from tests.browser.accessibility import findings
from tests.browser.keyboard import tab_to
from tests.conftest import World

__all__ = ["configured", "provider"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_was_not_added_is_told_whom_to_ask(
    world: World, site: str, new_context: Callable[..., BrowserContext], provider: str, scheme: str
) -> None:
    is_at_provider(provider, "stranger", "new@council.example")
    assert world.officer.name
    page = new_context(base_url=site, color_scheme=scheme).new_page()
    held: list[Route] = []
    page.route(f"{provider}/**", lambda route: held.append(route))
    page.goto("/sign-in/")

    tab_to(page, "Sign in with Amber account")
    page.keyboard.press("Enter")
    # The provider does not answer yet: the page that goes on by itself stays.
    expect(page.get_by_role("heading", name="Going to Amber account")).to_be_visible()
    assert findings(page) == []
    page.unroute(f"{provider}/**")
    for route in held:
        route.continue_()
    page.get_by_role("textbox").first.focus()
    page.keyboard.type("stranger")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    expect(page.get_by_text(world.officer.name)).to_be_visible()
    assert findings(page) == []
    tab_to(page, "Back to signing in")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_visible()
