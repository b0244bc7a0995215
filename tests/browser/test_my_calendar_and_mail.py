"""Somebody makes their calendar's address and asks for the mail, by keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import Digest
from tests.browser.keyboard import tab_to
from tests.conftest import World


def test_an_address_is_made_shown_once_and_ended_and_the_mail_chosen(
    world: World, page_as: Callable[..., Page]
) -> None:
    page = page_as(world.coordinator)
    page.goto("/")

    tab_to(page, world.coordinator.name)
    page.keyboard.press("Enter")
    tab_to(page, "Make an address")
    page.keyboard.press("Enter")
    address = page.get_by_label("Your address, shown this once")
    expect(address).to_be_focused()
    assert page.request.get(f"/calendar/{address.input_value().rsplit('/', 1)[1]}").status == 200

    tab_to(page, "End the address")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have no address.")).to_be_visible()

    tab_to(page, "None")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You will get the mail.")).to_be_visible()
    assert Digest.objects.get().rhythm == Digest.Rhythm.DAILY
