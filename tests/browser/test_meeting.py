"""The meeting, as a team round one screen plays it: by keys alone, with others on the tracker."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Team, User
from tests.browser.accessibility import findings
from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.browser.keyboard import Keyboard, press, tab_to
from tests.conftest import World
from tests.factories import a_need, make_row
from tests.figures import measured
from tracker.agenda import Step, steps_of
from tracker.changes.families import pick_siblings
from tracker.changes.meetings import Room, start_meeting
from tracker.choices import LastAction, Result, Stage
from tracker.models import Change, Meeting, MeetingItem, TrackerRow

PageAs = Callable[..., Page]
MOST_KEYS = 40
BLANK_WITHIN = 200  # milliseconds
TODAY = timezone.localdate()
NEXT_MEETING = TODAY + timedelta(weeks=1)


def open_meeting(page: Page, team: Team) -> Page:
    """The walk of the running meeting with its script at work."""
    page.goto(f"/teams/{team.pk}/meeting/")
    page.locator("meeting-walk[data-ready]").wait_for()
    return page


def in_hand(page: Page, row: TrackerRow) -> None:
    """Waits until the page shows this case, with the server's words about it."""
    expect(page.locator(f'[data-part=head][data-rows="{row.pk}"]')).to_be_visible()
    expect(page.locator(f'tr[data-row="{row.pk}"]')).to_be_visible()


def walked_to(page: Page, step: Step) -> None:
    """Waits until the page shows this step, of one case or of siblings."""
    rows = ",".join(str(item.row_id) for item in step.items)
    expect(page.locator(f'[data-part=head][data-rows="{rows}"]')).to_be_visible()


def item_of(row: TrackerRow) -> MeetingItem:
    """What the meeting has noted of the case."""
    return MeetingItem.objects.get(row=row)


@pytest.fixture
def rows(world: World) -> list[TrackerRow]:
    """Three cases, the longest overdue first."""
    return [
        make_row(
            team=world.team,
            by=world.officer,
            pin=f"00000{n}",
            person=f"{name} Test",
            stage="underway",
            needed=a_need(),
            action="Ring school",
            owner="JB",
            by_when=TODAY - timedelta(days=10 - n),
        )
        for n, name in enumerate(("Ada", "Ben", "Cora"), start=1)
    ]


@pytest.fixture
def page(world: World, rows: list[TrackerRow], page_as: PageAs) -> Page:
    """The manager's page, in the meeting that has just begun."""
    start_meeting(team=world.team, by=world.manager, room=Room(leader="AN"))
    return open_meeting(page_as(world.manager), world.team)


def test_a_whole_case_takes_few_keys(page: Page, rows: list[TrackerRow]) -> None:
    """K2, job 2: stage, needed, action, owner, by when, update, and on to the next row."""
    first, second, _ = rows
    keys = Keyboard(page)
    in_hand(page, first)

    keys.press("y")
    expect(cell(page, first, "action").get_by_role("textbox")).to_be_focused()
    keys.type("Meet the school nurse")
    keys.press("Enter")
    expect(cell(page, first, "owner").get_by_role("combobox")).to_be_focused()
    keys.press("Control+a")
    keys.type("AN")
    keys.press("Enter")
    expect(page.locator("[data-dates] [data-key=N]")).to_be_focused()
    keys.press("n", "3", "w", "ArrowDown", "Enter", "u", "Control+End")
    keys.type("; school told")
    keys.press("Enter", "v", "ArrowDown", "Enter", "d")

    in_hand(page, second)
    is_saved(page)
    measured("K2 keys beside typed text, job 2, a row of the meeting", keys.pressed)
    assert keys.pressed <= MOST_KEYS
    assert stored(first, "action", "owner", "by_when", "stage", "needed", "update") == [
        "Meet the school nurse",
        "AN",
        NEXT_MEETING.isoformat(),
        "identified",
        str(a_need(1).pk),
        "Last action completed; school told",
    ]
    expect(page.locator(f'[data-step="{first.pk}"] .agenda__result')).to_have_text("Discussed")
    assert (item_of(first).result, item_of(first).last_action) == (Result.DISCUSSED, LastAction.DONE)
    assert set(
        Change.objects.filter(row=first, field="action").values_list("meeting__leader", flat=True)
    ) == {"AN"}


