"""Keys beyond the cells: the list of keys, menu and history of a cell, parts of the page; looks and speed."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from tests.browser.accessibility import all_findings
from tests.browser.grid import cell, open_tracker, paste, type_over
from tests.browser.test_grid_with_others import saved_by
from tests.conftest import World
from tests.factories import a_need, make_row, make_rows
from tracker.choices import OPEN_STAGES
from tracker.models import TrackerRow

PageAs = Callable[..., Page]
FEW, ROWS = 20, 300
ACTION = "Ring the school about attendance"
# How many times as much a key may cost where there are fifteen times as many rows: the browser itself looks
# at each of them when it scrolls. One pass over the table of our own makes it eight times.
MOST_TIMES, ROUNDS = 5, 3
FIRST = ("ArrowDown", "ArrowUp")
KEYS = ("ArrowDown", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowRight") * 2
# Until the picture after a key is there.
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
LOOKS = """(cell) => {
  const { backgroundColor, borderBlockEndStyle: edge, outlineStyle, outlineColor } = getComputedStyle(cell);
  const word = getComputedStyle(cell, "::after").content;
  return [backgroundColor, edge, outlineStyle, outlineStyle === "none" ? "" : outlineColor, word];
}"""

# What draws the sign before a stage's word, apart from the colours.
SHAPES = """(chips) => chips.map((chip) => {
  const { backgroundColor, borderTopStyle, clipPath, rotate } = getComputedStyle(chip, "::before");
  return [backgroundColor !== getComputedStyle(chip).backgroundColor, borderTopStyle, clipPath, rotate];
})"""
BARS = """(bars) => bars.map((bar) => {
  const { color, fill } = getComputedStyle(bar);
  return [fill === color, fill !== getComputedStyle(document.body).backgroundColor];
})"""


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator, who may edit every cell."""
    return page_as(world.coordinator)


@pytest.fixture
def row(world: World) -> TrackerRow:
    """One case."""
    return make_row(team=world.team, pin="000002", person="Ed Test", owner="AN", by_when=date(2027, 1, 20))


def dialog(page: Page) -> Locator:
    """What is open over the page."""
    return page.get_by_role("dialog")


def test_ctrl_slash_shows_all_keys_also_while_one_types(world: World, page: Page, row: TrackerRow) -> None:
    open_tracker(page, world.team)

    cell(page, row, "owner").focus()
    page.keyboard.type("BO")
    page.keyboard.press("Control+/")
    expect(dialog(page).get_by_role("row", name="Ctrl + D")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Owner")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ideas").focus()
    page.keyboard.press("?")

    expect(dialog(page)).to_be_visible()


def test_tab_leaves_the_table_at_once_for_whoever_wants_it(world: World, page: Page, row: TrackerRow) -> None:
    open_tracker(page, world.team)
    page.keyboard.press("Control+/")
    dialog(page).get_by_label("Tab leaves the table at once").check()
    page.keyboard.press("Escape")

    cell(page, row, "owner").focus()
    page.keyboard.press("Tab")

    expect(page.locator("[role=grid] :focus")).to_have_count(0)


def test_the_history_of_a_cell_opens_over_the_table(world: World, page: Page, row: TrackerRow) -> None:
    saved_by(world.supervisor, row, "owner", "KW")
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    page.keyboard.press("Alt+h")

    expect(dialog(page)).to_contain_text(world.supervisor.name)
    expect(dialog(page)).to_contain_text("KW")
    page.keyboard.press("Escape")
    expect(cell(page, row, "owner")).to_be_focused()


def test_a_history_that_did_not_come_is_not_called_empty(world: World, page: Page, row: TrackerRow) -> None:
    open_tracker(page, world.team)
    page.route("**/history/**", lambda route: route.fulfill(status=503, json={"outcome": "busy"}))
    cell(page, row, "owner").focus()

    page.keyboard.press("Alt+h")

    expect(dialog(page)).to_contain_text("The server cannot be reached now.")


def test_the_menu_of_a_cell_opens_by_key_and_by_the_right_button(
    world: World, page: Page, row: TrackerRow
) -> None:
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Copy", exact=False).first).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, row, "owner")).to_be_focused()
    cell(page, row, "by_when").click(button="right")
    expect(cell(page, row, "by_when")).to_have_attribute("data-active", "")
    page.get_by_role("menuitem", name="History of this cell").click()

    expect(dialog(page)).to_contain_text("By when")


def test_f6_goes_from_part_to_part_of_the_page_and_back(world: World, page: Page, row: TrackerRow) -> None:
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()

    page.keyboard.press("Shift+F6")
    expect(page.locator(".filter-bar :focus")).to_have_count(1)
    page.keyboard.press("F6")
    expect(cell(page, row, "owner")).to_be_focused()
    page.keyboard.press("F6")

    expect(page.locator(".masthead :focus")).to_have_count(1)


