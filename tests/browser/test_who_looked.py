"""Who looked, who did: the officer answers for a child by keyboard alone, and the log proves itself."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.accessibility import findings
from tests.browser.keyboard import tab_to
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell

PageAs = Callable[..., Page]


def press(page: Page, name: str) -> None:
    """Tabs there and presses Enter."""
    tab_to(page, name)
    page.keyboard.press("Enter")


def test_the_officer_answers_who_saw_and_changed_a_child_and_checks_the_log(
    world: World, page_as: PageAs
) -> None:
    row = make_row(team=world.team, by=world.coordinator, person="Ed Test", pin="000002")
    edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.supervisor)
    page = page_as(world.officer)

    # From the case: who looked.
    page.goto(f"/rows/{row.pk}/")
    press(page, "Who looked at this case")
    expect(page.locator(".shown-line")).to_have_text("1 entry.")
    expect(page.get_by_role("row", name=re.compile(world.officer.name))).to_have_count(1)
    assert findings(page) == []

    # By PIN between two days.
    page.goto("/")
    press(page, "Log")
    press(page, "Everything about a PIN")
    tab_to(page, "PIN")
    page.keyboard.type("000002")
    page.keyboard.press("Enter")
    table = page.get_by_role("table")
    expect(
        table.get_by_role("row", name=re.compile(f"{world.supervisor.name}.*Owner: changed"))
    ).to_have_count(1)
    expect(page.get_by_label("From")).to_have_value(str(timezone.localdate() - timedelta(days=30)))
    assert findings(page) == []
    with page.expect_download() as download:
        press(page, "Download (.xlsx)")
    assert download.value.suggested_filename.endswith(".xlsx")

    # Seal and check.
    press(page, "Seal and check")
    press(page, "Seal and check now")
    expect(page.get_by_text("Everything was as it was written")).to_be_visible()
    assert findings(page) == []

    # What was done so far is in the log, also that it was read.
    press(page, "All entries")
    tab_to(page, "What")
    page.keyboard.type("Exports")
    press(page, "Show")
    expect(page.get_by_role("cell", name=re.compile("Export the log of a PIN"))).to_have_count(1)
    assert findings(page) == []
