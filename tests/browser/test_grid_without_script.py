"""The tracker where no script runs: each row's form does all that a cell does, and checks the same."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.grid import cell, stored
from tests.browser.test_grid_with_others import saved_by
from tests.conftest import World
from tests.factories import make_row
from tracker.choices import Stage

PageAs = Callable[..., Page]


def test_a_row_is_saved_by_its_form(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, person="Ed Test")
    page = page_as(world.coordinator, java_script_enabled=False)
    page.goto(f"/teams/{world.team.pk}/")

    page.get_by_role("link", name="Open Ed Test").click()
    page.get_by_label("Action", exact=True).fill("Visit")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved Ed Test.")).to_be_visible()
    assert stored(row, "action") == ["Visit"]


def test_a_form_that_is_out_of_date_shows_both_texts(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, action="Meet with hospital")
    page = page_as(world.coordinator, java_script_enabled=False)
    page.goto(f"/rows/{row.pk}/")
    saved_by(world.supervisor, row, "action", "Meet GP Tuesday")

    page.get_by_label("Action", exact=True).fill("Meet hospital Thursday")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    expect(page.locator("main")).to_contain_text("Meet GP Tuesday")
    expect(page.get_by_label("Action", exact=True)).to_have_value("Meet hospital Thursday")
    assert stored(row, "action") == ["Meet GP Tuesday"]


def test_what_only_script_can_do_is_not_offered(world: World, page_as: PageAs) -> None:
    make_row(team=world.team)
    page = page_as(world.coordinator, java_script_enabled=False)

    page.goto(f"/teams/{world.team.pk}/")

    expect(page.get_by_role("button", name="Ideas")).to_be_hidden()


def test_a_filter_and_a_layout_need_no_script(world: World, page_as: PageAs) -> None:
    shown = make_row(team=world.team, by=world.officer, stage=Stage.DECIDED)
    hidden = make_row(team=world.team, by=world.officer, stage=Stage.UNDERWAY)
    page = page_as(world.coordinator, java_script_enabled=False)
    page.goto(f"/teams/{world.team.pk}/")

    page.get_by_role("button", name="Stage", exact=True).click()
    page.get_by_label("Decided to close").check()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Meeting", exact=True).click()

    expect(cell(page, shown, "stage")).to_be_visible()
    expect(cell(page, hidden, "stage")).to_be_hidden()
    expect(page.get_by_role("grid")).to_have_attribute("data-density", "meeting")
