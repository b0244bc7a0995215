"""The coordinator before a meeting, by keyboard alone, on the demonstration council: worklist, then list."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Team, User
from tests.browser.keyboard import tab_to
from tests.tracker.dashboard.lists import HEADINGS, made
from tracker.choices import Stage
from tracker.models import Case, TrackerRow

DAY = "%d/%m/%Y"
# Later than any date that the demonstration council's coordinators have written.
LATER = timezone.localdate() + timedelta(200)


@pytest.fixture
def team(council: None) -> Team:
    """A team of the demonstration council that has a PIN to find out."""
    return TrackerRow.objects.open().filter(case__pin="").earliest("pk").team


def the_list(team: Team) -> str:
    """What the dashboard has of the team today: all but its first case, one that is new, a later meeting."""
    rows = list(TrackerRow.objects.open().filter(team=team).exclude(case__pin="").select_related("case"))
    here = str(team)
    known = [(row.pin, row.person, here, f"{row.case.cin_start:{DAY}}", "", "KW", "") for row in rows[1:]]
    start = timezone.localdate() - timedelta(3)
    new = ("990001", "Nova Newcomer", here, f"{start:{DAY}}", "3", "", "", "")
    later = f"{LATER:{DAY}}"
    listed = [(*one, later if one is known[-1] else "") for one in known]
    return made([*listed, new], headings=(*HEADINGS, "Next CIN meeting"))


def test_the_coordinators_scene(team: Team, page_as: Callable[..., Page], tmp_path: Path) -> None:
    opened = TrackerRow.objects.open().filter(team=team).order_by("order")
    missing = opened.filter(case__pin="").first()
    passed = opened.filter(next_meeting__lt=timezone.localdate()).first()
    assert missing
    assert passed
    gone = opened.exclude(case__pin="").first()
    assert gone
    file = tmp_path / "list.csv"
    file.write_text(the_list(team), encoding="utf-8-sig")
    place = team.locality.name.lower().replace(" ", "-")
    page = page_as(User.objects.get(email=f"team_coordinator.{place}@demo.example"))

    # Home says what waits; the worklist takes a PIN and a date, and Enter saves both.
    page.goto("/")
    expect(page.get_by_text("want a PIN or a date of the next CIN meeting")).to_be_visible()
    page.goto(f"/teams/{team.pk}/")
    tab_to(page, "Worklist")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="PINs and CIN meeting dates")).to_be_visible()
    tab_to(page, f"PIN of {missing.person}")
    page.keyboard.type("990002")
    tab_to(page, f"Date of next CIN meeting of {passed.person}")
    page.keyboard.type("+14")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: 2 values.")).to_be_visible()
    missing.refresh_from_db()
    passed.refresh_from_db()
    assert Case.objects.get(pk=missing.case_id).pin == "990002"

    # The dashboard's list: compared, chosen, confirmed, undone.
    tab_to(page, "Dashboard list")
    page.keyboard.press("Enter")
    tab_to(page, "File")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(file)
    tab_to(page, "Compare with the trackers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New here 1")).to_be_visible()
    expect(page.get_by_role("heading", name="Next CIN meeting 1")).to_be_visible()
    expect(page.get_by_role("cell", name=f"{LATER:%d/%m/%y} row")).to_be_visible()
    before = opened.count()
    tab_to(page, f"What to do with {gone.person}")
    page.keyboard.type("Close: Need met")
    tab_to(page, "Do what is chosen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 added, 1 closed, 1 given the list’s next CIN meeting")).to_be_visible()
    met = opened.filter(next_meeting=LATER)
    assert met.count() == 1
    added = TrackerRow.objects.open().get(case__pin="990001")
    gone.refresh_from_db()
    assert (added.stage, gone.state) == (Stage.AWAITING, "closed")
    tab_to(page, "Undo all of it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All of it is undone.")).to_be_visible()
    gone.refresh_from_db()
    assert gone.state == "open"
    assert (opened.count(), met.count()) == (before, 0)
