"""Several cells of the tracker at once by keyboard and mouse: selecting, filling, emptying."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from scripts.environment import ROOT
from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import a_need, make_row, make_rows
from tracker.choices import Stage
from tracker.models import Change, TrackerRow

PageAs = Callable[..., Page]


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator, who may edit every cell."""
    return page_as(world.coordinator)


@pytest.fixture
def rows(world: World) -> list[TrackerRow]:
    """Four cases."""
    return [make_row(team=world.team, by=world.officer, pin=f"00000{number}") for number in range(1, 5)]


def selected(page: Page) -> Locator:
    """The cells of the range."""
    return page.locator("[role=grid] [aria-selected=true]")


def press(page: Page, *keys: str) -> None:
    """One key after the other."""
    for key in keys:
        page.keyboard.press(key)


def test_a_range_grows_from_the_active_cell_and_an_arrow_drops_it(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[1], "owner").focus()

    sizes = {
        "Shift+ArrowDown": 2,
        "Shift+ArrowRight": 4,
        "Shift+ArrowUp": 2,
        "Shift+Control+ArrowDown": 6,
        "Shift+Home": 18,
        "Shift+Control+End": 15,
        "Shift+Control+Home": 12,
        "Control+a": 40,
    }
    for key, size in sizes.items():
        press(page, key)
        expect(selected(page)).to_have_count(size)
    expect(cell(page, rows[1], "owner")).to_be_focused()
    expect(page.locator("[data-said]")).to_have_text("Selected: 4 rows, 10 columns")

    press(page, "ArrowDown")
    expect(selected(page)).to_have_count(0)
    expect(cell(page, rows[2], "owner")).to_be_focused()


def test_a_row_and_a_column_are_selected_as_in_excel(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[1], "owner").focus()

    press(page, "Shift+Space")
    expect(selected(page)).to_have_count(10)
    press(page, "Shift+ArrowDown")
    expect(selected(page)).to_have_count(20)
    press(page, "Escape", "Control+Space")

    expect(selected(page)).to_have_count(4)
    assert set(selected(page).evaluate_all("cells => cells.map((one) => one.dataset.field)")) == {"owner"}


