"""The head of service before a performance meeting, end to end and by keyboard."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from summary.models import CheckIn
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tracker.choices import Stage
from tracker.models import Answer, TrackerRow

PageAs = Callable[..., Page]
ONE_PAGE = re.compile(rb"/Type\s*/Page[^s]")


def fill(world: World) -> TrackerRow:
    """Two teams with cases in every stage; the one that waits for an answer."""
    today = timezone.localdate()
    for team in (world.team, world.neighbour):
        for number in range(12):
            stage = (Stage.UNDERWAY, Stage.IDENTIFIED, Stage.DECIDED)[number % 3]
            due = today + timedelta(days=number - 3)
            make_row(
                team=team, by=world.officer, pin=f"{team.pk}{number:05}", stage=stage, needed=a_need(number),
                action="Ring the school", by_when=due, next_meeting=due, expected_month=due.replace(day=1),
            )  # fmt: skip
    return make_row(
        team=world.neighbour,
        by=world.officer,
        person="Tess Sample",
        stage=Stage.DECIDED,
        difficulty=a_difficulty(),
    )


def press(link: Locator) -> None:
    """As somebody does who has tabbed there."""
    link.focus()
    link.page.keyboard.press("Enter")


def test_what_will_close_where_is_it_stuck_and_what_do_you_need_from_me(
    world: World, page_as: PageAs
) -> None:
    row = fill(world)
    page = page_as(world.head)

    # From the number to its rows.
    page.goto(f"/localities/{world.amber.pk}/summary/")
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
    page.get_by_label("Your answer").focus()
    page.keyboard.type("I ring the early help manager today.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article").get_by_text("I ring the early help manager today.")).to_be_visible()
    assert Answer.objects.get().row == row
    reader = page_as(world.coordinator)
    reader.goto(f"/teams/{world.neighbour.pk}/")
    expect(reader.locator(f'[data-row="{row.pk}"] [data-field="difficulty"]')).to_contain_text("answered")
    reader.goto(f"/rows/{row.pk}/")
    expect(reader.get_by_text("I ring the early help manager today.")).to_be_visible()

    # The check-in, kept with a note.
    press(page.get_by_role("link", name="Back to the summary"))
    press(page.get_by_role("link", name="Check-in", exact=True))
    page.get_by_label("Notes").focus()
    page.keyboard.type("Early help has no lead until May.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The check-in is kept.")).to_be_visible()
    assert CheckIn.objects.get().note == "Early help has no lead until May."

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
    head.get_by_label("Your answer").fill("Soon")
    press(head.get_by_role("button", name="Save the answer"))

    mark = reader.locator(f'[data-row="{row.pk}"] [data-field="difficulty"] .answer-mark')
    expect(mark).to_contain_text("answered")
