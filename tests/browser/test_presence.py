"""Who else is here: initials in the head, an outline on the cell, a word on who types there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import cell, is_saved, type_over
from tests.browser.test_live import live_tracker
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.meetings import start_meeting

PageAs = Callable[..., Page]


def test_two_people_see_each_other_and_where_they_are(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, pin="000002")
    mine = live_tracker(page_as(world.coordinator), world)
    theirs = live_tracker(page_as(world.supervisor), world)

    cell(theirs, row, "action").focus()

    who = world.supervisor
    expect(cell(mine, row, "action")).to_have_attribute("data-here", who.initials)
    here = mine.get_by_role("list", name="Also here").get_by_role("button")
    expect(here).to_have_text(who.initials)
    expect(here).to_have_accessible_name(f"{who.name} in Action of 000002")
    expect(theirs.get_by_role("list", name="Also here").get_by_role("button")).to_have_text(
        world.coordinator.initials
    )
    expect(theirs.locator("[data-here]")).to_have_count(0)


def test_who_enters_a_cell_in_which_somebody_types_is_told(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    mine = live_tracker(page_as(world.coordinator), world)
    theirs = live_tracker(page_as(world.supervisor), world)
    cell(theirs, row, "action").focus()
    theirs.keyboard.type("Ring")
    who = world.supervisor.initials
    expect(cell(mine, row, "action")).to_have_attribute("data-here", f"{who} typing")

    cell(mine, row, "action").focus()

    expect(mine.locator("[data-said]")).to_have_text(f"{who} is typing here")
    mine.keyboard.type("I go on")
    expect(cell(mine, row, "action").get_by_role("textbox")).to_have_value("I go on")
    theirs.keyboard.press("Escape")
    expect(cell(mine, row, "action")).to_have_attribute("data-here", who)


def test_a_claim_ends_thirty_seconds_after_the_last_key(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    mine = live_tracker(page_as(world.coordinator), world)
    theirs = page_as(world.supervisor)
    theirs.clock.install()
    live_tracker(theirs, world)
    cell(theirs, row, "action").focus()
    theirs.keyboard.type("Ring")
    theirs.clock.run_for(1_000)
    who = world.supervisor.initials
    expect(cell(mine, row, "action")).to_have_attribute("data-here", f"{who} typing")

    theirs.clock.run_for(28_000)
    expect(cell(mine, row, "action")).to_have_attribute("data-here", f"{who} typing")
    theirs.clock.run_for(2_000)

    expect(cell(mine, row, "action")).to_have_attribute("data-here", who)
    expect(cell(theirs, row, "action").get_by_role("textbox")).to_have_value("Ring")


def test_who_closes_a_case_in_which_somebody_types_is_asked_first(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    mine = live_tracker(page_as(world.coordinator), world)
    theirs = live_tracker(page_as(world.supervisor), world)
    cell(theirs, row, "action").focus()
    theirs.keyboard.type("Ring")
    who = world.supervisor.initials
    expect(cell(mine, row, "action")).to_have_attribute("data-here", f"{who} typing")

    type_over(mine, row, "stage", "Closed")

    expect(mine.get_by_role("dialog")).to_contain_text(f"{who} is typing in Action. Close anyway?")


def test_several_people_on_one_cell_are_one_mark(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    mine = live_tracker(page_as(world.coordinator), world)
    for person in (world.supervisor, world.manager, world.officer):
        cell(live_tracker(page_as(person), world), row, "action").focus()

    expect(cell(mine, row, "action")).to_have_attribute("data-here", f"{world.supervisor.initials} +2")
    expect(mine.get_by_role("list", name="Also here").get_by_role("button")).to_have_count(3)


def test_who_closes_the_page_is_gone(world: World, page_as: PageAs) -> None:
    make_row(team=world.team)
    mine = live_tracker(page_as(world.coordinator), world)
    theirs = live_tracker(page_as(world.supervisor), world)
    here = mine.get_by_role("list", name="Also here").get_by_role("button")
    expect(here).to_have_count(1)

    theirs.goto("/help/")

    expect(here).to_have_count(0)


def test_who_can_only_read_sees_nobody_and_is_seen(world: World, page_as: PageAs) -> None:
    make_row(team=world.team)
    reader = live_tracker(page_as(world.head), world)
    editor = live_tracker(page_as(world.coordinator), world)

    expect(editor.get_by_role("list", name="Also here").get_by_role("button")).to_have_text(
        world.head.initials
    )
    expect(reader.locator("[data-present]")).to_be_hidden()


def test_a_meeting_and_an_officer_who_sees_as_another_have_labels_of_their_own(
    world: World, page_as: PageAs
) -> None:
    row = make_row(team=world.team)
    mine = live_tracker(page_as(world.coordinator), world)
    start_meeting(team=world.team, by=world.manager)
    page_as(world.manager).goto(f"/teams/{world.team.pk}/meeting/")
    officer = page_as(world.officer)
    officer.goto(f"/people/{world.supervisor.pk}/")
    officer.get_by_role("button", name="See what").click()
    cell(live_tracker(officer, world), row, "owner").focus()

    here = mine.get_by_role("list", name="Also here").get_by_role("button")
    looks = f"{world.officer.initials} looks"
    expect(cell(mine, row, "owner")).to_have_attribute("data-here", looks)
    expect(here).to_have_text(["Meeting", looks], use_inner_text=True)
    names = [one.get_attribute("aria-label") or "" for one in here.all()]
    assert names[0].startswith(f"The meeting, on the screen of {world.manager.name}")
    assert names[1].startswith(f"{world.officer.name}, who sees this as another person does")


def test_a_mark_on_a_cell_leaves_its_text_and_its_edits_alone(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, action="As it was")
    mine = live_tracker(page_as(world.coordinator), world)
    theirs = live_tracker(page_as(world.supervisor), world)
    cell(theirs, row, "action").focus()
    expect(cell(mine, row, "action")).to_have_attribute("data-here", world.supervisor.initials)

    theirs.keyboard.type("Ring the school")
    theirs.keyboard.press("Control+Enter")

    expect(cell(mine, row, "action")).to_have_text("Ring the school")
    expect(cell(mine, row, "action")).to_have_attribute("data-here", world.supervisor.initials)


@pytest.mark.parametrize("in_meeting", [False, True])
def test_a_changed_cell_says_who_and_when_until_it_is_left(
    world: World, page_as: PageAs, in_meeting: bool
) -> None:
    row = make_row(team=world.team)
    page = live_tracker(page_as(world.coordinator), world)
    type_over(page, row, "action", "Mine")
    is_saved(page)
    cell(page, row, "owner").focus()
    meeting = start_meeting(team=world.team, by=world.manager) if in_meeting else None
    new = cleaned("action", "Ring the school")
    edit_cell(row=row, field="action", new=new, base=1, by=world.manager, meeting=meeting)
    there = cell(page, row, "action")
    expect(there).to_have_text("Ring the school")

    there.focus()

    words = "The meeting changed this after you" if in_meeting else f"Changed by {world.manager.initials}"
    expect(page.locator("[data-said]")).to_contain_text(f"{words} at ")
    expect(there).to_have_attribute("data-changed-by", re.compile(f"^{words} at .*:"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-changed-by]")).to_have_count(0)