def test_esc_drops_the_range_and_only_the_second_leaves_the_table(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()

    press(page, "Shift+ArrowDown", "Escape", "Tab")
    expect(cell(page, rows[0], "by_when")).to_be_focused()
    press(page, "Shift+ArrowDown", "Escape", "Escape", "Tab")

    expect(page.locator("[role=grid] :focus")).to_have_count(0)


def test_the_mouse_draws_a_range_and_shift_click_moves_its_corner(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    """K15: what is dragged has another way."""
    open_tracker(page, world.team)

    cell(page, rows[0], "owner").hover()
    page.mouse.down()
    cell(page, rows[1], "by_when").hover()
    page.mouse.up()
    expect(selected(page)).to_have_count(4)
    cell(page, rows[2], "owner").click(modifiers=["Shift"])

    expect(selected(page)).to_have_count(3)
    expect(cell(page, rows[0], "owner")).to_be_focused()


def test_rows_that_a_filter_hides_are_in_no_range(world: World, page: Page) -> None:
    first, hidden, last = (
        make_row(team=world.team, owner="AN", stage=stage)
        for stage in (Stage.DECIDED, Stage.UNDERWAY, Stage.DECIDED)
    )
    open_tracker(page, world.team, "?stage=decided")
    cell(page, first, "owner").focus()

    press(page, "Shift+ArrowDown", "Delete")
    expect(page.get_by_role("dialog")).to_contain_text("Your filter hides 1 case between them")
    press(page, "Enter")

    is_saved(page)
    expect(cell(page, last, "owner")).to_have_text("")
    assert [stored(row, "owner") for row in (first, hidden, last)] == [[""], ["AN"], [""]]


def test_ctrl_d_fills_down_as_one_step(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)
    type_over(page, rows[0], "needed", a_need(2).label, "Tab")
    is_saved(page)
    cell(page, rows[0], "needed").focus()

    press(page, "Shift+Control+ArrowDown", "Control+d")
    expect(page.get_by_role("button", name="Undo: fill of 3 cells")).to_be_enabled()

    assert [stored(row, "needed") for row in rows] == [[str(a_need(2).pk)]] * 4
    press(page, "Control+z")
    expect(cell(page, rows[3], "needed")).to_have_text("")
    assert [stored(row, "needed") for row in rows[1:]] == [[""]] * 3


def test_one_cell_is_filled_from_the_one_above(world: World, page: Page) -> None:
    make_row(team=world.team, by_when=date(2027, 1, 20), owner="AN")
    below = make_row(team=world.team)
    open_tracker(page, world.team)

    cell(page, below, "owner").focus()
    press(page, "Control+'", "ArrowRight", "Control+d")

    is_saved(page)
    assert stored(below, "owner", "by_when") == ["AN", "2027-01-20"]


def test_ctrl_enter_puts_one_value_into_all_selected_cells(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()

    press(page, "Shift+ArrowDown", "Shift+ArrowDown")
    page.keyboard.type("KW")
    press(page, "Control+Enter")
    expect(page.get_by_role("button", name="Undo: fill of 3 cells")).to_be_enabled()

    assert [stored(row, "owner") for row in rows] == [["KW"], ["KW"], ["KW"], [""]]
    expect(cell(page, rows[0], "owner")).to_be_focused()
    expect(selected(page)).to_have_count(3)


def test_delete_asks_once_for_more_than_one_row_and_empties_all_in_one_step(world: World, page: Page) -> None:
    rows = make_rows(2, team=world.team, owner="AN", action="Ring")
    open_tracker(page, world.team)
    cell(page, rows[0], "action").focus()

    press(page, "Shift+ArrowDown", "Shift+ArrowRight", "Delete")
    expect(page.get_by_role("heading", name="Empty 4 cells of 2 cases?")).to_be_visible()
    press(page, "Escape")
    expect(cell(page, rows[0], "action")).to_be_focused()
    assert [stored(row, "owner") for row in rows] == [["AN"], ["AN"]]
    press(page, "Delete")
    expect(page.get_by_role("heading", name="Empty 4 cells of 2 cases?")).to_be_visible()
    press(page, "Enter")

    expect(page.get_by_role("button", name="Undo: clear of 4 cells")).to_be_enabled()
    assert [stored(row, "owner", "action") for row in rows] == [["", ""], ["", ""]]


def test_delete_in_one_row_does_not_ask_and_what_must_stay_is_left_out(world: World, page: Page) -> None:
    row = make_row(team=world.team, person="Ed Test", owner="AN", action="Ring")
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    press(page, "Shift+Space", "Delete")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[data-problem]")).to_have_count(1)
    assert stored(row, "owner") == ["AN"]
    press(page, "Enter", "Enter")

    expect(dialog).to_have_count(0)
    expect(cell(page, row, "owner")).to_have_text("")
    assert stored(row, "person", "owner", "action") == ["Ed Test", "", ""]


def test_today_and_one_week_more_are_a_key_or_two(world: World, page: Page) -> None:
    row = make_row(team=world.team, next_meeting=date(2027, 1, 20))
    open_tracker(page, world.team)

    cell(page, row, "by_when").focus()
    press(page, "Control+;")
    type_over(page, row, "next_meeting", "+7")

    is_saved(page)
    assert stored(row, "by_when", "next_meeting") == [timezone.localdate().isoformat(), "2027-01-27"]


def test_f2_puts_a_text_to_rest_and_the_arrows_keep_it(world: World, page: Page) -> None:
    row = make_row(team=world.team, owner="AN")
    open_tracker(page, world.team)

    type_over(page, row, "owner", "BO", "F2")
    expect(cell(page, row, "owner")).to_be_focused()
    assert not Change.objects.filter(row=row, field="owner").exists()
    press(page, "Escape")
    expect(cell(page, row, "owner")).to_have_text("AN")
    type_over(page, row, "owner", "BO", "F2")
    press(page, "ArrowRight")

    expect(cell(page, row, "by_when")).to_be_focused()
    is_saved(page)
    assert stored(row, "owner") == ["BO"]


def test_owners_are_suggested_from_the_team_and_from_rows_that_are_hidden(world: World, page: Page) -> None:
    somebody = world.supervisor
    row = make_row(team=world.team, stage=Stage.DECIDED)
    make_row(team=world.team, owner="Zed", stage=Stage.UNDERWAY)
    open_tracker(page, world.team, "?stage=decided")

    cell(page, row, "owner").focus()
    press(page, "F2")

    offered = page.locator(".cell-editor option").evaluate_all("all => all.map(({ value }) => value)")
    assert {"Zed", somebody.name, somebody.initials} <= set(offered)


def test_every_drop_down_value_is_chosen_in_three_keys_or_fewer(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    ways: dict[str, dict[str, list[str]]] = page.evaluate(WAYS, ["stage", "needed", "difficulty"])

    for field, by_label in ways.items():
        assert [label for label, keys in by_label.items() if not keys] == []
        label, keys = list(by_label.items())[-1]
        cell(page, row, field).focus()
        press(page, *keys)
        if field == "stage":
            page.get_by_role("button", name="Do not close").click()
        else:
            expect(cell(page, row, field)).to_have_text(label)


# For each option the shortest keys that choose it, by the module that the list itself asks: a letter or two
# and Enter, or a letter, an arrow and Enter. Empty where there are none.
OPTIONS = (ROOT / "static/js/lib/options.js").read_text().replace("export function", "function")
WAYS = (
    "(fields) => {"
    + OPTIONS
    + """
  const ways = {};
  for (const field of fields) {
    const words = [...document.querySelectorAll(`[data-list="${field}"] > li`)];
    const labels = words.map(({ textContent }) => textContent);
    const options = labels.map((label) => ({ label, value: label }));
    const typed = [...new Set(labels.flatMap((label) => label.toLowerCase().split(/[^a-z]+/)))]
      .filter(Boolean).flatMap((word) => [word.slice(0, 1), word.slice(0, 2)]);
    ways[field] = Object.fromEntries(labels.map((label) => {
      const first = typed.find((text) => fitting(options, text)[0]?.label === label);
      const second = typed.find((text) => text.length === 1 && fitting(options, text)[1]?.label === label);
      const keys = first ? [...first, "Enter"] : second ? [second, "ArrowDown", "Enter"] : [];
      return [label, keys];
    }));
  }
  return ways;
}"""
)
