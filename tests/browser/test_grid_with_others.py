"""Several people, or one person and a bad line, on one tracker: both are told, and nothing is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from accounts.models import User
from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_row
from tests.figures import measured
from tracker.changes.columns import add_column
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.choices import ColumnKind
from tracker.models import Change, RefusedEdit, TrackerRow

PageAs = Callable[..., Page]
# Holds every edit on its way to the server until the test lets it go.
SLOW = """
window.held = [];
const quick = window.fetch;
window.fetch = async (address, options) => {
  if (String(address).endsWith("/cell/")) {
    await new Promise((go) => window.held.push(go));
  }
  return quick(address, options);
};
"""
COUNT_WHAT_IS_SAID = """(region) => {
  window.said = 0;
  new MutationObserver((told) => { window.said += told.length; }).observe(region, { childList: true });
}"""
# What the typist has: which box, its text, the selection; and where on the screen it stands.
TYPIST = """() => {
  const box = document.activeElement;
  const { top, left } = box.getBoundingClientRect();
  return [[box.ariaLabel, box.value, box.selectionStart, box.selectionEnd], [top, left]];
}"""


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


def saved_by(person: User, row: TrackerRow, field: str, value: Any) -> None:
    """What another person's page does."""
    row = TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)
    edit_cell(row=row, field=field, new=cleaned(field, value), base=row.rev(field), by=person)


def overtaken(page: Page, row: TrackerRow, field: str, mine: str, *, theirs: str, by: User) -> None:
    """Somebody types over the cell; before they keep it, another's text is saved there."""
    cell(page, row, field).focus()
    page.keyboard.type(mine)
    saved_by(by, row, field, theirs)
    page.keyboard.press("Enter")


def history(row: TrackerRow, field: str) -> list[str]:
    """The values that the field has had, the oldest first."""
    entries = Change.objects.filter(row=row, field=field, kind="set").order_by("seq")
    return [entry.new for entry in entries]


def looks(page: Page) -> None:
    """Waits until the page knows all that was saved by now: what it asked before may have been too early."""
    page.evaluate("""async () => {
      const { changes } = document.querySelector("tracker-grid");
      await changes.poll();
      await changes.poll();
    }""")


def test_4_10_02_two_people_on_one_cell_are_both_told_and_no_text_lost(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, pin="000002", action="Meet with hospital")
    mine = open_tracker(page_as(world.coordinator), world.team)
    theirs = open_tracker(page_as(world.supervisor), world.team)
    for page, text in ((theirs, "Meet GP Tuesday"), (mine, "Meet hospital Thursday")):
        cell(page, row, "action").focus()
        page.keyboard.type(text)

    theirs.keyboard.press("Enter")
    is_saved(theirs)
    mine.keyboard.press("Enter")

    panel = mine.get_by_role("alertdialog", name="This changed while you were typing")
    expect(panel).to_contain_text("Before: Meet with hospital")
    expect(panel).to_contain_text("Meet GP Tuesday")
    expect(panel).to_contain_text("You: Meet hospital Thursday")
    expect(cell(mine, row, "action")).to_have_attribute("data-state", "conflict")
    panel.get_by_role("button", name="Use mine instead").click()
    is_saved(mine)
    looks(theirs)
    expect(cell(theirs, row, "action")).to_have_text("Meet hospital Thursday")
    expect(theirs.locator("[data-said]")).to_have_text(
        f"{world.coordinator.initials} changed Action of 000002"
    )
    assert history(row, "action") == ["Meet GP Tuesday", "Meet hospital Thursday"]
    assert RefusedEdit.objects.get().value == "Meet hospital Thursday"


def test_two_versions_of_a_text_are_joined(world: World, page: Page) -> None:
    row = make_row(team=world.team, action="One")
    open_tracker(page, world.team)
    overtaken(page, row, "action", "Mine", theirs="Theirs", by=world.supervisor)

    page.get_by_role("button", name="Join both").click()
    editor = cell(page, row, "action").get_by_role("textbox")
    expect(editor).to_have_value("Theirs\nMine")
    editor.press("Enter")

    is_saved(page)
    assert stored(row, "action") == ["Theirs\nMine"]


def test_a_text_that_met_a_newer_one_is_put_aside_with_esc(world: World, page: Page) -> None:
    row = make_row(team=world.team, action="One")
    open_tracker(page, world.team)
    overtaken(page, row, "action", "Mine", theirs="Theirs", by=world.supervisor)
    expect(page.locator("[data-panel=conflict]")).to_be_focused()

    page.keyboard.press("Escape")

    expect(cell(page, row, "action")).to_have_text("Theirs")
    expect(page.locator("[data-parked]")).to_contain_text("“Mine”")
    page.reload()
    expect(page.locator("[data-parked]")).to_contain_text("“Mine”")
    page.get_by_role("button", name="Put it in again").click()
    is_saved(page)
    assert stored(row, "action") == ["Mine"]


