"""The stream in the browser: seen at once, one for all tabs, and what is left when it is cut."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from accounts.changes.people import end_membership
from accounts.models import Membership, User
from tests.browser.grid import cell, is_saved, open_tracker, stored, type_over
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.choices import Stage
from tracker.live.reader import READER, Reader
from tracker.models import Change, TrackerRow

PageAs = Callable[..., Page]
CARET = """() => {
  const box = document.activeElement;
  return [box.value, box.selectionStart, box.getBoundingClientRect().top, scrollY];
}"""


def saved_by(person: User, row: TrackerRow, field: str, value: Any) -> None:
    """What another person's page does."""
    row = TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)
    edit_cell(row=row, field=field, new=cleaned(field, value), base=row.rev(field), by=person)


def is_live(page: Page) -> None:
    """Waits until the page hears the stream."""
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "live")


def live_tracker(page: Page, world: World) -> Page:
    """The tracker, with the stream open."""
    open_tracker(page, world.team)
    is_live(page)
    return page


def cannot_ask(page: Page) -> None:
    """From here on this page knows of others' changes by the stream or not at all."""
    page.route("**/changes/**", lambda route: route.abort())


def cannot_ask_for_rows(page: Page) -> None:
    """From here on rows come to this page with their change or not at all."""
    page.route("**/rows/?ids=**", lambda route: route.abort())


def cut_streams() -> None:
    """Ends every open stream, as a line that breaks does."""
    for stream in tuple(READER._streams):
        assert stream.loop
        stream.loop.call_soon_threadsafe(stream.put, "")


def test_others_see_a_change_at_once_and_hear_who_made_it(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team, pin="000002")
    theirs = live_tracker(page_as(world.supervisor), world)
    mine = live_tracker(page_as(world.coordinator), world)
    cannot_ask(mine)
    cannot_ask_for_rows(mine)

    type_over(theirs, row, "action", "Ring the school")

    expect(cell(mine, row, "action")).to_have_text("Ring the school")
    who = world.supervisor.initials
    expect(mine.locator("[data-said]")).to_have_text(f"{who} changed Action of 000002")
    expect(cell(mine, row, "action")).to_have_attribute("data-changed", "")


def test_my_own_save_is_no_news_to_me(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    page = live_tracker(page_as(world.coordinator), world)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    type_over(page, row, "action", "Ring the school")

    is_saved(page)
    saved_by(world.supervisor, row, "owner", "AN")
    expect(cell(page, row, "owner")).to_have_text("AN")
    assert sum("/rows/?ids=" in url for url in asked) == 0
    expect(cell(page, row, "action")).not_to_have_attribute("data-changed", "")


def test_a_case_that_another_adds_is_asked_for_once_and_comes_along_from_then_on(
    world: World, page_as: PageAs
) -> None:
    page = live_tracker(page_as(world.coordinator), world)
    with page.expect_response("**/rows/?ids=**"):
        row = make_row(team=world.team, by=world.supervisor)
    expect(cell(page, row, "person")).to_be_visible()

    cannot_ask_for_rows(page)
    saved_by(world.supervisor, row, "action", "Ring the school")

    expect(cell(page, row, "action")).to_have_text("Ring the school")


def test_4_10_07_without_a_stream_the_page_asks_and_comes_back_to_it(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    page = page_as(world.coordinator)
    page.route("**/live/**", lambda route: route.abort())
    open_tracker(page, world.team)

    saved_by(world.supervisor, row, "action", "By asking")

    expect(cell(page, row, "action")).to_have_text("By asking")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "polling")
    page.unroute("**/live/**")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "live")
    cannot_ask(page)
    saved_by(world.supervisor, row, "action", "By the stream")
    expect(cell(page, row, "action")).to_have_text("By the stream")


def test_a_stream_that_falls_silent_is_not_trusted(
    world: World, page_as: PageAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team)
    page = live_tracker(page_as(world.coordinator), world)

    monkeypatch.setattr(Reader, "_round", lambda reader, heard: None)
    saved_by(world.supervisor, row, "action", "By asking")

    expect(cell(page, row, "action")).to_have_text("By asking")
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "polling")
    monkeypatch.undo()
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "live")


