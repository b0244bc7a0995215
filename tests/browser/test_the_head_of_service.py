"""The head of service before a performance meeting, end to end and by keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.demo import demo_email
from accounts.models import Locality, User
from accounts.roles import Role
from summary.models import CheckIn
from summary.queries import waiting_first
from tests.browser.keyboard import press, tab_on_to
from tests.conftest import World
from tests.factories import a_difficulty, make_row
from tracker.models import Answer, TrackerRow

PageAs = Callable[..., Page]
ONE_PAGE = re.compile(rb"/Type\s*/Page[^s]")


def demo(role: Role) -> User:
    """The person of this role in Bolsover."""
    return User.objects.get(email=demo_email(role, "Bolsover"))


def test_what_will_close_where_is_it_stuck_and_what_do_you_need_from_me(
    council: None, page_as: PageAs
) -> None:
    """K16, at the end: a check-in is one sheet of paper."""
    place = Locality.objects.get(name="Bolsover")
    row = waiting_first(TrackerRow.objects.filter(team__locality=place))[0]
    page = page_as(demo(Role.HEAD_OF_SERVICE))

    # What has moved since the last check-in, and from a number to its rows.
    page.goto(f"/localities/{place.pk}/summary/")
    expect(page.get_by_role("region", name="With the change since the check-in of")).to_be_visible()
    table = page.get_by_role("table", name="What moves and what waits, by team")
    number = table.get_by_role("row", name=re.compile("^Together")).get_by_role("link").nth(4)
    told = number.inner_text()
    press(number)
    expect(page.locator("[data-shown]")).to_have_attribute("data-shown", told)
    expect(page.locator("tr[data-row]")).to_have_count(int(told))

    # What will close, and how good expectations were.
    press(page.get_by_role("link", name="Back to the summary"))
    press(page.get_by_role("link", name="Expected closures"))
    expect(page.locator("tr[data-row]")).to_have_count(int(told))
    expect(page.get_by_role("table", name="Month by month")).to_be_visible()

    # An answer, which the team reads in its row.
    press(page.get_by_role("link", name="Back to the summary"))
    press(page.get_by_role("link", name="Difficulties to answer"))
    tab_on_to(page.get_by_label("Your answer").first)
    page.keyboard.type("I ring the early help manager today.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article").get_by_text("I ring the early help manager today.")).to_be_visible()
    assert Answer.objects.latest("at").row == row
    reader = page_as(demo(Role.TEAM_COORDINATOR))
    reader.goto(f"/teams/{row.team_id}/")
    expect(reader.locator(f'[data-row="{row.pk}"] [data-field="difficulty"]')).to_contain_text("answered")
    reader.goto(f"/rows/{row.pk}/")
    expect(reader.get_by_text("I ring the early help manager today.")).to_be_visible()

    # The check-in, kept with a note.
    press(page.get_by_role("link", name="Back to the summary"))
    press(page.get_by_role("link", name="Check-in", exact=True))
    tab_on_to(page.get_by_label("Notes"))
    page.keyboard.type("Early help has no lead until May.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The check-in is kept.")).to_be_visible()
    assert CheckIn.objects.filter(locality=place).latest("at").note == "Early help has no lead until May."

    # On paper it is one sheet.
    press(page.get_by_role("link", name="Today's check-in"))
    expect(page.get_by_text("Early help has no lead until May.")).to_be_visible()
    assert len(ONE_PAGE.findall(page.pdf(prefer_css_page_size=True))) == 1


def test_an_answer_reaches_an_open_tracker_by_itself(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, by=world.officer, difficulty=a_difficulty())
    reader, head = page_as(world.coordinator), page_as(world.head)
    reader.goto(f"/teams/{world.team.pk}/")
    expect(reader.locator("[data-connection]")).to_have_attribute("data-connection", "live")

    head.goto(f"/rows/{row.pk}/answer/")
    tab_on_to(head.get_by_label("Your answer"))
    head.keyboard.type("Soon")
    press(head.get_by_role("button", name="Save the answer"))

    mark = reader.locator(f'[data-row="{row.pk}"] [data-field="difficulty"] .answer-mark')
    expect(mark).to_contain_text("answered")
