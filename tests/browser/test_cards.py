"""The tracker at 320 pixels, which is a phone and 400 % zoom: each row a card, with the same hands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.grid import cell, is_saved, open_tracker, stored
from tests.browser.test_grid_with_others import overtaken
from tests.conftest import World
from tests.factories import make_row

PageAs = Callable[..., Page]

SMALL: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A small screen of the coordinator."""
    return page_as(world.coordinator, viewport=SMALL)


def fits(page: Page) -> bool:
    """Whether nothing of the page stands beyond its right edge."""
    wide: int = page.evaluate("document.scrollingElement.scrollWidth")
    return wide <= SMALL["width"]


def inside(page: Page, selector: str) -> bool:
    """Whether the thing is on the screen from its left to its right edge."""
    box = page.locator(selector).bounding_box()
    return box is not None and box["x"] >= 0 and box["x"] + box["width"] <= SMALL["width"]


@pytest.mark.parametrize("field", ["action", "update"])
def test_a_conflict_is_settled_on_a_card(world: World, page: Page, field: str) -> None:
    row = make_row(team=world.team, by=world.officer, pin="000001")
    open_tracker(page, world.team)
    theirs = "Theirs, as long as people write them when they meet"
    overtaken(page, row, field, "Mine", theirs=theirs, by=world.supervisor)

    panel = page.locator("[data-panel=conflict]")
    expect(panel).to_be_visible()
    assert fits(page)
    assert inside(page, "[data-panel=conflict]")
    panel.get_by_role("button", name="Use mine instead").click()

    is_saved(page)
    expect(panel).to_have_count(0)
    assert stored(row, field) == ["Mine"]
    assert fits(page)


def test_the_menu_of_a_cell_opens_on_a_card(world: World, page: Page) -> None:
    row = make_row(team=world.team, by=world.officer, pin="000001")
    open_tracker(page, world.team)
    cell(page, row, "next_meeting").focus()

    page.keyboard.press("Shift+F10")

    expect(page.get_by_role("menuitem").first).to_be_focused()
    assert inside(page, ".cell-menu")
    page.get_by_role("menuitem", name="Row colour…").press("Enter")
    page.get_by_role("menuitemradio", name="Green").press("Enter")
    expect(page.locator(f'tr[data-row="{row.pk}"]')).to_have_attribute("data-colour", "green")
    assert fits(page)


def test_the_cells_of_a_card_have_their_column_the_case_and_their_value(world: World, page: Page) -> None:
    """K3, K4, K6: names of cells where rows are cards."""
    make_row(team=world.team, by=world.officer, pin="000001", person="Ed Test", action="Call the school")
    open_tracker(page, world.team)

    for field in page.locator("tbody [data-field]").all():
        label, text = field.get_attribute("data-label"), field.inner_text().strip()
        assert label, "the column's name stands in the card"
        assert field.get_attribute("role") in (None, "gridcell", "rowheader")
        column = page.get_by_role("columnheader", name=label)
        assert column.count() >= 1, label
        if text:
            assert (field.aria_snapshot() or "").count(text.splitlines()[0]) >= 1
    grid = page.get_by_role("grid")
    expect(grid.get_by_role("columnheader")).to_have_count(11)
    expect(grid.get_by_role("rowheader", name="000001")).to_have_count(1)
    expect(grid.get_by_role("row", name="000001")).to_contain_text("Ed Test")
    expect(grid.get_by_role("gridcell", name="Call the school")).to_have_attribute("data-label", "Action")
