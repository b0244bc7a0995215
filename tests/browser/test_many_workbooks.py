"""An officer brings many workbooks in by keyboard, and the page goes on by itself without faults."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessibility import findings
from tests.browser.keyboard import tab_to
from tests.browser.test_every_page import NARROW
from tests.conftest import World
from tests.tracker.transfer.acts import workbook
from tests.tracker.workbook.test_bundle import zipped
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


def test_a_zip_of_workbooks_by_keyboard(world: World, page_as: PageAs, tmp_path: Path) -> None:
    assert [world.team, world.neighbour, world.foreign]
    path = tmp_path / "all.zip"
    path.write_bytes(
        zipped(
            ("Amber Team 1 IC Meetings.xlsx", workbook({"pin": "1"})),
            ("Bolsover Team 1.xlsx", workbook({"pin": "2", "by_when": "31/02/26"})),
            ("which.xlsx", workbook({"pin": "3"})),
            ("letter.xlsx", b"Dear all,"),
        )
    )
    page = page_as(world.officer)
    page.goto("/")
    tab_to(page, "Import many workbooks")
    page.keyboard.press("Enter")
    page.get_by_label("Workbooks").set_input_files(path)
    tab_to(page, "Hand them in")
    page.keyboard.press("Enter")

    # Read without another key, then nothing happens before the word.
    expect(page.get_by_role("button", name="Import 2 files")).to_be_visible()
    assert findings(page) == []
    assert not TrackerRow.objects.exists()
    tab_to(page, "Team of which.xlsx")
    page.keyboard.type("Amber Team 2")
    tab_to(page, "Keep the teams chosen below")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Import 3 files")).to_be_visible()
    tab_to(page, "Import 3 files")
    page.keyboard.press("Enter")

    expect(page.get_by_text("3 of 4 imported, 1 refused.")).to_be_visible()
    assert findings(page) == []
    assert {row.team for row in TrackerRow.objects.select_related("team")} == {
        world.team,
        world.neighbour,
        world.foreign,
    }
    tab_to(page, "1 to look at in Bolsover Team 1.xlsx")
    page.keyboard.press("Enter")
    expect(page.get_by_text("31/02/26")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    for _ in range(2):
        assert page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"]
        page.go_back()
        expect(page.get_by_text("3 of 4 imported")).to_be_visible()
