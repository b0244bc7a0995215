"""The chart over the Summary's tables, in a real browser: under the policy, in the reader's colours."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.conftest import World
from tests.summary.known import fill

# Leaves every refusal of the policy where a test can read it.
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
PLOTLY = "**/plotly/plotly.min*"
CHART = "summary-chart[data-figure=stage-by-need-figure]"
PageAs = Callable[..., Page]


@pytest.fixture
def address(world: World) -> str:
    """The Summary of a small known tracker."""
    fill(world.team, by=world.officer, today=timezone.localdate())
    return f"/teams/{world.team.pk}/summary/"


def test_the_chart_is_drawn_and_the_policy_refuses_nothing(
    address: str, world: World, page_as: PageAs
) -> None:
    page = page_as(world.coordinator)
    page.add_init_script(WATCH)

    page.goto(address)

    expect(page.locator(f"{CHART}[data-drawn] .barlayer .trace")).to_have_count(5)
    page.locator("[data-figure=flow-figure]").scroll_into_view_if_needed()
    expect(page.locator("[data-figure=flow-figure][data-drawn] .scatterlayer .trace")).to_have_count(5)
    page.locator("[data-figure=durations-figure]").scroll_into_view_if_needed()
    expect(page.locator("[data-figure=durations-figure][data-drawn] .barlayer .point")).to_have_count(7)
    assert page.evaluate("() => window.refused") == []


def test_the_page_is_complete_while_plotly_has_not_come(address: str, world: World, page_as: PageAs) -> None:
    page = page_as(world.coordinator)
    page.route(PLOTLY, lambda route: route.abort())

    page.goto(address)

    expect(page.get_by_role("table", name="What is needed, by stage")).to_be_visible()
    expect(page.locator(CHART)).to_be_hidden()


def test_the_page_is_complete_without_script(address: str, world: World, page_as: PageAs) -> None:
    """K16: a table says what a chart says."""
    page = page_as(world.coordinator, java_script_enabled=False)

    page.goto(address)

    expect(page.get_by_role("table", name="Expected closures")).to_be_visible()
    expect(page.locator(CHART)).to_be_hidden()


def test_nothing_moves_when_the_chart_is_drawn(address: str, world: World, page_as: PageAs) -> None:
    page = page_as(world.coordinator)
    table = page.get_by_role("table", name="What is needed, by stage")
    before = []

    def look_first(route: Route) -> None:
        expect(page.locator(CHART)).to_be_visible()
        before.append(table.bounding_box())
        route.continue_()

    page.route(PLOTLY, look_first)
    page.goto(address)

    expect(page.locator(f"{CHART}[data-drawn]")).to_be_visible()
    assert before == [table.bounding_box()]


def test_the_chart_follows_the_change_from_light_to_dark(address: str, world: World, page_as: PageAs) -> None:
    page = page_as(world.coordinator, color_scheme="light")
    page.goto(address)
    expect(page.locator(f"{CHART}[data-drawn]")).to_be_visible()
    light = page.locator(f"{CHART} .ytick text").first.evaluate("(text) => text.style.fill")

    page.emulate_media(color_scheme="dark")

    expect(page.locator(f"{CHART} .ytick text").first).not_to_have_css("fill", light)


def test_the_chart_is_a_picture_that_screen_readers_and_the_tab_key_pass_by(
    address: str, world: World, page_as: PageAs
) -> None:
    page = page_as(world.coordinator)

    page.goto(address)

    expect(page.locator(f"{CHART}[data-drawn]")).to_have_attribute("aria-hidden", "true")
    expect(page.locator(f"{CHART} :is(a, button, input, [tabindex])")).to_have_count(0)
