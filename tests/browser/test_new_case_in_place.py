"""A new case typed in the table itself, with the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.grid import cell, held, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tracker.choices import Stage
from tracker.models import Change, TrackerRow

PageAs = Callable[..., Page]
# What somebody types for one case, cell by cell.
CASE = (
    "000123",
    "Bea Sample",
    "inter",
    a_need,
    "Ring the school about attendance",
    "AN",
    "20/1/27",
    "First visit done",
    a_difficulty,
    "3/2/27",
)


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


def type_case(page: Page) -> None:
    """All ten cells, from the first on."""
    page.keyboard.press("Alt+n")
    for typed in CASE:
        page.keyboard.type(typed if isinstance(typed, str) else typed().label)
        page.keyboard.press("Tab")


def the_new_row() -> TrackerRow:
    """The case that was added last."""
    return TrackerRow.objects.with_all().latest("pk")


def test_a_new_case_is_filled_by_keyboard_in_half_a_minute(world: World, page: Page) -> None:
    make_row(team=world.team)
    open_tracker(page, world.team)
    page.evaluate("window.began = performance.now()")

    type_case(page)
    is_saved(page)

    assert page.evaluate("performance.now() - window.began") < 30_000
    row = the_new_row()
    assert stored(row, "pin", "person", "stage", "needed", "action", "owner", "by_when") == [
        "000123",
        "Bea Sample",
        Stage.UNDERWAY,
        str(a_need().pk),
        "Ring the school about attendance",
        "AN",
        "2027-01-20",
    ]
    assert stored(row, "update", "difficulty", "next_meeting") == [
        "First visit done",
        str(a_difficulty().pk),
        "2027-02-03",
    ]
    expect(page.locator("tbody tr[data-row]")).to_have_count(2)
    expect(page.locator("tbody tr").last).to_have_attribute("data-row", str(row.pk))


def test_a_new_case_that_the_stream_tells_first_is_no_news_of_others(world: World, page: Page) -> None:
    make_row(team=world.team)
    open_tracker(page, world.team)

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        page.locator("tr[data-divider]").wait_for()
        route.fulfill(response=answer)

    page.route("**/cells/", answer_late, times=1)
    type_case(page)
    is_saved(page)

    expect(page.locator("tbody tr").last).to_have_attribute("data-row", str(the_new_row().pk))
    expect(page.locator("tr[data-divider]")).to_have_count(0)


def test_what_is_typed_while_the_case_is_on_its_way_is_kept(world: World, page: Page) -> None:
    open_tracker(page, world.team)

    page.keyboard.press("Alt+n")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("Bea Sample")
    with held(page, "/cells/") as go_on:
        page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("AN")
    page.keyboard.press("Tab")
    page.keyboard.type("20/1")
    go_on()

    editor = page.locator('[data-field="by_when"] .cell-editor input').first
    expect(page.locator("[data-said]")).to_have_text("Added: Bea Sample")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("20/1")
    page.keyboard.type("/27")
    page.keyboard.press("Enter")
    is_saved(page)
    assert stored(the_new_row(), "owner", "by_when") == ["AN", "2027-01-20"]


def test_a_row_in_which_nothing_was_typed_goes_with_the_focus(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)

    page.keyboard.press("Alt+n")
    expect(page.locator("[data-new]")).to_have_count(1)
    cell(page, row, "stage").focus()

    expect(page.locator("[data-new]")).to_have_count(0)
    assert TrackerRow.objects.count() == 1


def test_a_pin_that_is_taken_is_refused_at_its_cell_and_mended_there(world: World, page: Page) -> None:
    make_row(team=world.team, pin="000123")
    open_tracker(page, world.team)

    page.keyboard.press("Alt+n")
    for typed in ("000123", "Bea Sample"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    editor = page.locator('[data-new] [data-field="pin"] input')
    expect(editor).to_have_attribute("aria-invalid", "true")
    assert TrackerRow.objects.count() == 1
    editor.fill("000124")
    editor.press("Enter")

    is_saved(page)
    assert stored(the_new_row(), "pin", "person") == ["000124", "Bea Sample"]


def test_without_the_server_a_new_case_waits_in_its_tab(world: World, page: Page) -> None:
    open_tracker(page, world.team)

    page.route("**/cells/", lambda route: route.abort())
    page.keyboard.press("Alt+n")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("Bea Sample")
    page.keyboard.press("Enter")
    expect(page.locator('[data-new] [data-field="person"]')).to_have_attribute("data-state", "waiting")
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute("**/cells/")
    page.reload()

    expect(page.locator("[data-said]")).to_have_text("Added: Bea Sample")
    assert stored(the_new_row(), "person") == ["Bea Sample"]


def test_a_new_case_is_one_act_that_undo_takes_back(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    page.keyboard.press("Alt+n")
    page.keyboard.press("ArrowRight")
    type_over(page, row, "owner", "")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+n")
    page.keyboard.type("000123")
    page.keyboard.press("Tab")
    page.keyboard.type("Bea Sample")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo: add, 000123")).to_be_enabled()
    assert Change.objects.filter(kind="add", row=the_new_row()).count() == 1

    page.keyboard.press("Control+z")

    expect(page.locator("tbody tr[data-row]:not([data-gone])")).to_have_count(1)
