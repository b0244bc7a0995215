"""The session ends while somebody types: the sign-in box comes, what was typed stays under it."""

import time
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import Session, User
from tests.accounts.apps_and_codes import PERIOD, code_of, set_up
from tests.browser.accessibility import findings
from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import PASSWORD, make_row
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator."""
    return page_as(world.coordinator)


@pytest.fixture
def row(world: World, page: Page) -> TrackerRow:
    """A row on the tracker that is open."""
    row = make_row(team=world.team)
    open_tracker(page, world.team)
    return row


def session_ends(page: Page) -> None:
    """The server does not know the browser any more: its stream ends, and whatever it asks is refused."""
    Session.objects.filter(session_key=session_of(page)).delete()


def session_of(page: Page) -> str:
    """The number of the browser's session."""
    [cookie] = [one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    return cookie["value"]


def box(page: Page) -> Locator:
    """The sign-in box."""
    return page.get_by_role("dialog", name="You are signed out")


def signs_in(page: Page, person: User) -> None:
    """Fills in the box."""
    box(page).get_by_label("E-mail address").fill(person.email)
    box(page).get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_signed_out_in_the_middle_of_a_sentence_one_signs_in_over_it_and_goes_on(
    world: World, page: Page, row: TrackerRow
) -> None:
    """K12, K13: nothing typed is lost. K15: what the page knows, who it was, it does not ask."""
    cell(page, row, "action").focus()
    page.keyboard.type("Ring the school, and")
    session_ends(page)
    expect(page.locator("[data-unsent]")).to_have_text("Signed out.")
    page.keyboard.type(" then")

    password = box(page).get_by_label("Password")
    expect(password).to_be_focused()
    expect(box(page).get_by_label("E-mail address")).to_have_value(world.coordinator.email)
    assert findings(page) == []
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(box(page)).to_have_count(0)
    editor = cell(page, row, "action").get_by_role("textbox")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("Ring the school, and then")
    page.keyboard.press("Enter")
    is_saved(page)
    assert stored(row, "action") == ["Ring the school, and then"]


def test_what_waits_is_sent_after_a_wrong_password_and_a_right_one(
    world: World, page: Page, row: TrackerRow
) -> None:
    session_ends(page)
    type_over(page, row, "action", "Kept")
    expect(page.locator("[data-unsent]")).to_have_text("Signed out: 1 change waits.")

    box(page).get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(box(page)).to_contain_text("E-mail address and password do not go together.")
    signs_in(page, world.coordinator)

    is_saved(page)
    expect(box(page)).to_have_count(0)
    expect(page.locator("[data-notice=signed-out]")).to_have_count(0)
    assert stored(row, "action") == ["Kept"]


def test_somebody_else_who_signs_in_over_the_page_gets_nothing_of_it(
    world: World, page: Page, row: TrackerRow
) -> None:
    session_ends(page)
    type_over(page, row, "action", "A secret")

    signs_in(page, world.supervisor)

    expect(
        page.get_by_text(f"{world.coordinator.initials} has 1 unsent edit on this computer.")
    ).to_be_visible()
    expect(page.get_by_role("grid")).to_have_count(0)
    expect(page.get_by_text("A secret")).to_have_count(0)
    assert stored(row, "action") == [""]


def test_a_code_is_asked_for_in_the_box_too(
    world: World, page_as: PageAs, sign_in: Callable[[User], Client]
) -> None:
    row = make_row(team=world.team)
    key = set_up(sign_in(world.coordinator))
    page = open_tracker(page_as(world.coordinator), world.team)
    session_ends(page)
    type_over(page, row, "action", "Kept")

    signs_in(page, world.coordinator)
    expect(box(page).get_by_label("Code")).to_be_focused()
    page.keyboard.type(code_of(key, time.time() + PERIOD))
    page.keyboard.press("Enter")

    expect(box(page)).to_have_count(0)
    is_saved(page)
    assert stored(row, "action") == ["Kept"]


def test_a_step_without_a_form_is_done_in_a_tab_of_its_own_and_the_page_goes_on(
    world: World, site: str, page: Page, row: TrackerRow
) -> None:
    """The step is made up here: a session comes back in its tab."""

    def password(route: Route) -> None:
        if route.request.method == "POST":
            asks = "<!DOCTYPE html><html><body><h1>Use your key</h1></body></html>"
            route.fulfill(body=asks, content_type="text/html")
        else:
            route.continue_()

    page.route("**/sign-in/", password)
    session_ends(page)
    type_over(page, row, "action", "Kept")
    box(page).get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    link = box(page).get_by_role("link", name="Go on in a new tab")
    expect(link).to_be_focused()
    with page.expect_popup():
        link.click()
    signed_in = Client()
    signed_in.force_login(world.coordinator)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": signed_in.cookies[name].value, "url": site}])

    expect(box(page)).to_have_count(0)
    is_saved(page)
    assert stored(row, "action") == ["Kept"]


def test_the_box_can_be_put_off_and_opened_again(page: Page, row: TrackerRow) -> None:
    session_ends(page)
    type_over(page, row, "action", "Kept")
    box(page).get_by_role("button", name="Not now").click()

    expect(box(page)).to_have_count(0)
    expect(cell(page, row, "action")).to_contain_text("Kept")
    page.locator("[data-notice=signed-out]").get_by_role("button", name="Sign in again").click()

    expect(box(page).get_by_label("Password")).to_be_focused()
