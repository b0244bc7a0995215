"""What is on paper of the pages that teams print, in the browser's print style: K16 of the plan.

Sheets to hand out are in tests/tracker/test_sheets.py; that a check-in is one sheet, in
test_the_head_of_service.py. Here are the pages themselves, as Ctrl+P prints them.
"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.measured import on_paper
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tracker.choices import OPEN_STAGES, Colour
from tracker.models import TrackerRow

PageAs = Callable[..., Page]
# A4 across without the margins of tokens.css, in the pixels of a style sheet.
SHEET: ViewportSize = {"width": 1032, "height": 703}
CASES = 40
LONG = "Ring the school about attendance, then write to the grandmother. " * 6
SHEETS = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def rows(world: World) -> list[TrackerRow]:
    """A whole tracker, with long texts, overdue dates, colours and difficulties."""
    return [
        make_row(
            team=world.team,
            by=world.officer,
            pin=f"{number:06}",
            stage=OPEN_STAGES[number % len(OPEN_STAGES)],
            needed=a_need(number % 3),
            difficulty=a_difficulty(number % 2),
            action=LONG,
            update="Grandmother has answered.",
            owner="AN",
            by_when=date(2021, 3, 1),
            next_meeting=date(2031, 3, 1),
            colour=Colour.RED,
        )
        for number in range(CASES)
    ]


def printed(page: Page, where: str) -> Page:
    """The page in its print style, as wide as the sheet."""
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    page.goto(where)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_on_paper_is_whole_legible_and_without_controls(
    world: World, rows: list[TrackerRow], page_as: PageAs, scheme: str
) -> None:
    """K16: tracker, summary, case, as its team writes it and others read it, and check-in."""
    writes, reads = (page_as(one, color_scheme=scheme) for one in (world.coordinator, world.head))
    pages = [
        (writes, f"/teams/{world.team.pk}/"),
        (writes, f"/teams/{world.team.pk}/summary/"),
        (writes, f"/rows/{rows[0].pk}/"),
        (reads, f"/rows/{rows[0].pk}/"),
        (reads, f"/localities/{world.amber.pk}/check-in/"),
    ]

    found = {(where, page is writes): on_paper(printed(page, where)) for page, where in pages}

    assert {which: faults for which, faults in found.items() if faults} == {}


def test_the_tracker_has_each_value_of_each_case_on_paper(
    world: World, rows: list[TrackerRow], page_as: PageAs
) -> None:
    """K16: on as many sheets as it needs, under headings that come again."""
    page = printed(page_as(world.coordinator), f"/teams/{world.team.pk}/?stage=decided")
    decided = [row for row in rows if row.stage == "decided"]

    expect(page.locator("tbody tr:visible")).to_have_count(len(decided))
    for cell in page.locator("tbody tr:visible").first.locator("[data-field]").all():
        expect(cell).to_be_visible()
    expect(page.locator("tbody tr:visible [data-field=action]").first).to_have_text(LONG.strip())
    expect(page.locator("#grid-keys")).to_be_hidden()
    expect(page.get_by_text(f"{len(decided)} of {CASES} shown")).to_be_visible()
    assert len(SHEETS.findall(page.pdf(prefer_css_page_size=True))) > 1


def test_the_summary_has_the_table_that_stands_for_its_chart_on_paper(
    world: World, rows: list[TrackerRow], page_as: PageAs
) -> None:
    """K16: folded on the screen, where the chart is."""
    assert rows
    page = page_as(world.coordinator)
    page.goto(f"/teams/{world.team.pk}/summary/")
    table = page.get_by_role("table", name="Open cases by stage, as each month began", include_hidden=True)
    expect(table).to_be_hidden()

    page.emulate_media(media="print")

    expect(table).to_be_visible()


def test_a_case_on_paper_leads_nowhere(world: World, rows: list[TrackerRow], page_as: PageAs) -> None:
    """K16: what is printed beside the name is the case’s stage, not where one could go on."""
    page = printed(page_as(world.coordinator), f"/rows/{rows[0].pk}/")

    expect(page.get_by_role("heading", name=rows[0].person)).to_be_visible()
    expect(page.get_by_text("Back to the tracker")).to_be_hidden()