@pytest.mark.parametrize("state", ["range", "preview", "menu", "closing", "new", "keys", "history"])
def test_what_opens_over_the_table_has_no_faults(
    world: World, page: Page, row: TrackerRow, state: str
) -> None:
    make_row(team=world.team, pin="000003")
    open_tracker(page, world.team)
    cell(page, row, "owner").focus()
    keys = {
        "range": "Control+a",
        "menu": "Shift+F10",
        "closing": "Alt+c",
        "new": "Alt+n",
        "keys": "Control+/",
        "history": "Alt+h",
    }
    shown = {
        "range": page.locator("[aria-selected=true]").first,
        "menu": page.get_by_role("menu"),
        "new": page.locator("[data-new]"),
    }
    if state == "preview":
        paste(page, "BO\t31/02/27\nCE\t5/5/27")
    else:
        page.keyboard.press(keys[state])
    expect(shown.get(state, dialog(page))).to_be_visible()

    assert all_findings(page) == []


@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_active_selected_changed_refused_and_conflict_can_be_told_apart(
    world: World, page_as: PageAs, row: TrackerRow, scheme: str, forced: str
) -> None:
    """K7, K11: what a cell is in is never said by colour alone."""
    page = page_as(world.coordinator, color_scheme=scheme, forced_colors=forced)
    below = make_row(team=world.team)
    open_tracker(page, world.team)
    saved_by(world.supervisor, row, "stage", "decided")
    expect(cell(page, row, "stage")).to_have_attribute("data-changed", "")

    def overtake(route: Route) -> None:
        saved_by(world.supervisor, row, "action", "x")
        route.continue_()

    page.route("**/cell/", overtake)
    type_over(page, row, "action", "y")
    expect(cell(page, row, "action")).to_have_attribute("data-state", "conflict")
    cell(page, row, "owner").focus()
    page.keyboard.press("Shift+ArrowRight")

    plain = cell(page, below, "update")
    # The mark of a change goes by itself in time: it is put there and read in one moment.
    changed = cell(page, below, "stage").evaluate(
        f"(one) => {{ one.dataset.changed = ''; return ({LOOKS})(one); }}"
    )
    kinds = {
        "active": cell(page, row, "owner"),
        "selected": cell(page, row, "by_when"),
        "conflict": cell(page, row, "action"),
        "plain": plain,
    }
    refused = cell(page, below, "by_when").evaluate(
        f"(one) => {{ one.dataset.state = 'refused'; return ({LOOKS})(one); }}"
    )
    looks = {kind: tuple(one.evaluate(LOOKS)) for kind, one in kinds.items()}
    looks |= {"changed": tuple(changed), "refused": tuple(refused)}
    assert len(set(looks.values())) == len(looks), looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_the_pages_colours_a_stage_has_its_shape_and_its_word_and_a_date_says_that_it_is_over(
    world: World, page_as: PageAs, scheme: str
) -> None:
    """K7: in the colours of the system, which the bars of the summary take too (currentColor)."""
    for stage in OPEN_STAGES:
        make_row(team=world.team, by=world.officer, stage=stage, by_when=date(2021, 3, 1), needed=a_need())
    page = page_as(world.coordinator, color_scheme=scheme, forced_colors="active")
    open_tracker(page, world.team)

    chips = page.locator("tbody .stage-chip")
    expect(chips).to_have_text([stage.label for stage in OPEN_STAGES])
    shapes = chips.evaluate_all(SHAPES)
    assert len(set(map(tuple, shapes))) == len(OPEN_STAGES), shapes
    expect(page.locator("tbody .overdue")).to_have_text([re.compile("days over")] * len(OPEN_STAGES))
    page.goto(f"/teams/{world.team.pk}/summary/")
    assert {tuple(one) for one in page.locator(".bars__bar rect").evaluate_all(BARS)} == {(True, True)}


def test_an_arrow_in_300_rows_costs_a_few_times_what_it_costs_in_20_also_with_a_range(
    world: World, page: Page
) -> None:
    """In the processor's time, which a busy machine does not lengthen; `make bench` prints milliseconds."""
    few = make_rows(FEW, team=world.team, owner="AN", action=ACTION)
    open_tracker(page, world.team)
    cheap = cost_of_keys(page, few[5])

    make_rows(ROWS - FEW, team=world.team, owner="AN", action=ACTION)
    open_tracker(page, world.team)
    dear = cost_of_keys(page, few[5])

    assert dear < MOST_TIMES * cheap, (cheap, dear)


def cost_of_keys(page: Page, row: TrackerRow) -> float:
    """Seconds of the page's own thread for some arrows from a row on, with all that is drawn for them."""
    tool = page.context.new_cdp_session(page)
    tool.send("Performance.enable", {"timeDomain": "threadTicks"})
    took = []
    for _ in range(ROUNDS):
        cell(page, row, "action").focus()
        press(page, FIRST)
        before = worked(tool)
        press(page, KEYS)
        took.append(worked(tool) - before)
    return min(took)


def press(page: Page, keys: tuple[str, ...]) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.evaluate(PAINTED)


def worked(tool: CDPSession) -> float:
    metrics = tool.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))
