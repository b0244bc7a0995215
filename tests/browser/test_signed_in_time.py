"""The session's end on a page: warned in time, one key to stay, nothing typed lost or shown to others."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import AccessRequest, Session, User
from tests.browser.accessibility import findings
from tests.conftest import World
from tests.factories import PASSWORD

PageAs = Callable[..., Page]
# Within the two minutes before the end from the start on.
SOON = 119
WHY = "I help with the reviews of Amber"


def signs_in_elsewhere(page: Page, person: User) -> None:
    """In another tab of the same browser, in which nobody is signed in any more."""
    page.context.clear_cookies(name="sessionid")
    tab = page.context.new_page()
    tab.goto("/sign-in/")
    tab.get_by_label("E-mail address").fill(person.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()


def filled_in(page: Page, world: World) -> None:
    """The request for access, not sent yet."""
    place = f"All of {world.amber}"
    page.goto("/ask/")
    page.get_by_label("Team or locality").select_option(label=place)
    page.get_by_label("What you need it for").fill(WHY)


def test_a_page_warns_and_any_key_stays(world: World, page_as: PageAs, settings: Settings) -> None:
    """K13: two minutes before, one key."""
    settings.SESSION_IDLE_AGE = SOON
    page = page_as(world.coordinator)
    page.goto("/mine/")
    strip = page.get_by_text("you will be signed out in 2 minutes")
    expect(strip).to_be_visible()
    assert findings(page) == []
    settings.SESSION_IDLE_AGE = 3600
    before = Session.objects.get(person_id=world.coordinator.pk).seen_at

    page.keyboard.press("Shift")

    expect(strip).to_be_hidden()
    assert Session.objects.get(person_id=world.coordinator.pk).seen_at > before


def test_what_was_typed_into_a_form_is_sent_after_signing_in_again(world: World, page_as: PageAs) -> None:
    """K12, K13: nothing typed is lost."""
    page = page_as(world.stranger)
    filled_in(page, world)
    Session.objects.all().delete()
    page.locator("signed-in-time").evaluate("(strip) => { strip.endsAt = 0; }")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("You are signed out. What you typed stays here.")).to_be_visible()
    assert findings(page) == []

    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_label("What you need it for")).to_have_value(WHY)
    assert not AccessRequest.objects.exists()
    signs_in_elsewhere(page, world.stranger)
    page.get_by_role("button", name="Ask for it").click()

    expect(page.get_by_text("Your request is with the performance officer.")).to_be_visible()
    assert AccessRequest.objects.get().why == WHY


def test_nothing_of_it_is_for_whoever_signs_in_next(world: World, page_as: PageAs) -> None:
    page = page_as(world.stranger)
    filled_in(page, world)
    signs_in_elsewhere(page, world.manager)

    page.get_by_role("button", name="Ask for it").click()

    expect(page.get_by_text("Somebody else has signed in in this browser")).to_be_visible()
    expect(page.get_by_label("What you need it for")).to_have_count(0)
    assert not AccessRequest.objects.exists()
