"""One person's look at the table: filter and sort, what stays and what goes, columns, find."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.browser.test_grid_with_others import saved_by
from tests.conftest import World
from tests.factories import make_row
from tracker.choices import Stage
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


@pytest.fixture
def rows(world: World) -> list[TrackerRow]:
    """Three rows: underway, decided, underway."""
    stages = (Stage.UNDERWAY, Stage.DECIDED, Stage.UNDERWAY)
    names = ("Cy", "Bob", "Ann")
    return [
        make_row(team=world.team, by=world.officer, stage=stage, person=name, action=f"Visit {name}")
        for stage, name in zip(stages, names, strict=True)
    ]


def persons(page: Page) -> list[str]:
    """The persons in view, from the top."""
    return page.locator("tr[data-row]:not([hidden]) [data-field=person]").all_inner_texts()


def said(page: Page, words: str) -> None:
    """Waits until the line over the table says this."""
    expect(page.locator(".shown-line")).to_contain_text(words)


def test_a_filter_is_one_click_in_the_same_page_and_in_the_address(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    """K3, on the way: how many rows there are, and which this is, where some are not in the table."""
    open_tracker(page, world.team)
    page.evaluate("() => { window.same = true; }")

    page.get_by_role("button", name="Stage", exact=True).click()
    page.get_by_label("Decided to close").check()

    said(page, "1 of 3 shown, 2 hidden by Stage.")
    assert (persons(page), page.url.endswith("?stage=decided")) == (["Bob"], True)
    assert page.evaluate("() => window.same")
    assert page.get_by_role("grid").get_attribute("aria-rowcount") == "4"
    assert page.locator("tr[data-row]:not([aria-rowindex])").count() == 0
    page.go_back()
    said(page, "3 of 3 shown.")
    assert page.locator("[aria-rowindex]").count() == 0


def test_a_heading_sorts_by_keyboard(world: World, page: Page, rows: list[TrackerRow]) -> None:
    """K3: sorting, and its state."""
    open_tracker(page, world.team)

    cell(page, rows[0], "person").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="A to Z")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("th[data-column=person]")).to_have_attribute("aria-sort", "ascending")
    assert persons(page) == ["Ann", "Bob", "Cy"]
    expect(page.get_by_role("button", name="Person", exact=True)).to_be_focused()


def test_a_name_that_is_looked_for_or_typed_stands_in_no_address_and_survives_a_reload(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_tracker(page, world.team)

    page.get_by_role("button", name="Person", exact=True).click()
    page.get_by_label("Person contains").fill("bob")
    said(page, "1 of 3 shown, 2 hidden by Person.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Stage", exact=True).click()
    page.get_by_label("Decided to close").check()
    said(page, "1 of 3 shown, 2 hidden by Person, Stage.")
    page.reload()
    said(page, "1 of 3 shown, 2 hidden by Person, Stage.")
    assert (persons(page), page.url.endswith("?stage=decided")) == (["Bob"], True)
    page.get_by_role("link", name="Skip to").first.press("Enter")
    page.reload()
    said(page, "1 of 3 shown, 2 hidden by Person, Stage.")
    cell(page, rows[1], "by_when").click()
    page.keyboard.type("bob")
    expect(page.locator(".cell-editor [role=status]")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save as a view").click()

    expect(page.get_by_label("Name")).to_be_visible()
    expect(page.locator("input[name=query]")).to_have_value("stage=decided&person=bob")
    assert [address for address in asked if "bob" in address.casefold()] == []


def test_going_back_leads_to_the_name_that_was_looked_for(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    page.get_by_role("button", name="Person", exact=True).click()
    page.get_by_label("Person contains").fill("ann")
    said(page, "1 of 3 shown, 2 hidden by Person.")

    page.get_by_role("link", name="Z to A").click()
    expect(page.locator("th[data-column=person]")).to_have_attribute("aria-sort", "descending")
    said(page, "1 of 3 shown, 2 hidden by Person.")
    page.get_by_role("button", name="Person", exact=True).click()
    page.get_by_role("link", name="Show all of this column").click()
    said(page, "3 of 3 shown.")
    assert page.url.endswith("?sort=-person")
    page.go_back()

    said(page, "1 of 3 shown, 2 hidden by Person.")
    assert persons(page) == ["Ann"]


def test_who_signs_in_on_the_same_tab_gets_nothing_of_what_was_looked_for(
    world: World, page: Page, page_as: PageAs, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    page.get_by_role("button", name="Person", exact=True).click()
    page.get_by_label("Person contains").fill("bob")
    said(page, "1 of 3 shown, 2 hidden by Person.")

    for one in page_as(world.supervisor).context.cookies():
        site = page.evaluate("() => location.origin")
        page.context.add_cookies([{"name": one["name"], "value": one["value"], "url": site}])
    page.reload()

    page.wait_for_function("(me) => history.state.me === me", arg=str(world.supervisor.pk))
    assert page.evaluate("() => history.state.typed") == ""
    said(page, "3 of 3 shown.")


def test_a_row_that_i_change_stays_until_i_apply_the_filter_again(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team, "?stage=underway&sort=person")

    type_over(page, rows[2], "stage", "Decided")
    is_saved(page)
    said(page, "1 row no longer matches.")
    cell(page, rows[0], "action").focus()
    assert persons(page) == ["Ann", "Cy"]
    page.get_by_role("button", name="Re-apply").click()

    said(page, "1 of 3 shown, 2 hidden by Stage.")
    assert persons(page) == ["Cy"]


def test_a_row_that_another_changes_goes_when_i_move_off_it(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team, "?stage=underway")
    cell(page, rows[0], "action").focus()

    saved_by(world.supervisor, rows[0], "stage", Stage.DECIDED)
    said(page, "1 row no longer matches.")
    assert persons(page) == ["Cy", "Ann"]
    page.keyboard.press("ArrowDown")

    said(page, "1 of 3 shown, 2 hidden by Stage.")
    assert persons(page) == ["Ann"]


def test_4_10_15_a_filtered_page_counts_a_row_that_comes_to_match_and_no_row_jumps(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team, "?stage=underway")
    cell(page, rows[2], "action").focus()
    place = cell(page, rows[2], "action").bounding_box()

    saved_by(world.supervisor, rows[1], "stage", Stage.UNDERWAY)

    said(page, "3 of 3 shown, 0 hidden by Stage.")
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", "3")
    assert persons(page) == ["Cy", "Ann", "Bob"]
    assert cell(page, rows[2], "action").bounding_box() == place
    expect(cell(page, rows[2], "action")).to_be_focused()
    expect(page.locator("[data-divider]")).to_have_text("New since you opened")


@pytest.mark.parametrize(("query", "there"), [("", ["Cy", "Bob", "Ann", "Di"]), ("?stage=decided", ["Bob"])])
def test_a_case_that_another_adds_comes_at_the_end_where_it_matches(
    world: World, page: Page, rows: list[TrackerRow], query: str, there: list[str]
) -> None:
    open_tracker(page, world.team, query)

    make_row(team=world.team, by=world.officer, person="Di")

    expect(page.locator("[data-shown]")).to_have_attribute("data-total", "4")
    expect(page.locator("tr[data-row]:not([hidden])")).to_have_count(len(there))
    assert persons(page) == there
    assert page.locator("[data-divider]").count() == (0 if query else 1)


def test_a_column_is_hidden_by_keyboard_skipped_by_the_arrows_and_shown_again(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)

    page.get_by_role("button", name="Stage", exact=True).click()
    page.get_by_role("button", name="Hide for me").press("Enter")
    said(page, "1 column hidden.")
    cell(page, rows[0], "person").focus()
    page.keyboard.press("ArrowRight")
    expect(cell(page, rows[0], "needed")).to_be_focused()
    page.reload()
    expect(cell(page, rows[0], "stage")).to_be_hidden()
    page.get_by_role("button", name="Show", exact=True).click()

    expect(cell(page, rows[0], "stage")).to_be_visible()
    expect(page.locator("[data-hidden-columns]")).to_be_hidden()


def test_a_column_is_widened_by_its_menu_and_by_its_edge(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    """K15: what is dragged has another way."""
    open_tracker(page, world.team)
    head = page.locator("th[data-column=owner]")

    def width() -> float:
        box = head.bounding_box()
        assert box
        return box["width"]

    first = width()
    page.get_by_role("button", name="Owner", exact=True).click()
    page.get_by_role("button", name="Wider").click()
    page.keyboard.press("Escape")
    second = width()
    box = head.locator(".column-grip").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 102, box["y"] + 10)
    with page.expect_response("**/layout/"):
        page.mouse.up()
    third = width()
    page.reload()

    assert first < second < third == width()


def test_what_is_not_kept_is_said_in_words(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)
    page.route("**/layout/", lambda route: route.fulfill(status=503, json={"outcome": "busy"}))

    page.get_by_role("button", name="Owner", exact=True).click()
    page.get_by_role("button", name="Wider").click()

    expect(page.locator("tracker-grid [data-said]")).to_have_text("This is not kept for next time.")


def test_the_rows_stand_as_close_as_was_chosen(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)

    with page.expect_response("**/layout/"):
        page.get_by_role("button", name="Meeting", exact=True).click()
    page.reload()

    expect(page.get_by_role("grid")).to_have_attribute("data-density", "meeting")
    expect(page.get_by_role("button", name="Meeting", exact=True)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("mark", ["#42", "#/nowhere", "#row%"])
def test_an_address_with_a_mark_of_its_own_opens_a_table_that_works(
    world: World, page: Page, rows: list[TrackerRow], mark: str
) -> None:
    open_tracker(page, world.team, mark)

    type_over(page, rows[0], "action", "Ring school")

    is_saved(page)
    assert stored(rows[0], "action") == ["Ring school"]


def test_find_steps_through_the_matches_and_leads_back_into_the_table(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team, "?stage=underway")
    cell(page, rows[0], "owner").focus()

    page.keyboard.press("Control+f")
    page.keyboard.type("vÍsit")
    expect(page.locator("[data-found][role=status]")).to_have_text("2 of 2, 1 more in hidden rows")
    page.keyboard.press("Enter")
    expect(page.locator("[data-found][role=status]")).to_have_text("1 of 2, 1 more in hidden rows")
    expect(cell(page, rows[0], "action")).to_have_attribute("data-found", "")
    page.keyboard.press("Escape")

    expect(cell(page, rows[0], "action")).to_be_focused()
    expect(page.locator(".find-bar")).to_be_hidden()


def test_on_a_narrow_screen_a_card_is_edited_and_the_cards_are_filtered(
    world: World, page_as: PageAs, rows: list[TrackerRow]
) -> None:
    page = open_tracker(page_as(world.coordinator, viewport={"width": 320, "height": 640}), world.team)

    type_over(page, rows[0], "stage", "Decided")
    is_saved(page)
    page.get_by_role("button", name="Stage", exact=True).click()
    page.get_by_label("Decided to close").check()

    said(page, "2 of 3 shown, 1 hidden by Stage.")
    assert persons(page) == ["Cy", "Bob"]
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def left_of(page: Page, selector: str) -> float:
    """Where the left edge of a thing is on the screen."""
    return float(page.locator(selector).first.evaluate("(one) => one.getBoundingClientRect().left"))


def test_pin_and_person_stay_while_the_table_scrolls_sideways(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    open_tracker(page, world.team)
    box = page.locator(".tracker-grid__box")
    expect(box).to_have_attribute("data-sideways", "")
    before = [left_of(page, f"tbody [data-field={one}]") for one in ("pin", "person", "stage")]

    box.evaluate("(one) => { one.scrollLeft = 150; }")

    after = [left_of(page, f"tbody [data-field={one}]") for one in ("pin", "person", "stage")]
    assert after == [*before[:2], before[2] - 150]
    page.set_viewport_size({"width": 1280, "height": 700})
    expect(box).not_to_have_attribute("data-sideways", "")


@pytest.mark.parametrize(("field", "width"), [("person", 800), ("person", 1280), ("stage", 1280)])
def test_what_opens_in_a_cell_stands_in_it_and_over_its_neighbours(
    world: World, page: Page, rows: list[TrackerRow], field: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    open_tracker(page, world.team)
    place = cell(page, rows[0], field)
    place.focus()

    place.press("Enter")

    editor = place.locator(".cell-editor")
    expect(editor).to_be_visible()
    assert left_of(page, ".cell-editor") == left_of(page, f"thead [data-column={field}]")
    within = editor.locator("input" if field == "person" else "[role=option] >> nth=1")
    assert within.evaluate(
        """(one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return one.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
        }"""
    )