def test_a_stream_that_is_cut_and_comes_back_leaves_what_somebody_types_in_a_cell_that_another_saved(
    world: World, page_as: PageAs
) -> None:
    """F10 of docs/faults.md: what it cannot see without a browser."""
    row = make_row(team=world.team, action="One")
    page = live_tracker(page_as(world.coordinator), world)
    cell(page, row, "action").focus()
    page.keyboard.type("Mine")
    typed = page.evaluate(CARET)[:2]

    page.route("**/live/**", lambda route: route.abort())
    cut_streams()
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "polling")
    saved_by(world.supervisor, row, "action", "Theirs")
    saved_by(world.supervisor, row, "owner", "AN")
    expect(cell(page, row, "owner")).to_have_text("AN")
    assert page.evaluate(CARET)[:2] == typed == ["Mine", 4]

    page.unroute("**/live/**")
    is_live(page)
    cannot_ask(page)
    saved_by(world.supervisor, row, "action", "Theirs again")
    saved_by(world.supervisor, row, "owner", "BO")
    expect(cell(page, row, "owner")).to_have_text("BO")
    assert page.evaluate(CARET)[:2] == typed
    assert stored(row, "action") == ["Theirs again"]


def test_a_page_without_a_connection_says_so_and_catches_up(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    page = live_tracker(page_as(world.manager), world)
    names = ("Import", "Export", "Dashboard list", "Start meeting")
    links = [page.get_by_role("link", name=name, exact=True) for name in names]

    page.context.set_offline(True)
    expect(page.locator("[data-connection]")).to_have_attribute("data-connection", "offline")
    saved_by(world.supervisor, row, "action", "In the tunnel")
    for link in links:
        expect(link).to_be_disabled()
        expect(link).to_have_accessible_description(re.compile("wait for the connection"))
        link.dispatch_event("click")
    expect(page.get_by_text("wait for the connection")).to_be_visible()
    expect(page.get_by_role("link", name="Closed", exact=True)).to_be_enabled()
    page.context.set_offline(False)

    expect(cell(page, row, "action")).to_have_text("In the tunnel")
    is_live(page)
    for link in links:
        expect(link).to_be_enabled()
    expect(page.get_by_text("wait for the connection")).to_be_hidden()


def test_4_10_16_seven_tabs_of_a_browser_share_a_stream_and_are_live(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    first = page_as(world.coordinator)
    opened: list[Request] = []
    first.context.on("request", lambda one: opened.append(one) if "/live/" in one.url else None)
    tabs = [first, *(first.context.new_page() for _ in range(6))]
    for tab in tabs:
        live_tracker(tab, world)
        cannot_ask(tab)

    saved_by(world.supervisor, row, "action", "Seen by all seven")

    for tab in tabs:
        expect(cell(tab, row, "action")).to_have_text("Seen by all seven")
    assert {one.frame.page for one in opened} == {first}


def test_when_the_tab_that_reads_closes_another_one_does(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    first = live_tracker(page_as(world.coordinator), world)
    second = live_tracker(first.context.new_page(), world)

    with second.expect_request("**/live/**"):
        first.close()
    saved_by(world.supervisor, row, "action", "Still seen")

    expect(cell(second, row, "action")).to_have_text("Still seen")
    is_live(second)


def test_tabs_of_two_teams_hear_each_its_own(world: World, page_as: PageAs) -> None:
    here, there = make_row(team=world.team), make_row(team=world.foreign)
    first = live_tracker(page_as(world.officer), world)
    second = open_tracker(first.context.new_page(), world.foreign)
    is_live(second)
    for page in (first, second):
        cannot_ask(page)

    saved_by(world.officer, here, "action", "In Amber")
    saved_by(world.officer, there, "action", "In Bolsover")

    expect(cell(first, here, "action")).to_have_text("In Amber")
    expect(cell(second, there, "action")).to_have_text("In Bolsover")
    for page in (first, second):
        cannot_ask_for_rows(page)
    saved_by(world.officer, here, "action", "Brought to Amber")
    saved_by(world.officer, there, "action", "Brought to Bolsover")
    expect(cell(first, here, "action")).to_have_text("Brought to Amber")
    expect(cell(second, there, "action")).to_have_text("Brought to Bolsover")


def test_4_10_10_access_that_ends_while_somebody_types_leaves_the_text_and_no_stream(
    world: World, page_as: PageAs
) -> None:
    row = make_row(team=world.team)
    page = live_tracker(page_as(world.coordinator), world)
    cell(page, row, "action").focus()
    page.keyboard.type("Ring the school")

    end_membership(membership=Membership.objects.get(person=world.coordinator), by=None)

    expect(page.locator("[data-notice=ended]")).to_be_visible(timeout=10_000)
    expect(cell(page, row, "action").get_by_role("textbox")).to_have_value("Ring the school")
    page.keyboard.press("Enter")
    assert stored(row, "action") == [""]
    answer = page.request.get(f"/teams/{world.team.pk}/")
    assert answer.status == 404
    assert page.request.get(f"/live/?teams={world.team.pk}").status == 404


def test_4_10_14_five_changes_a_second_cost_the_typist_no_key_and_move_no_caret(
    world: World, page_as: PageAs
) -> None:
    rows = [make_row(team=world.team) for _ in range(30)]
    page = live_tracker(page_as(world.coordinator), world)
    mine = rows[15]
    cell(page, mine, "action").focus()
    page.keyboard.press("Enter")
    before = page.evaluate(CARET)[2:]
    typed = ""

    for number, key in zip(range(25), "the quick brown fox jumps over it", strict=False):
        saved_by(world.supervisor, rows[number], "update", f"Changed {number}")
        saved_by(world.supervisor, mine, "owner", f"A{number}")
        page.keyboard.type(key, delay=200)
        typed += key
        assert page.evaluate(CARET) == [typed, len(typed), *before]

    expect(cell(page, rows[24], "update")).to_have_text("Changed 24")
    page.keyboard.press("Enter")
    is_saved(page)
    assert stored(mine, "action", "owner") == [typed.strip(), "A24"]


def test_4_10_05_an_answer_that_is_lost_after_the_save_makes_one_line_of_history(
    world: World, page_as: PageAs
) -> None:
    row = make_row(team=world.team)
    page = live_tracker(page_as(world.coordinator), world)
    numbers = count()

    def lose_the_first(route: Route) -> None:
        if next(numbers) == 0:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/cell/", lose_the_first)
    type_over(page, row, "action", "Ring the school")

    is_saved(page)
    assert next(numbers) == 2
    assert Change.objects.filter(row=row, field="action").count() == 1
    expect(cell(page, row, "action")).to_have_text("Ring the school")


def test_4_10_01_two_browsers_write_two_cells_of_one_row_and_both_stay(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    one = live_tracker(page_as(world.coordinator), world)
    other = live_tracker(page_as(world.supervisor), world)
    for page, field, text in ((one, "action", "Ring the school"), (other, "owner", "AN")):
        cell(page, row, field).focus()
        page.keyboard.type(text)

    one.keyboard.press("Enter")
    other.keyboard.press("Enter")

    for page in (one, other):
        expect(cell(page, row, "action")).to_have_text("Ring the school")
        expect(cell(page, row, "owner")).to_have_text("AN")
    assert stored(row, "action", "owner") == ["Ring the school", "AN"]


@pytest.mark.parametrize("place", ["teams", "localities"])
def test_the_summary_follows_a_change_of_its_place(world: World, page_as: PageAs, place: str) -> None:
    row = make_row(team=world.team)
    number = world.team.pk if place == "teams" else world.amber.pk
    page = page_as(world.head)
    with page.expect_response("**/live/**"):
        page.goto(f"/{place}/{number}/summary/")
    decided = page.locator(".summary-words a", has_text="1")
    expect(page.locator(".summary-words")).to_contain_text("0 decided")

    saved_by(world.supervisor, row, "stage", Stage.DECIDED)

    expect(page.locator(".summary-words")).to_contain_text("1 decided")
    assert decided.count() >= 1


def test_figures_whose_answer_got_lost_are_fetched_again(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    page = page_as(world.head)
    with page.expect_response("**/live/**"):
        page.goto(f"/teams/{world.team.pk}/summary/")
    page.route(f"**/teams/{world.team.pk}/summary/", lambda route: route.abort(), times=1)

    saved_by(world.supervisor, row, "stage", Stage.DECIDED)

    expect(page.locator(".summary-words")).to_contain_text("1 decided")


def test_a_number_that_has_the_focus_keeps_it_when_the_summary_follows(world: World, page_as: PageAs) -> None:
    row = make_row(team=world.team)
    page = page_as(world.head)
    with page.expect_response("**/live/**"):
        page.goto(f"/teams/{world.team.pk}/summary/")
    page.locator(".summary-words a").first.focus()

    saved_by(world.supervisor, row, "stage", Stage.DECIDED)

    expect(page.locator(".summary-words")).to_contain_text("1 decided")
    expect(page.locator(".summary-words a").first).to_be_focused()
