"""The colour of a row by keyboard: from the menu of a cell, seen by others, taken back in one step."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.grid import cell, is_saved, open_tracker, stored
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.columns import set_legend
from tracker.changes.edit import edit_cell
from tracker.choices import Colour
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


def choose(page: Page, first: str) -> None:
    """Opens the colours from the menu of the active cell, and takes one by its first letter."""
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Row colour…").press("Enter")
    expect(page.get_by_role("menuitemradio")).to_have_count(len(Colour.choices))
    page.keyboard.press(first)
    page.keyboard.press("Enter")


def row_of(row: TrackerRow) -> str:
    """Where the row is."""
    return f'tr[data-row="{row.pk}"]'


def test_a_row_gets_its_colour_by_keyboard_and_others_see_it_until_it_is_undone(
    world: World, page_as: PageAs
) -> None:
    set_legend(team=world.team, meanings={Colour.RED: "court date"}, by=world.manager)
    row = make_row(team=world.team, by=world.officer, pin="000001")
    mine, theirs = (open_tracker(page_as(one), world.team) for one in (world.coordinator, world.officer))
    cell(mine, row, "action").focus()

    mine.keyboard.press("Shift+F10")
    mine.get_by_role("menuitem", name="Row colour…").press("Enter")
    expect(mine.get_by_role("menuitemradio", name="No colour")).to_be_focused()
    red = mine.get_by_role("menuitemradio", name="Red: court date")
    red.press("Enter")

    expect(cell(mine, row, "action")).to_be_focused()
    is_saved(mine)
    assert stored(row, "colour") == ["red"]
    for page in (mine, theirs):
        expect(page.locator(row_of(row))).to_have_attribute("data-colour", "red")
        expect(page.locator(f"{row_of(row)} .row-colour")).to_have_text("Red")

    mine.keyboard.press("Control+z")
    for page in (mine, theirs):
        expect(page.locator(row_of(row))).to_have_attribute("data-colour", "")
    assert stored(row, "colour") == [""]


def test_the_rows_of_a_range_get_one_colour_as_one_step(world: World, page_as: PageAs) -> None:
    rows = [make_row(team=world.team, by=world.officer, pin=f"00000{number}") for number in (1, 2, 3)]
    page = open_tracker(page_as(world.coordinator), world.team)
    cell(page, rows[0], "action").focus()
    page.keyboard.press("Shift+ArrowDown")

    choose(page, "b")
    for row in rows[:2]:
        expect(page.locator(row_of(row))).to_have_attribute("data-colour", "blue")
    assert [stored(row, "colour") for row in rows] == [["blue"], ["blue"], [""]]

    page.keyboard.press("Control+z")
    for row in rows[:2]:
        expect(page.locator(row_of(row))).to_have_attribute("data-colour", "")
    assert [stored(row, "colour") for row in rows] == [[""], [""], [""]]


def test_a_colour_that_somebody_else_set_first_asks(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, by=world.officer, pin="000001")
    page = open_tracker(page_as(world.coordinator), world.team)
    cell(page, row, "action").focus()
    edit_cell(row=row, field="colour", new=cleaned("colour", "blue"), base=0, by=world.officer)

    expect(page.locator(row_of(row))).to_have_attribute("data-colour", "blue")
    page.locator(row_of(row)).evaluate("row => { row.dataset.colourRev = '0'; }")
    choose(page, "r")

    panel = page.get_by_role("alertdialog")
    expect(panel).to_contain_text("Blue")
    panel.get_by_role("button", name="Use mine instead").click()
    is_saved(page)
    assert stored(row, "colour") == ["red"]
