"""The tracker with the keyboard alone: going about, the editor of each column, in and out of the table."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import cell, held, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import a_need, make_row
from tracker.choices import Stage

PageAs = Callable[..., Page]


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator, who may edit every cell."""
    return page_as(world.coordinator)


def test_five_cells_are_edited_by_keyboard_alone(world: World, page: Page) -> None:
    row = make_row(team=world.team, pin="000002", person="Ed Test")
    open_tracker(page, world.team)
    keyboard = page.keyboard
    expect(page.locator("tbody [tabindex='0']")).to_have_count(1)

    page.locator("tbody [tabindex='0']").focus()
    keyboard.type("000003")
    for typed in ("Ed Tested", "iden", a_need().label[:6], "Ring the school", "AN"):
        keyboard.press("Tab")
        keyboard.type(typed)
    keyboard.press("Tab")
    keyboard.type("20/1/27")
    keyboard.press("Enter")

    is_saved(page)
    fields = ("pin", "person", "stage", "needed", "action", "owner", "by_when")
    wanted = [
        "000003",
        "Ed Tested",
        Stage.IDENTIFIED,
        str(a_need().pk),
        "Ring the school",
        "AN",
        "2027-01-20",
    ]
    assert stored(row, *fields) == wanted
    expect(cell(page, row, "by_when")).to_contain_text("20/01/27")


def test_a_text_takes_a_line_break_with_alt_enter(world: World, page: Page) -> None:
    row = make_row(team=world.team, action="One")
    open_tracker(page, world.team)

    cell(page, row, "action").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+Enter")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")

    is_saved(page)
    assert stored(row, "action") == ["One\nTwo"]


def test_esc_leaves_the_cell_as_it_was(world: World, page: Page) -> None:
    """K2: Esc takes back."""
    row = make_row(team=world.team, action="As it was")
    open_tracker(page, world.team)

    type_over(page, row, "action", "Something else", "Escape")

    expect(cell(page, row, "action")).to_have_text("As it was")
    expect(cell(page, row, "action")).to_be_focused()
    assert stored(row, "action") == ["As it was"]


def test_arrows_keep_what_was_typed_over_a_cell_and_go_on(world: World, page: Page) -> None:
    row = make_row(team=world.team, owner="AN")
    open_tracker(page, world.team)

    type_over(page, row, "owner", "BO", "ArrowRight")

    expect(cell(page, row, "by_when")).to_be_focused()
    is_saved(page)
    assert stored(row, "owner") == ["BO"]


def test_arrows_move_the_caret_in_a_cell_that_was_opened_with_f2(world: World, page: Page) -> None:
    row = make_row(team=world.team, owner="AN")
    open_tracker(page, world.team)

    cell(page, row, "owner").focus()
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("-")
    page.keyboard.press("Enter")

    is_saved(page)
    assert stored(row, "owner") == ["A-N"]


def test_alt_down_opens_the_list_at_the_value_of_the_cell(world: World, page: Page) -> None:
    row = make_row(team=world.team, stage=Stage.UNDERWAY)
    open_tracker(page, world.team)

    cell(page, row, "stage").focus()
    page.keyboard.press("Alt+ArrowDown")

    expect(page.locator("[role=option][aria-selected=true]")).to_have_text("Intervention underway")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    is_saved(page)
    assert stored(row, "stage") == [Stage.IDENTIFIED]


def test_after_a_run_of_tabs_enter_goes_below_where_it_began(world: World, page: Page) -> None:
    first = make_row(team=world.team)
    second = make_row(team=world.team)
    open_tracker(page, world.team)

    type_over(page, first, "action", "Visit", "Tab")
    page.keyboard.type("AN")
    page.keyboard.press("Enter")

    expect(cell(page, second, "action")).to_be_focused()


def test_arrows_and_their_friends_go_from_cell_to_cell(world: World, page: Page) -> None:
    """K3: the keys of a grid."""
    rows = [make_row(team=world.team) for _ in range(3)]
    open_tracker(page, world.team)
    cell(page, rows[1], "stage").focus()

    reached = {
        "ArrowLeft": cell(page, rows[1], "person"),
        "Home": cell(page, rows[1], "pin"),
        "Control+ArrowDown": cell(page, rows[2], "pin"),
        "ArrowUp": cell(page, rows[1], "pin"),
        "PageDown": cell(page, rows[2], "pin"),
        "PageUp": cell(page, rows[0], "pin"),
        "Control+Home": cell(page, rows[0], "pin"),
        "End": page.locator(f'tr[data-row="{rows[0].pk}"] > td').last,
        "Control+End": page.locator(f'tr[data-row="{rows[2].pk}"] > td').last,
    }
    for key, target in reached.items():
        page.keyboard.press(key)
        expect(target).to_be_focused()
    expect(page.locator("[role=grid] [tabindex='0']")).to_have_count(1)


