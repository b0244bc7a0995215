"""The coordinator before a meeting, by keyboard alone, on the demonstration council: worklist, then list."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Team, User
from tests.tracker.dashboard.lists import made
from tracker.choices import Stage
from tracker.models import Case, TrackerRow

DAY = "%d/%m/%Y"


@pytest.fixture
def team(council: None) -> Team:
    """A team of the demonstration council that has a PIN to find out."""
    return TrackerRow.objects.open().filter(case__pin="").earliest("pk").team


def reach(page: Page, name: str, *, key: str = "Tab") -> None:
    """Goes on by one key until the focus stands on what is so called."""
    for _ in range(400):
        page.keyboard.press(key)
        if page.evaluate(CALLED) == name:
            return
    pytest.fail(f"no key leads to {name}")


CALLED = """() => {
  const one = document.activeElement;
  return one.ariaLabel ?? one.labels?.[0]?.textContent.trim() ?? one.textContent.trim();
}"""


def the_list(team: Team) -> str:
    """What the dashboard has of the team today: all but its first case, and one that is new."""
    rows = list(TrackerRow.objects.open().filter(team=team).exclude(case__pin="").select_related("case"))
    here = str(team)
    known = [(row.pin, row.person, here, f"{row.case.cin_start:{DAY}}", "", "KW", "") for row in rows[1:]]
    start = timezone.localdate() - timedelta(3)
    return made([*known, ("990001", "Nova Newcomer", here, f"{start:{DAY}}", "3", "", "")])


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
    reach(page, "Worklist")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="PINs and CIN meeting dates")).to_be_visible()
    reach(page, f"PIN of {missing.person}")
    page.keyboard.type("990002")
    reach(page, f"Date of next CIN meeting of {passed.person}")
    page.keyboard.type("+14")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved: 2 values.")).to_be_visible()
    missing.refresh_from_db()
    passed.refresh_from_db()
    assert Case.objects.get(pk=missing.case_id).pin == "990002"

    # The dashboard's list: compared, chosen, confirmed, undone.
    reach(page, "Dashboard list")
    page.keyboard.press("Enter")
    page.get_by_label("File").set_input_files(file)
    reach(page, "Compare with the trackers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New here 1")).to_be_visible()
    before = TrackerRow.objects.open().filter(team=team).count()
    reach(page, f"What to do with {gone.person}")
    page.keyboard.type("Close: Need met")
    reach(page, "Do what is chosen")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 added, 1 closed")).to_be_visible()
    added = TrackerRow.objects.open().get(case__pin="990001")
    gone.refresh_from_db()
    assert (added.stage, gone.state) == (Stage.AWAITING, "closed")
    reach(page, "Undo all of it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All of it is undone.")).to_be_visible()
    gone.refresh_from_db()
    assert gone.state == "open"
    assert TrackerRow.objects.open().filter(team=team).count() == before
