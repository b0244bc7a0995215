"""Places, stand-ins and lost mail by keyboard alone; axe looks at each page on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.changes.notices import tell
from accounts.changes.stand_ins import DAYS
from accounts.models import Locality, Membership, Notice, Team
from accounts.roles import Role
from tests.browser.accessibility import findings
from tests.browser.keyboard import press_named, tab_to, write
from tests.conftest import World
from tests.factories import make_member, make_row
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


def test_a_locality_its_contact_and_a_team_are_made_and_renamed(world: World, page_as: PageAs) -> None:
    officer = world.officer
    page = page_as(officer)
    page.goto("/places/")

    write(page, "Name (needed)", "Clay Cross")
    press_named(page, "Add the locality")
    expect(page.get_by_role("heading", name="Clay Cross")).to_be_visible()
    write(page, "Name (needed)", "Clay Cross Team 1")
    press_named(page, "Add a team")
    expect(page.get_by_role("link", name="Clay Cross Team 1")).to_be_visible()
    tab_to(page, "Contact officer (needed)")
    page.keyboard.type(officer.name)
    press_named(page, "Name as contact")
    expect(page.get_by_role("button", name=f"Name no longer {officer.name}")).to_be_visible()
    assert findings(page) == []
    press_named(page, "Clay Cross Team 1")
    expect(page.get_by_role("heading", name="Clay Cross Team 1")).to_be_visible()
    write(page, "Name (needed)", "Clay Cross North")
    press_named(page, "Save the name")

    expect(page.get_by_role("heading", name="Clay Cross North")).to_be_visible()
    assert findings(page) == []
    made = Locality.objects.get(name="Clay Cross")
    assert [team.name for team in made.teams.all()] == ["Clay Cross North"]
    assert list(made.contact_officers.all()) == [officer]


def test_a_name_that_is_taken_is_said_beside_the_form_that_asked(world: World, page_as: PageAs) -> None:
    page = page_as(world.officer)
    assert [world.team, world.neighbour]
    page.goto(f"/places/localities/{world.amber.pk}/")

    write(page, "Name (needed)", world.team.name)
    press_named(page, "Add a team")

    expect(page.get_by_role("region", name="Teams").locator(".error")).to_be_visible()
    assert findings(page) == []
    assert Team.objects.count() == 2


def test_a_team_is_closed_and_another_takes_its_cases(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, by=world.officer)
    page = page_as(world.officer)
    assert world.neighbour.pk
    page.goto(f"/places/teams/{world.team.pk}/")

    press_named(page, "Move it to another locality, or close it")
    expect(page.get_by_role("heading", name=f"Move or close {world.team.name}")).to_be_visible()
    assert findings(page) == []
    tab_to(page, "Team that takes the open cases (needed)")
    page.keyboard.type(world.neighbour.name)
    press_named(page, "Close the team")

    expect(page.get_by_text(f"Its open cases are with {world.neighbour.name}.")).to_be_visible()
    assert TrackerRow.objects.open().get(case=row.case_id).team == world.neighbour


def test_an_approved_person_is_named_and_told(world: World, page_as: PageAs) -> None:
    someone = make_member(Role.PRACTICE_SUPERVISOR, locality=world.bolsover, name="Sam Elsewhere")
    page, manager, theirs = page_as(world.officer), page_as(world.manager), page_as(someone)
    page.goto(f"/people/{someone.pk}/")
    tab_to(page, "May stand in for a team of")
    page.keyboard.type(world.amber.name)
    press_named(page, "Approve")
    expect(page.get_by_text(f"In {world.amber.name}, approved by")).to_be_visible()
    assert findings(page) == []

    manager.goto(f"/teams/{world.team.pk}/stand-in/")
    assert findings(manager) == []
    tab_to(manager, "Person (needed)")
    manager.keyboard.type("Sam Elsewhere")
    press_named(manager, "Name the stand-in")

    expect(manager.get_by_text("Sam Elsewhere stands in until")).to_be_visible()
    assert findings(manager) == []
    held = Membership.objects.get(person=someone, role=Role.STAND_IN)
    last_day = timezone.localdate() + timedelta(days=DAYS - 1)
    assert (held.until, list(held.teams.all())) == (last_day, [world.team])
    theirs.goto("/")
    notice = theirs.get_by_text(f"named you as stand-in of {world.team.name}")
    expect(notice.first).to_be_visible()
    assert findings(theirs) == []
    put_away = theirs.get_by_role("button", name="Put away")
    put_away.focus()
    theirs.keyboard.press("Enter")
    expect(put_away).to_have_count(0)
    assert not Notice.objects.filter(person=someone, read_at=None).exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mail_that_did_not_go_is_read_and_put_away(world: World, page_as: PageAs, scheme: str) -> None:
    tell(world.manager, "You now have access.")
    Notice.objects.update(mail_failed=True)
    page = page_as(world.officer, color_scheme=scheme)
    page.goto("/")

    press_named(page, "1 mail could not be sent")
    expect(page.get_by_role("cell", name="You now have access.")).to_be_visible()
    assert findings(page) == []
    press_named(page, "I have seen this")

    expect(page.get_by_text("All mail has gone.")).to_be_visible()
    assert not Notice.objects.filter(mail_failed=True).exists()
