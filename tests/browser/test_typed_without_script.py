"""Without script: what was sent after the session had ended is shown after signing in and sent then."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Session, User
from accounts.sessions import SessionStore
from accounts.typed import KEPT_AS, Typed
from tests.browser.accessibility import all_findings
from tests.browser.grid import stored
from tests.browser.measured import faint
from tests.browser.test_signed_out import session_of
from tests.conftest import World
from tests.factories import PASSWORD, make_row
from tracker.models import TrackerRow

PageAs = Callable[..., Page]
WORDS = "Ring the school on Monday"


def sends_too_late(page: Page, row: TrackerRow) -> None:
    """Types into the row's form, and presses its button more than an hour after the last act."""
    page.goto(f"/rows/{row.pk}/")
    page.get_by_label("Action", exact=True).fill(WORDS)
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=61))
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("What you typed is kept: sign in again, then send it.")).to_be_visible()


def signs_in(page: Page, person: User) -> None:
    """By keyboard, on the page as it comes."""
    page.get_by_label("E-mail address").press_sequentially(person.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_what_was_sent_too_late_is_sent_after_signing_in_by_keyboard(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, action="First")
    page = page_as(world.coordinator, java_script_enabled=False)
    sends_too_late(page, row)

    signs_in(page, world.coordinator)

    expect(page.get_by_role("heading", name="What you typed is kept", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    assert stored(row, "action") == ["First"]
    page.get_by_role("button", name="Send it now").press("Enter")
    expect(page.get_by_text("Saved")).to_be_visible()
    assert stored(row, "action") == [WORDS]


def test_whoever_else_signs_in_there_finds_nothing(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, action="First")
    page = page_as(world.coordinator, java_script_enabled=False)
    sends_too_late(page, row)

    signs_in(page, world.manager)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    assert stored(row, "action") == ["First"]


def test_the_page_of_what_is_kept_has_no_faults(world: World, page_as: PageAs) -> None:
    fields = [["action", WORDS], ["update", "Rung.\nNobody there."], ["base", "3"]]
    for scheme in ("light", "dark"):
        page = page_as(world.coordinator, color_scheme=scheme)
        session = SessionStore(session_key=session_of(page))
        session[KEPT_AS] = asdict(Typed(world.coordinator.pk, "/rows/1/", fields))
        session.save()

        page.goto("/sign-in/typed/")

        expect(page.get_by_role("heading", name="What you typed is kept", level=1)).to_be_visible()
        assert all_findings(page) + faint(page) == []
