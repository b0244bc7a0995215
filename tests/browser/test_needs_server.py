"""Pages whose forms are sent as pages: offline their buttons wait, and what was typed stays where it is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import World
from tests.factories import make_row
from tracker.changes.meetings import start_meeting

PageAs = Callable[..., Page]


@pytest.mark.parametrize("where", ["row", "worklist"])
def test_a_form_waits_for_the_connection_and_keeps_what_was_typed(
    world: World, page_as: PageAs, where: str
) -> None:
    row = make_row(team=world.team, pin="000001", person="Ed Test")
    page = page_as(world.coordinator)
    page.goto(f"/rows/{row.pk}/" if where == "row" else f"/teams/{world.team.pk}/worklist/")
    field = page.locator("input:not([type=hidden])[name*=next_meeting]").first
    save = page.get_by_role("button", name="Save", exact=True)
    field.fill("3/12/27")

    page.context.set_offline(True)
    expect(save).to_be_disabled()
    expect(save).to_have_accessible_description(re.compile("waits for the connection"))
    field.press("Enter")
    save.dispatch_event("click")
    expect(field).to_have_value("3/12/27")
    page.context.set_offline(False)
    expect(save).to_be_enabled()
    save.click()

    expect(page.get_by_text("03/12/27").or_(page.get_by_text("Saved: 1 value")).first).to_be_visible()
    row.refresh_from_db()
    assert f"{row.next_meeting:%d/%m/%y}" == "03/12/27"


def test_a_meeting_goes_on_offline_and_is_ended_only_with_the_server(world: World, page_as: PageAs) -> None:
    make_row(team=world.team)
    start_meeting(team=world.team, by=world.manager)
    page = page_as(world.manager)
    page.goto(f"/teams/{world.team.pk}/meeting/")
    page.locator("meeting-walk[data-ready]").wait_for()
    page.get_by_role("button", name="End meeting").click()
    end = page.get_by_role("button", name="End the meeting")
    expect(end).to_be_enabled()

    page.context.set_offline(True)

    expect(end).to_be_disabled()
    expect(end).to_have_accessible_description(re.compile("Go on typing"))
    page.context.set_offline(False)
    expect(end).to_be_enabled()
