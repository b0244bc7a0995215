"""Around the meeting, by keyboard on the demonstration council: what changed, a sheet, dates, figures."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.demo import demo_email
from accounts.models import AuditEvent, Digest, Team, User
from accounts.roles import Role
from tests.browser.grid import is_saved, open_tracker, type_over
from tests.browser.keyboard import press, tab_to
from tracker.models import TrackerRow

PageAs = Callable[..., Page]


def demo(role: Role) -> User:
    """The person of this role in Bolsover."""
    return User.objects.get(email=demo_email(role, "Bolsover"))


def test_what_a_team_takes_away_and_what_leaves_without_names(
    council: None, page_as: PageAs, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.EMAIL_HOST = "mail.example"
    team = Team.objects.get(name="Bolsover Team 2")
    rows = TrackerRow.objects.open().filter(team=team).with_all().exclude(action="").exclude(owner="")
    # Initials that are on the keyboard: a list is searched by keys.
    row = next(row for row in rows if row.owner.isascii())
    page = page_as(demo(Role.TEAM_MANAGER))

    # A cell edited twice shows once, as it stood at the last meeting and as it stands.
    open_tracker(page, team)
    for text in ("Ring the school", "Meet the school nurse"):
        type_over(page, row, "action", text)
        is_saved(page)
    page.keyboard.press("Escape")  # Tab goes on from cell to cell otherwise
    press(page.get_by_role("link", name="Summary", exact=True))
    tab_to(page, "What has changed since the last meeting")
    page.keyboard.press("Enter")
    changed = page.locator(f'tbody[data-row="{row.pk}"]')
    expect(changed).to_contain_text("Meet the school nurse")
    expect(changed).to_contain_text("2 times")
    expect(changed).not_to_contain_text("Ring the school")

    # The actions of one owner on paper: no names, who printed it, and its entry in the log.
    press(page.get_by_role("link", name="Tracker", exact=True))
    press(page.get_by_role("link", name="Sheets", exact=True))
    tab_to(page, "Sheet (needed)")
    page.keyboard.type(row.owner)
    tab_to(page, "Show the sheet")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Actions of {row.owner}")).to_be_visible()
    expect(page.get_by_role("cell", name="Meet the school nurse")).to_be_visible()
    expect(page.get_by_text(row.person)).to_have_count(0)
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT, team_id=team.pk).count() == 1

    # Dates in one's own calendar, by PIN.
    tab_to(page, demo(Role.TEAM_MANAGER).name)
    page.keyboard.press("Enter")
    tab_to(page, "Make an address")
    page.keyboard.press("Enter")
    address = page.get_by_label("Your address, shown this once").input_value()
    dates = page.request.get(f"/calendar/{address.rsplit('/', 1)[1]}").text()
    assert (row.pin in dates, row.person in dates) == (True, False)

    # A mail with counts and links, and nobody in it; one press out of it ends it.
    tab_to(page, "None")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You will get the mail.")).to_be_visible()
    call_command("send_digests")
    (mail,) = mailoutbox
    text = str(mail.body)
    assert [str(team) in text, row.person in text, row.pin in text] == [True, False, False]
    page.goto(urlsplit(mail.extra_headers["List-Unsubscribe"].strip("<>")).path)
    tab_to(page, "End this mail")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No mail comes to you any more.")).to_be_visible()
    assert not Digest.objects.exists()

    # The officer opens figures to Power BI: a line for each team, and nobody in it.
    officer = page_as(demo(Role.PERFORMANCE_OFFICER))
    officer.goto("/people/")
    press(officer.get_by_role("link", name="Power BI", exact=True))
    tab_to(officer, "Make addresses")
    officer.keyboard.press("Enter")
    address = officer.get_by_label("CSV").input_value()
    figures = officer.request.get(f"/figures/{address.rsplit('/', 1)[1]}").text()
    assert [str(team) in figures, row.person in figures, row.pin in figures] == [True, False, False]
