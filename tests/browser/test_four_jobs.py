"""The four jobs by keyboard alone, with script and without: K2 of the plan. Their keys are counted.

The second, a row of the meeting, is counted in test_meeting.py; here it is done without script.
"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.permissions import rights
from accounts.roles import Role
from tests.browser.grid import cell, is_saved, open_tracker, stored
from tests.browser.keyboard import Keyboard
from tests.conftest import World
from tests.factories import a_need, make_row
from tests.figures import measured
from tracker.changes.meetings import start_meeting
from tracker.choices import Stage
from tracker.models import TrackerRow

PageAs = Callable[..., Page]
NEXT = date(2027, 2, 3)
# Keys beside typed text. A Tab counts as one, so a page that puts more before its form costs more.
MOST_TO_ADD, MOST_TO_OPEN, MOST_FOR_ACCESS = 25, 60, 140


@pytest.fixture(params=[True, False], ids=["script", "without"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


def added(team_id: int) -> TrackerRow:
    """The one case of the team."""
    return TrackerRow.objects.get(team_id=team_id)


def test_a_coordinator_adds_a_case_with_its_pin_and_next_date(world: World, page_as: PageAs) -> None:
    """K2, job 1: in the table itself; Esc leaves a cell as it was."""
    page = open_tracker(page_as(world.coordinator), world.team)
    keys = Keyboard(page)

    keys.press("Alt+n")
    keys.type("000123")
    keys.press("Tab")
    keys.type("Bea Sample")
    keys.press("Tab", *["Tab"] * 7)
    keys.type("3/2/27")
    keys.press("Enter")
    is_saved(page)

    row = added(world.team.pk)
    expect(cell(page, row, "next_meeting")).to_have_text(re.compile("03/02/27"))
    assert stored(row, "pin", "person", "next_meeting") == ["000123", "Bea Sample", NEXT.isoformat()]
    measured("K2 keys beside typed text, job 1, a case with PIN and date", keys.pressed)
    assert keys.pressed <= MOST_TO_ADD
    cell(page, row, "owner").focus()
    keys.type("Nobody")
    keys.press("Escape")
    expect(cell(page, row, "owner")).to_be_focused()
    expect(cell(page, row, "owner")).to_have_text("")


def test_a_coordinator_adds_a_case_without_script(world: World, page_as: PageAs) -> None:
    """K2, job 1 where no script runs: by the form."""
    page = page_as(world.coordinator, java_script_enabled=False)
    keys = Keyboard(page)
    page.goto(f"/teams/{world.team.pk}/")

    keys.go("Add a case", "Enter")
    expect(page.get_by_role("heading", name="Add a case")).to_be_visible()
    keys.write("PIN", "000123")
    keys.write("Person (needed)", "Bea Sample")
    keys.write("Date of next CIN meeting", "3/2/27")
    keys.press("Enter")

    expect(page.get_by_text("Bea Sample").first).to_be_visible()
    row = added(world.team.pk)
    assert stored(row, "pin", "person", "next_meeting") == ["000123", "Bea Sample", NEXT.isoformat()]


def test_a_supervisor_runs_a_row_of_the_meeting_without_script(world: World, page_as: PageAs) -> None:
    """K2, job 2 where no script runs: the row's form, then on to the next."""
    row, other = (
        make_row(team=world.team, by=world.officer, person=name, by_when=date(2026, 1, day), needed=a_need())
        for name, day in (("Ada Test", 1), ("Ben Test", 2))
    )
    start_meeting(team=world.team, by=world.supervisor)
    page = page_as(world.supervisor, java_script_enabled=False)
    keys = Keyboard(page)
    page.goto(f"/teams/{world.team.pk}/meeting/")

    keys.go("Write in the case of Ada Test", "Enter")
    expect(page.get_by_role("heading", name="Ada Test")).to_be_visible()
    keys.write("Stage", "Ident", over=False)
    keys.write("What is needed to progress", a_need(1).label, over=False)
    keys.write("Action", "Meet the school nurse")
    keys.write("Owner", "AN")
    keys.write("By when", "3/2/27")
    keys.write("Update on action", "School told")
    keys.go("Save", "Enter")
    expect(page.get_by_text("Saved Ada Test.")).to_be_visible()
    keys.go("Discussed D", "Enter")

    expect(page.get_by_role("heading", name="Ben Test")).to_be_visible()
    assert stored(row, "stage", "needed", "action", "owner", "by_when", "update") == [
        "identified",
        str(a_need(1).pk),
        "Meet the school nurse",
        "AN",
        NEXT.isoformat(),
        "School told",
    ]
    assert stored(other, "action") == [""]


def test_a_head_of_service_opens_an_expected_closure_of_a_team(
    world: World, page_as: PageAs, script: bool
) -> None:
    """K2, job 3: from the first page to the case, with script and without."""
    make_row(team=world.neighbour, by=world.officer, person="Not Wanted", stage=Stage.IDENTIFIED)
    make_row(team=world.team, by=world.officer, person="Ed Test", stage=Stage.DECIDED)
    page = page_as(world.head, java_script_enabled=script)
    keys = Keyboard(page)
    page.goto("/")

    keys.go(f"Summary of {world.amber}", "Enter")
    expect(page.get_by_role("link", name="Expected closures").first).to_be_visible()
    keys.go("Expected closures", "Enter")
    expect(page.get_by_role("heading", name=f"{world.amber}: expected closures")).to_be_visible()
    keys.go_to(page.locator("table.closures").get_by_role("link", name=world.team.name), "Enter")
    expect(page.get_by_role("link", name="Not Wanted")).to_have_count(0)
    keys.go("Ed Test", "Enter")

    expect(page.get_by_role("heading", name="Ed Test")).to_be_visible()
    measured("K2 keys beside typed text, job 3, an expected closure opened", keys.pressed)
    assert keys.pressed <= MOST_TO_OPEN


def test_an_officer_gives_access_and_ends_that_of_another(
    world: World, page_as: PageAs, script: bool
) -> None:
    """K2, job 4: one person invited, another's access ended, with script and without."""
    # Of several localities each has its teams folded up.
    assert [world.team, world.neighbour, world.foreign]
    leaver = world.manager
    page = page_as(world.officer, java_script_enabled=script)
    keys = Keyboard(page)
    page.goto("/people/")

    keys.go("Add a person", "Enter")
    expect(page.get_by_role("heading", name="Add a person")).to_be_visible()
    keys.write("E-mail address (needed)", "jo.bell@council.example")
    keys.write("Name (needed)", "Jo Bell")
    keys.write("Role (needed)", Role.TEAM_COORDINATOR.label, over=False)
    keys.write("Locality", world.amber.name, over=False)
    keys.go_to(page.locator("summary", has_text=f"{world.amber.name} ("), "Enter")
    keys.go(world.team.name, "Space")
    keys.go("Add the person", "Enter")
    expect(page.get_by_role("heading", name="Jo Bell")).to_be_visible()
    page.goto("/people/")
    keys.go(leaver.name, "Enter")
    expect(page.get_by_role("heading", name=leaver.name)).to_be_visible()
    keys.go(f"{leaver.name} has left: end all access now", "Enter")

    expect(page.get_by_text("Has left and cannot sign in.")).to_be_visible()
    given = User.objects.get(email="jo.bell@council.example")
    assert "edit_row" in rights(given, world.team)
    assert "edit_row" not in rights(given, world.neighbour)
    assert not User.objects.get(pk=leaver.pk).is_active
    measured("K2 keys beside typed text, job 4, access given and ended", keys.pressed)
    assert keys.pressed <= MOST_FOR_ACCESS
