"""Taking back one's own acts in the tracker: named, done again, refused with a name, kept over a reload."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import cell, held, is_saved, open_tracker, stored, type_over
from tests.browser.test_grid_with_others import saved_by
from tests.conftest import World
from tests.factories import make_row
from tracker.choices import RowState
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


def test_undo_and_redo_name_their_step_and_go_to_its_cell(world: World, page: Page) -> None:
    row = make_row(team=world.team, pin="000002", owner="AN")
    open_tracker(page, world.team)
    undo, redo = page.locator("[data-step=undo]"), page.locator("[data-step=redo]")
    expect(undo).to_be_disabled()

    type_over(page, row, "owner", "BO")
    expect(undo).to_have_text("↶ Undo: Owner, 000002")
    cell(page, row, "stage").focus()
    page.keyboard.press("Control+z")

    expect(cell(page, row, "owner")).to_be_focused()
    expect(cell(page, row, "owner")).to_have_text("AN")
    expect(page.locator("[data-said]")).to_have_text("Undone: Owner, 000002")
    expect(undo).to_be_disabled()
    expect(redo).to_have_text("↷ Redo: Owner, 000002")
    page.keyboard.press("Control+Shift+Z")
    expect(cell(page, row, "owner")).to_have_text("BO")
    undo.click()
    expect(cell(page, row, "owner")).to_have_text("AN")
    page.keyboard.press("Control+y")
    expect(cell(page, row, "owner")).to_have_text("BO")


def test_a_new_edit_drops_what_could_be_done_again(world: World, page: Page) -> None:
    row = make_row(team=world.team, pin="000002", owner="AN")
    open_tracker(page, world.team)
    type_over(page, row, "owner", "BO")
    page.keyboard.press("Control+z")
    # The hands are brought to the cell before the words are said.
    expect(page.locator("[data-said]")).to_have_text("Undone: Owner, 000002")

    type_over(page, row, "action", "Ring")

    expect(page.locator("[data-step=undo]")).to_have_text("↶ Undo: Action, 000002")
    expect(page.locator("[data-step=redo]")).to_be_disabled()


def test_undo_pressed_again_before_the_answer_takes_back_the_step_before(world: World, page: Page) -> None:
    row = make_row(team=world.team, pin="000002", owner="AN", action="Ring")
    open_tracker(page, world.team)
    for field, text in (("owner", "BO"), ("action", "Visit")):
        type_over(page, row, field, text)
        is_saved(page)

    with held(page, "/undo/") as go_on:
        page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    go_on()

    expect(cell(page, row, "owner")).to_have_text("AN")
    expect(page.locator("[data-step=undo]")).to_be_disabled()
    assert stored(row, "owner", "action") == ["AN", "Ring"]


def test_undo_does_not_take_the_hands_from_where_they_went_meanwhile(world: World, page: Page) -> None:
    row = make_row(team=world.team, pin="000002", owner="AN")
    open_tracker(page, world.team)
    type_over(page, row, "owner", "BO")
    is_saved(page)

    with held(page, "/undo/") as go_on:
        page.keyboard.press("Control+z")
    cell(page, row, "action").focus()
    page.keyboard.type("Ri")
    go_on()
    expect(cell(page, row, "owner")).to_have_text("AN")
    expect(page.locator("[data-said]")).to_have_text("Undone: Owner, 000002")
    page.keyboard.type("ng")
    page.keyboard.press("Enter")

    expect(cell(page, row, "action")).to_have_text("Ring")
    is_saved(page)
    assert stored(row, "owner", "action") == ["AN", "Ring"]


def test_4_10_13_undo_after_anothers_change_is_refused_with_a_name_and_not_skipped(
    world: World, page: Page
) -> None:
    first, row = make_row(team=world.team), make_row(team=world.team, pin="000002", owner="AN")
    open_tracker(page, world.team)
    type_over(page, first, "owner", "KW")
    # Different rows go side by side: only what is saved has its place among the steps.
    is_saved(page)
    type_over(page, row, "owner", "BO")
    is_saved(page)
    saved_by(world.supervisor, row, "owner", "CE")

    for _ in range(2):
        page.keyboard.press("Control+z")
        refused = page.locator('[data-notice="step"]')
        expect(refused).to_contain_text(world.supervisor.name)
        expect(refused).to_contain_text("Undo would discard it")

    with page.context.expect_page() as opened:
        refused.get_by_role("button", name="Show history").click()
    expect(opened.value).to_have_url(re.compile(f"/rows/{row.pk}/history/"))
    assert [stored(one, "owner") for one in (first, row)] == [["KW"], ["CE"]]
    expect(page.locator("[data-step=undo]")).to_have_text("↶ Undo: Owner, 000002")


def test_a_reload_of_the_tab_keeps_the_steps_and_a_text_box_has_its_own(world: World, page: Page) -> None:
    row = make_row(team=world.team, pin="000002", owner="AN")
    open_tracker(page, world.team)
    type_over(page, row, "owner", "BO")
    is_saved(page)

    page.reload()
    expect(page.locator("[data-step=undo]")).to_have_text("↶ Undo: Owner, 000002")
    cell(page, row, "action").focus()
    page.keyboard.type("Ring")
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")

    assert stored(row, "owner") == ["BO"]
    page.keyboard.press("Control+z")
    expect(cell(page, row, "owner")).to_have_text("AN")


def test_undo_without_the_server_says_so_and_changes_nothing(world: World, page: Page) -> None:
    row = make_row(team=world.team, owner="AN")
    open_tracker(page, world.team)
    type_over(page, row, "owner", "BO")
    is_saved(page)

    page.context.set_offline(True)
    page.keyboard.press("Control+z")

    expect(page.locator('[data-notice="step"]')).to_contain_text("cannot be reached")
    assert stored(row, "owner") == ["BO"]


def test_a_closed_case_comes_back_with_undo(world: World, page: Page) -> None:
    row, stays = make_row(team=world.team, pin="000002"), make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    page.keyboard.press("Alt+c")
    page.get_by_label("How did it end?").select_option(index=1)
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_role("button", name="Undo: close, 000002")).to_be_enabled()
    assert TrackerRow.objects.get(pk=row.pk).state == RowState.CLOSED
    cell(page, stays, "owner").focus()
    page.keyboard.press("Control+z")

    # The row may still be leaving: the step is taken once it can be done again.
    expect(page.get_by_role("button", name="Redo: close, 000002")).to_be_enabled()
    expect(cell(page, row, "owner")).to_be_visible()
    assert TrackerRow.objects.get(pk=row.pk).state == RowState.OPEN


def test_a_row_added_by_mistake_is_removed_and_comes_back(world: World, page: Page) -> None:
    row, stays = make_row(team=world.team, pin="000002"), make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    page.keyboard.press("Alt+c")
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator(f'tr[data-row="{row.pk}"][data-gone]')).to_be_visible()
    expect(cell(page, stays, "owner")).to_be_focused()
    page.keyboard.press("Control+z")

    expect(cell(page, row, "owner")).to_be_visible()
