"""What stands around the table: ideas from the toolkit, the policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.grid import cell, open_tracker, type_over
from tests.conftest import World
from tests.factories import a_need, make_row

PageAs = Callable[..., Page]
# Leaves every refusal of the policy where a test can read it.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


def test_the_ideas_follow_the_row_and_stay_open_over_a_reload(world: World, page: Page) -> None:
    first = make_row(team=world.team, needed=a_need(0))
    second = make_row(team=world.team, needed=a_need(1))
    open_tracker(page, world.team)

    page.get_by_role("button", name="Ideas").click()
    cell(page, first, "action").focus()
    ideas = page.get_by_role("complementary", name="Ideas from the toolkit")
    expect(ideas.get_by_role("heading", name=a_need(0).label)).to_be_visible()
    page.reload()
    cell(page, second, "action").focus()

    expect(ideas.get_by_role("heading", name=a_need(1).label)).to_be_visible()


def test_leaving_with_an_unsent_edit_asks_first(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.route("**/cell/", lambda route: route.abort())
    type_over(page, row, "action", "Visit")
    expect(cell(page, row, "action")).to_have_attribute("data-state", "waiting")

    page.get_by_role("link", name="Summary").click()
    page.wait_for_url("**/summary/")

    assert asked == ["beforeunload"]


def test_signing_out_leaves_nothing_in_the_tab(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/cell/", lambda route: route.abort())
    type_over(page, row, "action", "A secret")
    expect(cell(page, row, "action")).to_have_attribute("data-state", "waiting")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")

    assert "A secret" not in page.evaluate("() => JSON.stringify(sessionStorage)")


def test_the_policy_refuses_nothing_that_the_grid_does(world: World, page: Page) -> None:
    row = make_row(team=world.team)
    page.add_init_script(WATCH)
    open_tracker(page, world.team)

    page.get_by_role("button", name="Ideas").click()
    type_over(page, row, "by_when", "31/02/27")
    expect(cell(page, row, "by_when").get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Stage", exact=True).click()

    assert page.evaluate("() => window.refused") == []


def test_the_headings_lie_over_the_rows_that_scroll_under_them(world: World, page: Page) -> None:
    rows = [make_row(team=world.team, by=world.officer) for _ in range(30)]
    open_tracker(page, world.team)

    cell(page, rows[20], "pin").focus()

    assert [page.evaluate(ON_TOP, f"th[data-column={field}]") for field in ("pin", "person", "stage")] == [
        True,
        True,
        True,
    ]


def test_an_open_editor_lies_over_the_rows_below(world: World, page: Page) -> None:
    first = make_row(team=world.team)
    make_row(team=world.team)
    open_tracker(page, world.team)

    cell(page, first, "person").focus()
    page.keyboard.press("F2")

    assert page.evaluate(ON_TOP, ".cell-editor")


# Whether a thing is what one sees at its lower edge.
ON_TOP = """(selector) => {
  const thing = document.querySelector(selector);
  const { left, bottom, width } = thing.getBoundingClientRect();
  return thing.contains(document.elementFromPoint(left + width / 2, bottom - 3));
}"""