def test_different_cells_of_one_row_both_stay(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    mine = open_tracker(page_as(world.coordinator), world.team)
    theirs = open_tracker(page_as(world.supervisor), world.team)

    type_over(mine, row, "action", "Visit")
    type_over(theirs, row, "owner", "BO")

    for page in (mine, theirs):
        is_saved(page)
        looks(page)
        expect(cell(page, row, "action")).to_have_text("Visit")
        expect(cell(page, row, "owner")).to_have_text("BO")
    assert stored(row, "action", "owner") == ["Visit", "BO"]


def test_4_10_03_two_fast_edits_of_a_cell_on_a_slow_server_are_no_conflict(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    page.add_init_script(SLOW)
    open_tracker(page, world.team)

    type_over(page, row, "action", "First")
    page.wait_for_function("() => window.held.length === 1")
    type_over(page, row, "action", "Second")
    page.evaluate("() => window.held.shift()()")
    page.wait_for_function("() => window.held.length === 1")
    page.evaluate("() => window.held.shift()()")

    is_saved(page)
    expect(page.locator(".conflict-panel")).to_have_count(0)
    expect(cell(page, row, "action")).to_have_text("Second")
    assert history(row, "action") == ["First", "Second"]


def test_an_edit_begun_before_the_last_one_was_saved_is_no_conflict(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    page.add_init_script(SLOW)
    open_tracker(page, world.team)
    type_over(page, row, "action", "First")
    page.wait_for_function("() => window.held.length === 1")
    cell(page, row, "action").focus()
    page.keyboard.type("Second")
    page.evaluate("() => window.held.shift()()")
    is_saved(page)

    page.keyboard.press("Enter")
    page.wait_for_function("() => window.held.length === 1")
    page.evaluate("() => window.held.shift()()")

    is_saved(page)
    assert history(row, "action") == ["First", "Second"]


def test_an_answer_that_was_lost_is_asked_for_again_and_changes_nothing_twice(
    world: World, page: Page
) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    sent: list[str | None] = []

    def lose_the_first(route: Route, request: Request) -> None:
        sent.append(request.post_data)
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/cell/", lose_the_first)
    type_over(page, row, "action", "Visit")

    is_saved(page)
    expect(cell(page, row, "action")).to_have_attribute("data-state", "saved")
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert history(row, "action") == ["Visit"]


def test_4_10_08_edits_made_offline_survive_a_reload_and_arrive_in_order(world: World, page: Page) -> None:
    rows = [make_row(team=world.team) for _ in range(6)]
    open_tracker(page, world.team)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/cell/", lambda route: route.abort())
    page.route("**/changes/**", lambda route: route.abort())
    for number, row in enumerate(rows):
        type_over(page, row, "action", f"Text {number}")
    expect(page.locator("[data-unsent]")).to_have_text("Offline: 6 changes wait. Keep typing.")
    expect(cell(page, rows[0], "action")).to_have_attribute("data-state", "waiting")

    page.reload()
    expect(cell(page, rows[5], "action")).to_contain_text("Text 5")
    page.unroute("**/changes/**")
    page.unroute("**/cell/")

    is_saved(page)
    kept = Change.objects.filter(team=world.team, kind="set").order_by("seq").values_list("new", flat=True)
    assert list(kept) == [f"Text {number}" for number in range(6)]


def test_anothers_change_arrives_and_is_told(world: World, page: Page) -> None:
    """K5: one sentence."""
    row = make_row(team=world.team, pin="000002")
    open_tracker(page, world.team)
    page.locator("[data-said]").evaluate(COUNT_WHAT_IS_SAID)

    saved_by(world.supervisor, row, "by_when", date(2027, 1, 20))

    expect(cell(page, row, "by_when")).to_contain_text("20/01/27")
    expect(cell(page, row, "by_when")).to_have_attribute("data-changed", "")
    expect(page.locator("[data-said]")).to_have_text(f"{world.supervisor.initials} changed By when of 000002")
    looks(page)
    said = page.evaluate("() => window.said")
    measured("K5 announcements per edit of another", said)
    assert said == 1


def test_anothers_change_moves_neither_focus_caret_selection_nor_scroll(world: World, page: Page) -> None:
    """K5: nothing moves."""
    rows = [make_row(team=world.team, action="One line") for _ in range(40)]
    open_tracker(page, world.team)
    # Not every browser keeps the place by itself, so this one is told not to.
    page.locator(".tracker-grid__box").evaluate("(box) => { box.style.overflowAnchor = 'none'; }")
    cell(page, rows[30], "action").focus()
    page.keyboard.press("F2")
    page.keyboard.type("A text that is not finished")
    page.keyboard.press("Shift+ArrowLeft")
    text, before = page.evaluate(TYPIST)

    saved_by(world.supervisor, rows[2], "action", "\n".join("Many lines" for _ in range(8)))
    saved_by(world.supervisor, rows[30], "update", "Another cell of the row that is being edited")
    looks(page)

    expect(cell(page, rows[30], "update")).to_contain_text("Another cell")
    assert page.evaluate(TYPIST) == [text, pytest.approx(before, abs=1)]


def test_somebody_who_types_is_told_that_another_saved_the_cell(world: World, page: Page) -> None:
    """K5: in the same cell, at once and not twice; there is a choice, and what was typed stays until then."""
    row = make_row(team=world.team, action="One")
    open_tracker(page, world.team)
    cell(page, row, "action").focus()
    page.keyboard.type("Mine")
    saved_by(world.supervisor, row, "action", "Theirs")
    looks(page)

    strip = page.locator("[data-strip]")
    expect(strip.get_by_role("alert")).to_contain_text(f"{world.supervisor.initials} saved “Theirs”")
    expect(page.locator("[data-said]")).not_to_contain_text("Theirs")
    expect(cell(page, row, "action").get_by_role("textbox")).to_be_focused()
    expect(cell(page, row, "action").get_by_role("textbox")).to_have_value("Mine")
    strip.get_by_role("button", name="Use theirs").click()

    expect(cell(page, row, "action")).to_have_text("Theirs")
    is_saved(page)


def test_a_case_that_another_closes_hands_the_focus_to_the_next_row(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    stays = make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    close_row(row=row, outcome=an_outcome(), by=world.supervisor)
    looks(page)

    expect(cell(page, stays, "owner")).to_be_focused()
    expect(page.locator(f'tr[data-row="{row.pk}"]')).to_contain_text("Closed by")
    expect(page.locator("[data-shown]")).to_have_attribute("data-total", "1")


def test_a_text_for_a_case_that_was_closed_meanwhile_can_be_copied(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, row, "action").focus()
    page.keyboard.type("Not lost")
    close_row(row=row, outcome=an_outcome(), by=world.supervisor)

    page.keyboard.press("Enter")

    panel = page.locator("[data-panel=row-gone]")
    expect(panel).to_contain_text("closed this case")
    expect(panel.get_by_role("button", name="Copy my text")).to_be_visible()
    panel.get_by_role("button", name="Leave it").click()
    expect(page.locator(f'tr[data-row="{row.pk}"][data-gone]')).to_be_visible()
    is_saved(page)


def test_4_10_04_the_panel_names_my_own_other_tab(world: World, page: Page) -> None:
    row = make_row(team=world.team, action="One")
    open_tracker(page, world.team)
    other = open_tracker(page.context.new_page(), world.team)
    for tab, text in ((page, "From here"), (other, "From the other tab")):
        cell(tab, row, "action").focus()
        tab.keyboard.type(text)

    other.keyboard.press("Enter")
    is_saved(other)
    page.keyboard.press("Enter")

    panel = page.get_by_role("alertdialog", name="This changed while you were typing")
    expect(panel).to_contain_text("You, in another tab")
    expect(panel).to_contain_text("From the other tab")
    assert stored(row, "action") == ["From the other tab"]


def test_4_10_09_a_text_typed_offline_for_a_case_that_was_closed_meanwhile_is_offered_back(
    world: World, page: Page
) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    page.route("**/cell/", lambda route: route.abort())
    page.route("**/changes/**", lambda route: route.abort())
    type_over(page, row, "action", "Typed in the tunnel")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "offline")
    close_row(row=row, outcome=an_outcome(), by=world.supervisor)

    page.unroute("**/changes/**")
    page.unroute("**/cell/")

    panel = page.locator("[data-panel=row-gone]")
    expect(panel).to_contain_text(f"{world.supervisor.name} has closed this case")
    expect(panel.get_by_role("button", name="Copy my text")).to_be_visible()
    panel.get_by_role("button", name="Reopen and save").click()
    is_saved(page)
    assert stored(row, "action", "state") == ["Typed in the tunnel", "open"]


def test_4_10_17_a_page_that_missed_too_much_draws_anew_and_keeps_what_waits(
    world: World, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, other = make_row(team=world.team), make_row(team=world.team)
    # The stream is away too: it would bring the change by itself, and nothing would have been missed.
    page.route("**/live/**", lambda route: route.abort())
    open_tracker(page, world.team)
    page.route("**/cell/", lambda route: route.abort())
    page.route("**/changes/**", lambda route: route.abort())
    type_over(page, row, "action", "Still waits")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "offline")
    monkeypatch.setattr("tracker.views.grid.FAR_BEHIND", 0)
    saved_by(world.supervisor, other, "action", "Missed")

    page.unroute("**/changes/**")
    expect(cell(page, other, "action")).to_have_text("Missed")
    expect(page.locator("[data-notice=away]")).to_contain_text("You were away for a long time.")
    expect(cell(page, row, "action")).to_contain_text("Still waits")
    page.unroute("**/cell/")

    is_saved(page)
    assert stored(row, "action") == ["Still waits"]


def test_a_case_that_another_adds_comes_last(world: World, page: Page) -> None:
    make_row(team=world.team)
    open_tracker(page, world.team)

    added = make_row(team=world.team, person="New Here", by=world.supervisor)
    looks(page)

    expect(page.locator("tbody tr").last).to_have_attribute("data-row", str(added.pk))
    expect(page.locator("[data-shown-words]")).to_contain_text("2 of 2 shown")


def test_after_the_sign_in_has_ended_all_is_sent_when_it_is_back_from_another_tab(
    world: World, page: Page
) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    type_over(page, row, "action", "Kept")
    expect(page.locator("[data-unsent]")).to_have_text("Signed out: 1 change waits.")

    page.context.add_cookies([one for one in cookies if one["name"] == "sessionid"])  # type: ignore[misc] # read and given cookies have two types
    looks(page)

    is_saved(page)
    assert stored(row, "action") == ["Kept"]


def signs_in(other: Page, page: Page) -> None:
    """Whoever is signed in on the other page signs in in this page's browser, which keeps the page open."""
    page.context.clear_cookies()
    # Cookies that are read and cookies that are put in have two types with the same keys.
    page.context.add_cookies(other.context.cookies())  # type: ignore[arg-type]


def test_edits_of_another_person_in_this_tab_are_counted_and_not_sent(
    world: World, page: Page, page_as: PageAs
) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/cell/", lambda route: route.abort())
    type_over(page, row, "action", "A secret")
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
    other = page_as(world.supervisor)
    signs_in(other, page)
    page.unroute("**/cell/")

    page.reload()

    who = world.coordinator.initials
    expect(page.get_by_text(f"{who} has 1 unsent edit on this computer.")).to_be_visible()
    expect(page.get_by_text("A secret")).to_have_count(0)
    is_saved(page)
    assert stored(row, "action") == [""]


def types_while_somebody_else_signs_in(page: Page, row: TrackerRow, other: Page) -> None:
    """Without the server, so that no request of the page finds out before there is an edit that waits."""
    page.context.set_offline(True)
    type_over(page, row, "action", "A secret")
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
    signs_in(other, page)
    page.context.set_offline(False)


def test_4_10_11_edits_are_not_sent_after_somebody_else_has_signed_in(
    world: World, page: Page, page_as: PageAs
) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    other = open_tracker(page_as(world.supervisor), world.team)

    types_while_somebody_else_signs_in(page, row, other)

    who = world.coordinator.initials
    expect(page.get_by_text(f"{who} has 1 unsent edit on this computer.")).to_be_visible()
    expect(page.get_by_text("A secret")).to_have_count(0)
    assert stored(row, "action") == [""]


def test_a_page_closed_for_somebody_else_goes_on_saying_what_waits(
    world: World, page: Page, page_as: PageAs
) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    other = open_tracker(page_as(world.supervisor), world.team)
    types_while_somebody_else_signs_in(page, row, other)
    waits = page.get_by_text(f"{world.coordinator.initials} has 1 unsent edit on this computer.")
    expect(waits).to_be_visible()

    # Each request that was on its way has the same answer.
    page.evaluate("document.dispatchEvent(new CustomEvent('icm:other-person'))")

    assert waits.is_visible()


def test_the_columns_of_a_page_that_is_open_are_not_changed_under_it(world: World, page: Page) -> None:
    make_row(team=world.team)
    open_tracker(page, world.team)

    add_column(team=world.team, heading="School", kind=ColumnKind.TEXT, options=[], by=world.manager)
    looks(page)

    expect(page.get_by_text("The columns changed.")).to_be_visible()
    expect(page.get_by_role("button", name="Reload")).to_be_visible()
