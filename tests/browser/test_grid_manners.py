"""What the table does at its edges: no motion, long absence, leaving in the middle, too many cells."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.grid import cell, copied, is_saved, open_tracker, stored, type_over
from tests.browser.test_grid_with_others import looks, overtaken, saved_by
from tests.conftest import World
from tests.factories import make_row, make_rows
from tracker.changes.cells import MOST_CELLS
from tracker.models import Change, Hitches

PageAs = Callable[..., Page]
MOVING = "() => document.getAnimations().filter(({ playState }) => playState === 'running').length"


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


def test_nothing_moves_for_whoever_wants_no_motion(world: World, page_as: PageAs) -> None:
    """K8: while cells are on their way and change."""
    row, other = make_row(team=world.team), make_row(team=world.team)
    page = open_tracker(page_as(world.coordinator, reduced_motion="reduce"), world.team)
    page.route("**/cell/", lambda route: route.abort())
    saved_by(world.supervisor, other, "action", "Theirs")
    looks(page)
    expect(cell(page, other, "action")).to_have_attribute("data-changed", "")

    type_over(page, row, "action", "Mine")

    expect(cell(page, row, "action")).to_have_attribute("data-state", "waiting")
    assert page.evaluate(MOVING) == 0
    cell(page, other, "action").focus()
    expect(cell(page, other, "action")).not_to_have_attribute("data-changed", "")


def test_after_eight_hours_away_what_waits_is_kept_and_the_page_offers_itself_anew(
    world: World, page: Page
) -> None:
    row, other = make_row(team=world.team), make_row(team=world.team)
    page.clock.install()
    open_tracker(page, world.team)
    page.route("**/cell/", lambda route: route.abort())
    page.route("**/changes/**", lambda route: route.abort())
    type_over(page, row, "action", "Before the night")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "offline")
    saved_by(world.supervisor, other, "action", "In the night")

    page.clock.fast_forward("08:00:01")
    page.unroute("**/changes/**")
    page.unroute("**/cell/")
    looks(page)

    notice = page.locator("[data-notice=away]")
    expect(notice).to_contain_text("You were away for a long time. Unsent changes are kept.")
    expect(cell(page, other, "action")).to_have_text("In the night")
    page.clock.resume()
    notice.get_by_role("button", name="Reload").click()
    is_saved(page)
    assert stored(row, "action") == ["Before the night"]


def test_who_leaves_with_an_open_editor_is_asked_and_may_stay(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, row, "action").focus()
    page.keyboard.type("Half a sen")
    page.on("dialog", Dialog.dismiss)

    with page.expect_event("dialog") as asked:
        page.evaluate("() => { location.href = '/help/'; }")

    assert asked.value.type == "beforeunload"
    expect(cell(page, row, "action").get_by_role("textbox")).to_have_value("Half a sen")
    page.keyboard.type("tence")
    page.keyboard.press("Enter")
    is_saved(page)
    assert stored(row, "action") == ["Half a sentence"]


def test_a_column_longer_than_can_be_changed_at_once_is_copied_and_not_emptied(
    world: World, page: Page
) -> None:
    number = MOST_CELLS + 10
    rows = make_rows(number, team=world.team, owner="AN")
    open_tracker(page, world.team)
    before = Change.objects.count()
    cell(page, rows[0], "owner").focus()
    page.keyboard.press("Control+Space")

    assert copied(page)["text"].split() == ["AN"] * number
    page.keyboard.press("Delete")
    page.get_by_role("dialog").get_by_role("button", name="Empty them").click()

    notice = page.locator("[data-notice=many]")
    expect(notice).to_contain_text(
        f"{number} cells are too many: {MOST_CELLS} cells at most can be changed at once."
    )
    expect(notice).to_contain_text("Select fewer and do it in parts")
    expect(cell(page, rows[0], "owner")).to_have_text("AN")
    expect(page.locator("td[data-state]:not([data-state=saved])")).to_have_count(0)
    assert Change.objects.count() == before


def test_what_goes_wrong_on_a_page_is_counted_for_the_officers(world: World, page: Page) -> None:
    row = make_row(team=world.team, action="One")
    open_tracker(page, world.team)
    page.context.set_offline(True)
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "offline")
    with page.expect_response("**/hitches/"):
        page.context.set_offline(False)
    overtaken(page, row, "action", "Mine", theirs="Theirs", by=world.supervisor)
    expect(page.locator("[data-panel=conflict]")).to_be_focused()

    with page.expect_response("**/hitches/"):
        page.keyboard.press("Escape")

    counted = Hitches.objects.get()
    assert (counted.conflicts, counted.parked, counted.reconnects) == (1, 1, 1)
