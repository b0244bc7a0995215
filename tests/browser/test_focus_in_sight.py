"""WCAG 2.4.11, K10: nothing that stays in sight covers what has the focus, in a low window, both ways.

Here are what comes over a page, and the real Tab key; what is measured is in measured.py.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Session
from tests.browser.keyboard import MOST_TABS
from tests.browser.measured import COVERED, HERE, LOW
from tests.conftest import World
from tests.factories import make_rows

PageAs = Callable[..., Page]


def covered_on_the_way(page: Page, key: str) -> list[str]:
    """What the key leads to and is not wholly in sight, through the whole page."""
    found: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        here = page.evaluate(HERE)
        if here is None:
            return found
        if not here[1]:
            found.append(here[0])
    raise AssertionError(f"{key} never leaves the page")


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_the_bar_of_a_worklist_covers_nothing_that_has_the_focus(
    world: World, page_as: PageAs, key: str
) -> None:
    make_rows(12, team=world.team)
    page = page_as(world.coordinator, viewport=LOW)

    page.goto(f"/teams/{world.team.pk}/worklist/")

    assert covered_on_the_way(page, key) == []


@pytest.mark.parametrize("where", ["/", "/help/", "/teams/{team}/", "/teams/{team}/worklist/"])
def test_the_band_of_who_sees_as_another_covers_nothing_that_has_the_focus(
    world: World, page_as: PageAs, where: str
) -> None:
    """K10 with the banner that stays on top."""
    make_rows(12, team=world.team)
    page = page_as(world.officer, viewport=LOW)
    page.goto(f"/people/{world.coordinator.pk}/")
    page.get_by_role("button", name="See what").click()
    expect(page.locator(".seeing-as")).to_be_visible()

    page.goto(where.format(team=world.team.pk))

    assert page.evaluate(COVERED)[1] == []


@pytest.mark.parametrize("where", ["/mine/", "/teams/{team}/worklist/"])
def test_the_strip_that_says_that_one_is_signed_out_covers_nothing_that_has_the_focus(
    world: World, page_as: PageAs, where: str
) -> None:
    """K10 with the strip that stays at the foot."""
    make_rows(12, team=world.team)
    page = page_as(world.coordinator, viewport=LOW)
    page.goto(where.format(team=world.team.pk))
    Session.objects.all().delete()
    page.locator("signed-in-time").evaluate("(strip) => { strip.endsAt = 0; }")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("You are signed out. What you typed stays here.")).to_be_visible()

    assert page.evaluate(COVERED)[1] == []