def test_up_from_the_first_row_reaches_the_heading_and_its_menu(world: World, page: Page) -> None:
    """K3: headings and their menus."""
    row = make_row(team=world.team)
    open_tracker(page, world.team)

    cell(page, row, "stage").focus()
    page.keyboard.press("ArrowUp")
    heading = page.locator("th[data-column=stage] button")
    expect(heading).to_be_focused()
    page.keyboard.press("Enter")

    menu = page.locator("#filter-stage")
    expect(menu).to_be_visible()
    box, button = menu.bounding_box(), heading.bounding_box()
    assert box
    assert button
    assert 0 <= box["y"] - (button["y"] + button["height"]) < 10
    page.keyboard.press("Escape")
    expect(heading).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, row, "stage")).to_be_focused()


def test_tab_reaches_and_leaves_the_grid_both_ways(world: World, page: Page) -> None:
    """K2, K3: one stop, no trap."""
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    inside = page.locator("[role=grid] :focus")

    page.get_by_role("link", name="All keys").focus()
    page.keyboard.press("Tab")
    expect(cell(page, row, "pin")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(inside).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(cell(page, row, "pin")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("link", name="All keys")).to_be_focused()


def test_tab_goes_on_from_the_last_cell_of_the_last_row(world: World, page: Page) -> None:
    first = make_row(team=world.team)
    second = make_row(team=world.team)
    open_tracker(page, world.team)

    page.locator(f'tr[data-row="{first.pk}"] > td').last.focus()
    page.keyboard.press("Tab")
    expect(cell(page, second, "pin")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Tab")

    expect(page.locator("[role=grid] :focus")).to_have_count(0)


def test_a_refused_date_keeps_the_typed_text_with_the_sentence(world: World, page: Page) -> None:
    """K12: in the table itself."""
    row = make_row(team=world.team, by_when=date(2027, 1, 20))
    make_row(team=world.team)
    open_tracker(page, world.team)

    type_over(page, row, "by_when", "31/02/27")

    editor = cell(page, row, "by_when").get_by_role("textbox")
    expect(editor).to_have_value("31/02/27")
    expect(editor).to_have_attribute("aria-invalid", "true")
    expect(editor).to_be_focused()
    expect(cell(page, row, "by_when").get_by_role("alert")).to_contain_text("31/02/27")
    expect(editor).to_have_accessible_description(
        cell(page, row, "by_when").get_by_role("alert").text_content() or ""
    )
    assert stored(row, "by_when") == ["2027-01-20"]


def test_a_refused_text_is_mended_in_its_editor(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    type_over(page, row, "by_when", "31/02/27")
    editor = cell(page, row, "by_when").get_by_role("textbox")
    expect(editor).to_be_focused()

    editor.fill("28/02/27")
    editor.press("Enter")

    is_saved(page)
    assert stored(row, "by_when") == ["2027-02-28"]


def test_a_refusal_does_not_take_the_keys_of_somebody_who_types_on(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)

    with held(page, "/cell/") as go_on:
        type_over(page, row, "by_when", "31/02/27", "Tab")
    page.keyboard.type("Vis")
    go_on()

    editor = cell(page, row, "update").get_by_role("textbox")
    expect(cell(page, row, "by_when")).to_have_attribute("data-state", "refused")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("Vis")


def test_a_text_that_is_no_option_is_refused_with_the_nearest(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)

    type_over(page, row, "stage", "Decidde to close")

    expect(cell(page, row, "stage").get_by_role("alert")).to_contain_text("Decided to close")


def test_closing_from_the_stage_cell_asks_the_outcome(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    stays = make_row(team=world.team)
    open_tracker(page, world.team)

    type_over(page, row, "stage", "Closed")
    outcome = page.locator("[data-panel=needs-outcome] select")
    expect(outcome).to_be_focused()
    outcome.select_option(index=1)
    page.get_by_role("button", name="Close the case").click()

    gone = page.locator(f'tr[data-row="{row.pk}"][data-gone]')
    expect(gone).to_contain_text("Closed by")
    expect(gone.get_by_role("link", name="Closed list")).to_be_visible()
    expect(page.locator("[data-shown-words]")).to_contain_text("1 of 1 shown")
    expect(cell(page, stays, "stage")).to_be_focused()


def test_a_case_that_is_not_closed_after_all_keeps_its_stage(world: World, page: Page) -> None:
    row = make_row(team=world.team, stage=Stage.DECIDED)
    open_tracker(page, world.team)
    type_over(page, row, "stage", "Closed")
    expect(page.locator("[data-panel=needs-outcome] select")).to_be_focused()

    page.keyboard.press("Escape")

    expect(cell(page, row, "stage")).to_have_text("Decided to close")
    expect(cell(page, row, "stage")).to_have_attribute("data-state", "saved")
    is_saved(page)


def test_a_reader_is_told_that_nothing_can_be_changed(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    page = open_tracker(page_as(world.head), world.team)

    cell(page, row, "action").focus()
    page.keyboard.type("x")

    expect(page.locator("[data-said]")).to_have_text("You cannot change this here")
    expect(page.locator(".cell-editor")).to_have_count(0)


def test_a_date_is_said_with_its_weekday_before_it_is_kept(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)

    cell(page, row, "by_when").focus()
    page.keyboard.type("20/1/27")
    expect(page.locator(".cell-editor")).to_contain_text("Wed 20/01/27")
    page.keyboard.press("Control+a")
    page.keyboard.type("31/2/27")

    expect(page.locator(".cell-editor")).to_contain_text("28 days")
    assert stored(row, "by_when") == [""]
