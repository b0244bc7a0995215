"""K1: axe on the tracker in each of its states, light and dark."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import all_findings
from tests.browser.grid import cell, held, is_saved, open_tracker, type_over
from tests.browser.test_grid_with_others import overtaken
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tracker.choices import OPEN_STAGES
from tracker.fields import COLUMNS
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, world: World, page_as: PageAs) -> Page:
    """A page of the coordinator, in each colour scheme."""
    return page_as(world.coordinator, color_scheme=request.param)


def fill(world: World, rows: int) -> TrackerRow:
    """So many rows of every stage, some overdue; gives the last."""
    for number in range(rows):
        row = make_row(
            team=world.team,
            by=world.officer,
            pin=f"{number:06}",
            stage=OPEN_STAGES[number % len(OPEN_STAGES)],
            needed=a_need(number % 3),
            difficulty=a_difficulty(number % 2),
            action="Meet with the school",
            owner="AN",
            by_when=date(2021, 3, 1),
            next_meeting=date(2031, 3, 1),
        )
    return row


def test_an_empty_tracker_has_no_faults(world: World, page: Page) -> None:
    """K1: no case."""
    open_tracker(page, world.team)

    assert all_findings(page) == []


def test_a_tracker_of_one_row_has_no_faults(world: World, page: Page) -> None:
    """K1: one case."""
    fill(world, 1)
    open_tracker(page, world.team)

    assert all_findings(page) == []


def test_a_tracker_of_200_rows_has_no_faults(world: World, page_as: PageAs) -> None:
    """K1: a long table."""
    fill(world, 200)
    page = open_tracker(page_as(world.coordinator), world.team)

    assert all_findings(page) == []


def test_a_filtered_tracker_with_a_menu_open_has_no_faults(world: World, page: Page) -> None:
    """K1: filtered, a menu open."""
    fill(world, 6)
    open_tracker(page, world.team, "?stage=decided")
    page.get_by_role("button", name="Stage", exact=True).click()

    assert all_findings(page) == []


@pytest.mark.parametrize("field", ["action", "stage", "by_when"])
def test_an_open_editor_has_no_faults(world: World, page: Page, field: str) -> None:
    """K1: a cell that is edited."""
    row = fill(world, 3)
    open_tracker(page, world.team)
    cell(page, row, field).focus()
    page.keyboard.press("F2")

    assert all_findings(page) == []


def test_a_refused_text_has_no_faults(world: World, page: Page) -> None:
    """K1: what was typed is wrong."""
    row = fill(world, 3)
    open_tracker(page, world.team)
    type_over(page, row, "by_when", "31/02/27")
    expect(cell(page, row, "by_when").get_by_role("alert")).to_be_visible()

    assert all_findings(page) == []


def test_a_cell_on_its_way_has_no_faults(world: World, page: Page) -> None:
    """K1: saving."""
    row = fill(world, 3)
    open_tracker(page, world.team)
    with held(page, "/cell/") as go_on:
        type_over(page, row, "action", "Mine")
    expect(cell(page, row, "action")).to_have_attribute("data-state", "sending")

    assert all_findings(page) == []
    go_on()
    is_saved(page)


def test_a_tracker_without_a_connection_has_no_faults(world: World, page: Page) -> None:
    """K1: offline."""
    row = fill(world, 3)
    open_tracker(page, world.team)
    page.context.set_offline(True)
    type_over(page, row, "action", "Mine")
    expect(cell(page, row, "action")).to_have_attribute("data-state", "waiting")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "offline")

    assert all_findings(page) == []


def test_a_conflict_has_no_faults(world: World, page: Page) -> None:
    """K1: two versions."""
    row = fill(world, 3)
    open_tracker(page, world.team)
    overtaken(page, row, "action", "Mine", theirs="Theirs", by=world.supervisor)
    expect(page.locator("[data-panel=conflict]")).to_be_visible()

    assert all_findings(page) == []


def test_the_question_for_the_outcome_has_no_faults(world: World, page: Page) -> None:
    row = fill(world, 3)
    open_tracker(page, world.team)
    type_over(page, row, "stage", "Closed")
    expect(page.locator("[data-panel=needs-outcome]")).to_be_visible()

    assert all_findings(page) == []


def test_the_ideas_beside_the_table_have_no_faults(world: World, page: Page) -> None:
    row = fill(world, 3)
    open_tracker(page, world.team)
    page.get_by_role("button", name="Ideas").click()
    cell(page, row, "action").focus()
    expect(page.get_by_role("complementary").get_by_role("heading")).to_be_visible()

    assert all_findings(page) == []


def test_on_every_arrow_the_cell_has_its_value_its_column_and_its_case(world: World, page_as: PageAs) -> None:
    """K3, K4: names of cells."""
    row = fill(world, 3)
    page = open_tracker(page_as(world.coordinator), world.team)
    cell(page, row, "pin").focus()
    expect(page.locator(":focus")).to_have_role("rowheader")
    expect(page.locator(":focus")).to_have_accessible_name(row.pin)

    for field in COLUMNS[1:]:
        page.keyboard.press("ArrowRight")
        here = page.locator(":focus")
        expect(here).to_have_attribute("data-field", field.key)
        expect(here).to_have_role("gridcell")
        expect(page.get_by_role("columnheader", name=field.label)).not_to_have_count(0)
        if here.inner_text().strip():
            expect(here).to_have_accessible_name(
                re.compile(re.escape(here.inner_text().split("\n")[0].strip()))
            )
