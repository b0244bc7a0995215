"""The first day with the tracker, end to end: in with the workbook, edited, closed, reopened, out again."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import AuditEvent
from accounts.roles import Role
from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import PASSWORD, an_outcome, make_row
from tracker.models import TrackerRow

SAMPLE = Path(__file__).parents[1] / "data" / "icm-amber-valley-team-1.xlsx"
CASES, OPEN = 25, 24


@pytest.fixture
def page(site: str, new_context: Callable[..., BrowserContext]) -> Page:
    """A page in which nobody is signed in yet."""
    return new_context(base_url=site).new_page()


def sign_in(page: Page, email: str) -> None:
    """By the form, as people do."""
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_the_first_day(world: World, page: Page) -> None:
    officer, coordinator, team = world.officer, world.coordinator, world.team
    assert world.neighbour.pk

    # The officer brings the workbook in, and sees what it would do before it does.
    sign_in(page, officer.email)
    page.goto(f"/teams/{team.pk}/import/")
    page.get_by_label("Workbook").set_input_files(SAMPLE)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", name=f"{CASES} new")).to_be_visible()
    assert not TrackerRow.objects.exists()
    page.get_by_role("button", name="Import it").first.click()
    expect(page.get_by_text(f"Imported: {CASES} new")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    # The coordinator edits five cells by keyboard alone.
    sign_in(page, coordinator.email)
    open_tracker(page, team)
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", str(OPEN))
    row = TrackerRow.objects.get(case__pin="001201")
    type_over(page, row, "action", "Ring the school nurse", "Tab")
    page.keyboard.type("TC")
    page.keyboard.press("Tab")
    page.keyboard.type("20/1/27")
    page.keyboard.press("Tab")
    page.keyboard.type("Agreed in the meeting")
    page.keyboard.press("Enter")
    type_over(page, row, "stage", "Decided")
    is_saved(page)
    wanted = ["Ring the school nurse", "TC", "2027-01-20", "Agreed in the meeting", "decided"]
    assert stored(row, "action", "owner", "by_when", "update", "stage") == wanted

    # The Summary has moved with it, and its number opens exactly those rows.
    page.goto(f"/teams/{team.pk}/summary/")
    decided = TrackerRow.objects.open().filter(stage="decided").count()
    page.locator('a[href$="?stage=decided"]').first.click()
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", str(decided))
    expect(cell(page, row, "stage")).to_be_visible()

    # Closed with an outcome, found in the Closed list, reopened.
    open_tracker(page, team)
    type_over(page, row, "stage", "Closed")
    page.get_by_label("Outcome").select_option(label=an_outcome().label)
    page.get_by_role("button", name="Close the case").click()
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", str(OPEN - 1))
    page.get_by_role("link", name="Closed", exact=True).click()
    page.get_by_role("button", name="Reopen Tess Sample").click()
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", str(OPEN))
    assert stored(row, "stage", "action") == ["decided", "Ring the school nurse"]

    # Out again, as a workbook that opens.
    page.get_by_role("link", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the workbook").click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames[:3] == ["Tracker", "Summary", "Toolkit"]
    assert book["Tracker"].freeze_panes
    assert book["Summary"].protection.sheet
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT, actor_id=coordinator.pk).exists()


def test_a_coordinator_of_another_locality_finds_none_of_it(world: World, page: Page) -> None:
    row = make_row(team=world.team, person="Tess Sample")
    sign_in(page, world.person(Role.TEAM_COORDINATOR, elsewhere=True).email)

    for address in (f"/teams/{world.team.pk}/", f"/teams/{world.team.pk}/summary/", f"/rows/{row.pk}/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_text("Tess Sample")).to_have_count(0)
        expect(page.get_by_text("Amber")).to_have_count(0)
