"""WCAG 2.4.11: nothing that stays in sight covers what has the focus, in a low window, both ways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.keyboard import MOST_TABS
from tests.conftest import World
from tests.factories import make_rows

PageAs = Callable[..., Page]
LOW = {"width": 1280, "height": 400}
# Whether the five points of a control are in sight; of what is larger than half the window, one of them.
IN_SIGHT = """const inSight = (here) => {
  const box = here.getBoundingClientRect();
  // A round corner is no part of the control.
  const [left, right] = [Math.max(box.left, 0) + 3, Math.min(box.right, innerWidth) - 3];
  const [top, bottom] = [Math.max(box.top, 0) + 3, Math.min(box.bottom, innerHeight) - 3];
  const corners = [[left, top], [right, top], [left, bottom], [right, bottom]];
  const points = [...corners, [(left + right) / 2, (top + bottom) / 2]];
  const seen = points.filter(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (here.contains(hit) || hit.contains(here));
  });
  return seen.length >= (box.height > innerHeight / 2 ? 1 : points.length);
};
const named = (here) => `${here.tagName} ${here.id || here.textContent.trim().slice(0, 40)}`;"""
HERE = f"""() => {{
  {IN_SIGHT}
  const here = document.activeElement;
  return here === document.body ? null : [named(here), inSight(here)];
}}"""


def covered(page: Page, key: str) -> list[str]:
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

    assert covered(page, key) == []