def test_an_extended_date_says_so_and_says_when_it_has_moved_twice(
    page: Page, rows: list[TrackerRow]
) -> None:
    first = rows[0]
    in_hand(page, first)

    page.keyboard.press("e")
    page.keyboard.press("n")
    is_saved(page)
    day = NEXT_MEETING + timedelta(weeks=1)
    expect(page.locator('[data-dates] [data-key="+"]')).to_contain_text(f"{day:%d/%m}")
    page.keyboard.press("e")
    page.keyboard.press("+")
    is_saved(page)

    expect(page.get_by_text("The date has moved twice")).to_be_visible()
    assert stored(first, "by_when", "update") == [day.isoformat(), f"Date extended to {day:%d/%m/%y}"]
    assert item_of(first).last_action == LastAction.EXTENDED


def test_a_date_that_is_typed_ends_what_was_extended(page: Page, rows: list[TrackerRow]) -> None:
    first = rows[0]
    in_hand(page, first)

    page.keyboard.press("e")
    page.keyboard.press("o")
    expect(cell(page, first, "by_when").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.press("n")
    is_saved(page)

    assert stored(first, "by_when", "update") == [NEXT_MEETING.isoformat(), "Date extended"]


def test_the_last_result_is_answered_by_that_it_was_the_last(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    start_meeting(team=world.team, by=world.manager)
    page = open_meeting(page_as(world.manager), world.team)
    in_hand(page, row)

    page.keyboard.press("s")

    expect(page.locator("[data-walk-said]")).to_have_text("Every case has its result.")


def test_parts_that_come_anew_leave_the_focus_on_the_date(page: Page, rows: list[TrackerRow]) -> None:
    in_hand(page, rows[0])
    page.keyboard.press("t")

    # The words around the case come anew whenever anybody writes into it.
    for _ in range(2):
        page.evaluate("""async () => {
          const { parts } = document.querySelector("meeting-walk");
          parts.drawn.clear();
          await parts.fetch();
        }""")

    expect(page.locator("[data-dates] [data-key=N]")).to_be_focused()


def test_an_idea_becomes_the_action_by_one_press(page: Page, rows: list[TrackerRow]) -> None:
    in_hand(page, rows[0])
    idea = page.locator("[data-idea]").first
    expect(idea).to_be_visible()
    text = idea.inner_text()

    page.keyboard.press("i")
    page.keyboard.press("Enter")

    is_saved(page)
    assert stored(rows[0], "action") == [text]
    expect(cell(page, rows[0], "owner").get_by_role("combobox")).to_be_focused()


def test_closing_by_key_asks_the_outcome_and_the_case_leaves(page: Page, rows: list[TrackerRow]) -> None:
    in_hand(page, rows[0])

    page.keyboard.press("5")
    outcome = page.get_by_role("dialog", name="How did the case of Ada Test end?").get_by_role("combobox")
    expect(outcome).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    is_saved(page)
    expect(page.locator(f'[data-step="{rows[0].pk}"] .agenda__why')).to_have_text("Closed")
    assert TrackerRow.objects.get(pk=rows[0].pk).state == "closed"
    assert Change.objects.get(row=rows[0], kind="close").meeting is not None


def test_the_screen_blanks_at_once_and_comes_back_by_any_key(page: Page, rows: list[TrackerRow]) -> None:
    in_hand(page, rows[0])
    page.evaluate(
        """() => addEventListener("keydown", () => {
            const began = performance.now();
            const painted = () => { window.took = performance.now() - began; };
            requestAnimationFrame(() => requestAnimationFrame(painted));
        }, { capture: true })"""
    )

    page.keyboard.press("b")

    expect(page.get_by_role("dialog", name="The screen is blank")).to_be_visible()
    page.wait_for_function("window.took > 0")
    assert page.evaluate("window.took") < BLANK_WITHIN
    seen = page.evaluate(
        "document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('[data-blank]') !== null"
    )
    assert seen
    page.keyboard.press("k")
    expect(page.get_by_role("dialog", name="The screen is blank")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    in_hand(page, rows[1])


def test_single_letter_keys_can_be_turned_off(page: Page, rows: list[TrackerRow]) -> None:
    in_hand(page, rows[0])
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys of the meeting").get_by_label("Single-letter keys work").uncheck()
    page.keyboard.press("Escape")

    page.keyboard.press("d")
    page.keyboard.press("ArrowRight")

    in_hand(page, rows[1])
    assert item_of(rows[0]).result == ""


def test_siblings_walk_as_one_step_and_one_undo_takes_the_action_back(
    world: World, rows: list[TrackerRow], page_as: PageAs
) -> None:
    ada, ben, _ = rows
    pick_siblings(team=world.team, cases=[ada.case, ben.case], by=world.manager)
    start_meeting(team=world.team, by=world.manager)
    page = open_meeting(page_as(world.manager), world.team)
    expect(page.get_by_role("heading", name="Ada Test 000001 and Ben Test 000002")).to_be_visible()

    page.keyboard.press("a")
    page.keyboard.press("Control+a")
    page.keyboard.type("Visit both")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    is_saved(page)
    expect(cell(page, ben, "action")).to_have_text("Visit both")

    assert [stored(row, "action") for row in (ada, ben)] == [["Visit both"], ["Visit both"]]
    page.keyboard.press("Control+z")
    expect(cell(page, ada, "action")).to_have_text("Ring school")
    expect(cell(page, ben, "action")).to_have_text("Ring school")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator(f'[data-step="{ada.pk},{ben.pk}"] .agenda__result')).to_have_text("Parked")


def test_siblings_take_the_text_also_where_the_answer_is_faster_than_the_stream(
    world: World, rows: list[TrackerRow], page_as: PageAs
) -> None:
    ada, ben, _ = rows
    pick_siblings(team=world.team, cases=[ada.case, ben.case], by=world.manager)
    start_meeting(team=world.team, by=world.manager)
    page = open_meeting(page_as(world.manager), world.team)
    expect(page.get_by_role("heading", name="Ada Test 000001 and Ben Test 000002")).to_be_visible()
    page.evaluate("""() => {
      const { follow } = document.querySelector("tracker-grid");
      const [news, done] = [follow.news.bind(follow), follow.done.bind(follow)];
      const answered = new Promise((resolve) => {
        follow.done = async (...facts) => { await done(...facts); resolve(); };
      });
      follow.news = async (changes) => { await answered; await news(changes); };
    }""")

    page.keyboard.press("a")
    page.keyboard.press("Control+a")
    page.keyboard.type("Visit both")
    page.keyboard.press("Enter")

    expect(cell(page, ben, "action")).to_have_text("Visit both")


def test_others_see_the_meeting_and_a_conflict_shows_on_the_screen(
    world: World, page: Page, rows: list[TrackerRow], page_as: PageAs
) -> None:
    first = rows[0]
    in_hand(page, first)
    theirs = open_tracker(page_as(world.supervisor), world.team)
    page.keyboard.press("a")
    page.keyboard.press("Control+a")
    page.keyboard.type("Ours")

    type_over(theirs, first, "action", "Theirs")
    is_saved(theirs)
    page.keyboard.press("Enter")

    panel = page.get_by_role("alertdialog", name="This changed while you were typing")
    expect(panel).to_contain_text("Theirs")
    expect(panel).to_contain_text("You: Ours")
    panel.get_by_role("button", name="Use mine instead").click()
    is_saved(page)
    expect(cell(theirs, first, "action")).to_have_text("Ours")


def test_a_result_reaches_a_second_screen_by_the_stream(
    world: World, page: Page, rows: list[TrackerRow], page_as: PageAs
) -> None:
    second = page_as(world.supervisor)
    # Without the look that a screen takes now and then by itself.
    second.add_init_script(
        "const every = setInterval; setInterval = (act, time) => (time < 20000 ? every(act, time) : 0);"
    )
    open_meeting(second, world.team)
    expect(second.locator("[data-connection]")).to_have_attribute("data-connection", "live")
    in_hand(page, rows[0])

    page.keyboard.press("p")

    expect(second.locator(f'[data-step="{rows[0].pk}"] .agenda__result')).to_have_text("Parked")


def test_a_result_that_is_on_its_way_stays_on_a_list_that_comes_before_it(
    page: Page, rows: list[TrackerRow]
) -> None:
    page.route("**/meeting/rows/*/", lambda route: route.abort())
    in_hand(page, rows[0])

    page.keyboard.press("s")
    in_hand(page, rows[1])

    expect(page.locator(f'[data-step="{rows[0].pk}"] .agenda__result')).to_have_text("Skipped")


def test_nothing_is_lost_without_a_connection_and_a_reload_comes_back_to_the_case(
    page: Page, rows: list[TrackerRow]
) -> None:
    in_hand(page, rows[0])
    page.keyboard.press("d")
    in_hand(page, rows[1])
    context: BrowserContext = page.context
    context.set_offline(True)

    page.keyboard.press("a")
    page.keyboard.press("Control+a")
    page.keyboard.type("Typed offline")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Cora Test")).to_be_visible()
    context.set_offline(False)

    is_saved(page)
    expect(page.locator(f'[data-part=head][data-rows="{rows[2].pk}"]')).to_be_visible()
    assert stored(rows[1], "action") == ["Typed offline"]
    page.wait_for_function("Object.keys(sessionStorage).every((key) => !key.startsWith('icm-marks'))")
    assert item_of(rows[1]).result == Result.SKIPPED
    page.reload()
    in_hand(page, rows[2])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_walk_has_no_faults(world: World, rows: list[TrackerRow], page_as: PageAs, scheme: str) -> None:
    start_meeting(team=world.team, by=world.manager)
    page = open_meeting(page_as(world.manager, color_scheme=scheme), world.team)
    expect(page.locator("[data-idea]").first).to_be_visible()

    assert findings(page) == []
    page.keyboard.press("?")
    assert findings(page) == []


def test_the_meeting_works_without_script(world: World, rows: list[TrackerRow], page_as: PageAs) -> None:
    page = page_as(world.manager, java_script_enabled=False)
    page.goto(f"/teams/{world.team.pk}/meeting/")
    page.get_by_label("Who leads").fill("AN")
    page.get_by_role("button", name="Start meeting").click()
    page.get_by_role("link", name="Write in the case of Ada Test").click()
    page.get_by_label("Action", exact=True).fill("By form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved Ada Test.")).to_be_visible()
    page.get_by_role("button", name="Discussed").click()
    expect(page.get_by_role("heading", name="Ben Test 000002")).to_be_visible()
    page.get_by_role("button", name="Park").click()
    expect(page.get_by_role("heading", name="Cora Test 000003")).to_be_visible()

    assert stored(rows[0], "action") == ["By form"]
    assert Change.objects.get(row=rows[0], field="action").meeting == Meeting.objects.get()
    assert [item_of(row).result for row in rows] == [Result.DISCUSSED, Result.PARKED, ""]


def test_the_scene_on_the_demonstration_council(council: None, page_as: PageAs) -> None:
    """Begun from the tracker, three steps gone through by keys, ended, and what was decided can be read."""
    manager = User.objects.get(email="team_manager.amber-valley@demo.example")
    team = Team.objects.get(name="Amber Valley Team 4")
    page = page_as(manager, viewport={"width": 1920, "height": 1080})
    open_tracker(page, team)
    press(page.get_by_role("link", name="Start meeting"))
    tab_to(page, "Who leads")
    page.keyboard.type("AN")
    page.keyboard.press("Tab")
    page.keyboard.type("AN, JB")
    press(page.get_by_role("button", name="Start meeting"))
    page.locator("meeting-walk[data-ready]").wait_for()
    meeting = Meeting.objects.get(team=team, ended_at=None)
    steps = steps_of(meeting.items.select_related("row__case"))[:4]
    first, second, third, fourth = (step.first.row for step in steps)
    stage, key = (("Decided to close", "4"), ("Intervention underway", "2"))[second.stage == Stage.DECIDED]

    walked_to(page, steps[0])
    for one in ("y", "new action", "Enter", "Control+a", "ZZ", "Enter", "f", "d"):
        (page.keyboard.type if len(one) == 2 or " " in one else page.keyboard.press)(one)
    walked_to(page, steps[1])
    for pressed in (key, "p"):
        page.keyboard.press(pressed)
    walked_to(page, steps[2])
    page.keyboard.press("s")
    walked_to(page, steps[3])
    is_saved(page)
    press(page.get_by_role("button", name="End meeting"))
    expect(page.get_by_role("button", name="End the meeting")).to_be_visible()
    press(page.get_by_role("button", name="End the meeting"))

    expect(page.get_by_role("heading", name="What we decided")).to_be_visible()
    actions = page.get_by_role("table", name="Actions of ZZ")
    expect(actions).to_contain_text(first.person)
    expect(actions).to_contain_text("new action")
    expect(page.get_by_role("region", name="Stages that moved")).to_contain_text(stage)
    expect(page.get_by_role("region", name="Parked")).to_contain_text(second.person)
    expect(page.get_by_role("region", name="Not reached")).to_contain_text(fourth.person)
    expect(page.get_by_role("region", name="Not reached")).not_to_contain_text(third.person)
    mail = page.get_by_role("link", name="Mail the counts").get_attribute("href") or ""
    assert first.person.split()[0] not in mail
    assert "Not%20reached%3A%20" in mail
