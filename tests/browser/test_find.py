"""A head of service finds a child by keyboard alone, wherever its case is, with and without script."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessibility import findings
from tests.browser.keyboard import press_named, write
from tests.conftest import World
from tests.factories import make_closed_row, make_row

PageAs = Callable[..., Page]


def test_a_child_is_found_and_opened_by_keyboard(world: World, page_as: PageAs) -> None:
    make_row(team=world.team, by=world.officer, person="Ed Test", pin="000002")
    row = make_row(team=world.neighbour, by=world.officer, person="Ed Owl")
    make_row(team=world.foreign, by=world.officer, person="Ed Elsewhere")
    page = page_as(world.head)
    page.goto("/")

    # Too little is answered in words, with the field in place.
    press_named(page, "Find a case")
    expect(page.get_by_role("heading", name="Find a case")).to_be_visible()
    expect(page.get_by_label("Name or PIN")).to_be_focused()
    page.keyboard.type("e")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Type at least two letters of the name")).to_be_visible()
    expect(page.get_by_label("Name or PIN")).to_be_focused()
    assert findings(page) == []

    # Both teams of the locality, and no other.
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("ed")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 cases.")).to_be_visible()
    expect(page.get_by_role("table").get_by_role("link")).to_have_text(["Ed Owl", "Ed Test"])
    assert page.url.endswith("/find/")
    assert findings(page) == []

    write(page, "Name or PIN", "nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No case that you may see")).to_be_visible()
    assert findings(page) == []

    # From the line to the case on its team's tracker.
    write(page, "Name or PIN", "owl")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 case.")).to_be_visible()
    press_named(page, "Ed Owl")
    expect(page.locator(f"#row-{row.pk}")).to_be_visible()
    assert page.url.endswith(f"/teams/{world.neighbour.pk}/#row-{row.pk}")


def test_without_script_the_form_finds_the_same(world: World, page_as: PageAs) -> None:
    make_closed_row(team=world.team, by=world.officer, person="Ed Test", pin="000002")
    page = page_as(world.officer, java_script_enabled=False)
    page.goto("/find/")

    page.get_by_label("Name or PIN").fill("000002")
    page.get_by_role("button", name="Find", exact=True).click()

    expect(page.get_by_text("1 case.")).to_be_visible()
    page.get_by_role("table").get_by_role("link", name="Ed Test").click()
    expect(page.get_by_role("heading", name="Ed Test")).to_be_visible()
