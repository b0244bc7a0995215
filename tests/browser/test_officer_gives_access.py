"""An officer gives and ends access by keyboard alone, and sees what another person sees."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.changes.requests import ask_for_access
from accounts.models import User
from accounts.permissions import rights
from accounts.roles import Role
from tests.browser.keyboard import tab_to
from tests.conftest import World

PageAs = Callable[..., Page]


def test_a_request_that_waits_is_answered_by_one_press_and_the_asker_is_told(
    world: World, page_as: PageAs
) -> None:
    assert world.neighbour.pk
    ask_for_access(
        person=world.stranger, role=Role.TEAM_MANAGER, locality=world.amber, team=world.team, why="New here"
    )
    page, asker = page_as(world.officer), page_as(world.stranger)
    page.goto("/")

    tab_to(page, "1 person asks for access")
    page.keyboard.press("Enter")
    tab_to(page, f"Give access to {world.stranger.name}")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nobody waits for an answer.")).to_be_visible()
    asker.goto("/")
    expect(asker.get_by_role("main").get_by_text(world.team.name).first).to_be_visible()
    assert "edit_row" in rights(User.objects.get(pk=world.stranger.pk), world.team)


def test_a_pasted_list_is_mended_where_it_says_so_and_then_given(world: World, page_as: PageAs) -> None:
    assert [world.team, world.neighbour]
    page = page_as(world.officer)
    page.goto("/people/")

    tab_to(page, "Add a pasted list")
    page.keyboard.press("Enter")
    box = page.get_by_role("main").get_by_role("textbox")
    box.focus()
    page.keyboard.type("jo.bell@council.example, Jo Bell, Team manager, Nowhere")
    tab_to(page, "Read the list")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is given yet.")).to_be_visible()
    assert not User.objects.filter(email="jo.bell@council.example").exists()

    box.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(
        f"jo.bell@council.example, Jo Bell, Team manager, {world.amber.name}, {world.team.name}"
    )
    tab_to(page, "Read the list")
    page.keyboard.press("Enter")
    tab_to(page, "Give them all their access")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/people/$"))
    assert "edit_row" in rights(User.objects.get(email="jo.bell@council.example"), world.team)


def test_an_officer_sees_as_somebody_goes_back_and_ends_their_access(world: World, page_as: PageAs) -> None:
    person = world.manager
    assert world.neighbour.pk
    page, theirs = page_as(world.officer), page_as(person)
    theirs.goto(f"/teams/{world.team.pk}/")
    page.goto(f"/people/{person.pk}/")

    tab_to(page, f"See what {person.name} sees")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing can be changed.")).to_be_visible()
    tab_to(page, "Back to myself")
    page.keyboard.press("Enter")
    tab_to(page, f"{person.name} has left: end all access now")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Has left and cannot sign in.")).to_be_visible()
    theirs.reload()
    expect(theirs.get_by_label("Password")).to_be_visible()
