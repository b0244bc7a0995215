"""What a screen reader is given at twelve places that decide, in the browser's own words for it."""

from collections.abc import Callable
from datetime import date
from textwrap import dedent

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.grid import cell, is_saved, open_tracker, type_over
from tests.browser.test_grid_with_others import looks, overtaken, saved_by
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
def row(world: World) -> TrackerRow:
    """A case with something in most cells, overdue."""
    return make_row(
        team=world.team,
        by=world.officer,
        pin="000001",
        person="Ed Test",
        stage=Stage.UNDERWAY,
        action="Call the school",
        owner="AN",
        by_when=date(2021, 3, 1),
    )


def heard(place: Locator, words: str) -> None:
    """The browser's tree of names and values at this place has these lines, in this order."""
    expect(place).to_match_aria_snapshot(dedent(words))


def test_the_table_says_column_child_and_value(world: World, page: Page, row: TrackerRow) -> None:
    """K4: heading, row, count, state of saving, and the two kinds of editors."""
    open_tracker(page, world.team)

    heard(page.get_by_role("columnheader").nth(2), """
        - columnheader "Stage (select from drop down)":
          - button "Stage"
    """)  # fmt: skip
    heard(page.locator(f'tr[data-row="{row.pk}"]'), r"""
        - row:
          - rowheader "000001"
          - gridcell "Ed Test"
          - gridcell "Intervention underway"
          - gridcell
          - gridcell "Call the school"
          - gridcell "AN"
          - gridcell /01\/03\/21 \d+ days over/
          - gridcell "Open Ed Test"
    """)  # fmt: skip
    heard(page.locator(".shown-line"), "- status: 1 of 1 shown.")
    heard(page.locator("[data-connection]"), "- paragraph: Saved")
    cell(page, row, "action").focus()
    page.keyboard.press("F2")
    heard(cell(page, row, "action"), """
        - gridcell:
          - textbox "Action, 000001, Ed Test": Call the school
    """)  # fmt: skip
    page.keyboard.press("Escape")
    cell(page, row, "stage").focus()
    page.keyboard.press("F2")
    heard(cell(page, row, "stage"), """
        - gridcell:
          - combobox "Stage, 000001, Ed Test" [expanded]
          - listbox "Stage, 000001, Ed Test":
            - option "Awaiting first CIN meeting"
            - option "Intervention underway" [selected]
    """)  # fmt: skip


def test_what_comes_over_the_table_says_why_and_what_one_can_do(
    world: World, page: Page, row: TrackerRow
) -> None:
    """K4: a refused date, another's change, two versions, the question for the outcome."""
    open_tracker(page, world.team)
    saved_by(world.supervisor, row, "stage", "decided")
    looks(page)
    heard(page.locator("[data-said]"), f"- status: {world.supervisor.initials} changed Stage of 000001")
    type_over(page, row, "by_when", "31/02/27")
    heard(cell(page, row, "by_when"), """
        - gridcell:
          - textbox "By when, 000001, Ed Test" [invalid]: 31/02/27
          - alert: "“31/02/27” is not a date: February 2027 has 28 days."
          - button "Calendar"
    """)  # fmt: skip
    page.keyboard.press("Escape")
    overtaken(page, row, "action", "Mine", theirs="Theirs", by=world.supervisor)
    heard(page.locator("[data-panel=conflict]"), """
        - alertdialog "This changed while you were typing":
          - heading "This changed while you were typing"
          - paragraph: "Before: Call the school"
          - paragraph:
            - insertion: Theirs
          - paragraph:
            - insertion: Mine
          - button /Keep/
          - button "Use mine instead"
          - button "Join both"
    """)  # fmt: skip
    page.get_by_role("button", name="Use mine instead").press("Enter")
    is_saved(page)
    type_over(page, row, "stage", "Closed")
    heard(page.locator("[data-panel=needs-outcome]"), """
        - dialog "How did the case of Ed Test end?":
          - combobox "Outcome"
          - button "Close the case"
          - button "Do not close"
    """)  # fmt: skip


def test_forms_and_figures_name_what_they_hold(world: World, page: Page, row: TrackerRow) -> None:
    """K4: the form of a row, and a number of the summary."""
    page.goto(f"/rows/{row.pk}/")
    heard(page.locator("main form").first, """
        - textbox "PIN": "000001"
        - textbox "Person": Ed Test
        - combobox "Stage":
          - option "Intervention underway" [selected]
        - textbox "By when": 01/03/21
        - button "Save"
    """)  # fmt: skip
    page.goto(f"/teams/{world.team.pk}/summary/")
    heard(page.get_by_role("table").first, """
        - table "Open cases, by team":
          - rowgroup:
            - row:
              - rowheader "Amber Team 1"
              - cell "1":
                - link "1"
    """)  # fmt: skip
