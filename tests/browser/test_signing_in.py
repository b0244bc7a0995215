"""From the invitation to signing in with a code, by keyboard alone; axe looks at each page on the way."""

import time
from collections.abc import Callable

from django.test import Client
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django import Settings

from accounts.changes.invitations import invite
from accounts.models import User
from accounts.roles import Role
from tests.accounts.apps_and_codes import PERIOD, code_of, set_up
from tests.browser.accessibility import findings
from tests.browser.keyboard import tab_to
from tests.conftest import World
from tests.factories import PASSWORD, make_member

NEW = "violet teapot gravel"


def type_and_send(page: Page, *fields: tuple[str, str]) -> None:
    """Fills in the form by keys alone, after axe has looked at it."""
    assert findings(page) == []
    for label, text in fields:
        page.get_by_role("textbox", name=label).focus()
        page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_from_the_invitation_to_a_recovery_code(
    world: World, site: str, new_context: Callable[..., BrowserContext], settings: Settings
) -> None:
    """K14: by keyboard alone, with a code."""
    settings.SECOND_FACTOR = "officers"
    officer = make_member(Role.PERFORMANCE_OFFICER)
    page = new_context(base_url=site).new_page()

    page.goto(invite(person=officer, by=world.officer))
    type_and_send(page, ("New password", NEW), ("The same again", NEW))
    expect(page.get_by_text("Your password is set. Sign in with it.")).to_be_visible()
    type_and_send(page, ("E-mail address", officer.email), ("Password", NEW))

    # Nothing else opens before the second factor is there.
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    key = page.locator("kbd").inner_text()
    type_and_send(page, ("Code", code_of(key)))
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.get_by_role("textbox").input_value().split()
    assert (len(recovery), findings(page)) == (10, [])
    tab_to(page, "Done")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert findings(page) == []
    tab_to(page, "Another phone")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="End the second factor?")).to_be_visible()
    assert findings(page) == []
    tab_to(page, "Keep it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()

    for code in (code_of(key), recovery[0]):
        tab_to(page, "Sign out")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        type_and_send(page, ("E-mail address", officer.email), ("Password", NEW))
        expect(page.get_by_role("heading", name="Your code")).to_be_visible()
        type_and_send(page, ("Code", code))
        expect(page.get_by_role("link", name=officer.name)).to_be_visible()


def pasted(field: Locator, text: str) -> None:
    """Puts the text into the field by the clipboard alone."""
    field.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    field.press("ControlOrMeta+v")
    expect(field).to_have_value(text)


def test_all_of_it_can_be_pasted_and_a_password_manager_is_told_what_each_field_is(
    world: World,
    site: str,
    new_context: Callable[..., BrowserContext],
    sign_in: Callable[[User], Client],
) -> None:
    """K14: nothing has to be remembered or typed over."""
    key = set_up(sign_in(world.coordinator))
    page = new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto("/sign-in/")
    name, password = page.get_by_label("E-mail address"), page.get_by_label("Password")
    expect(name).to_have_attribute("autocomplete", "email")
    expect(password).to_have_attribute("autocomplete", "current-password")

    pasted(name, world.coordinator.email)
    pasted(password, PASSWORD)
    page.keyboard.press("Enter")
    code = page.get_by_label("Code")
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    pasted(code, code_of(key, time.time() + PERIOD))
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name=world.coordinator.name)).to_be_visible()
