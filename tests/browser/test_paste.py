"""Copying and pasting in the tracker: what comes from Excel, what goes to it, what is asked before."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.grid import cell, copied, is_saved, open_tracker, paste, stored
from tests.browser.test_grid_with_others import saved_by
from tests.conftest import World
from tests.factories import a_need, make_row, make_rows
from tracker.choices import Stage
from tracker.models import Change, TrackerRow

PageAs = Callable[..., Page]
# As Excel writes it: styles, line breaks within the source, a date as it is shown.
FROM_EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<style><!-- td {mso-ignore:padding;} --></style></head><body><!--StartFragment-->
<table border=0 style='border-collapse:collapse'><tr height=20 style='height:15.0pt'>
  <td height=20 class=xl65 style='height:15.0pt'>AN</td>
  <td class=xl66 align=right>20/01/2027</td>
  <td class=xl67>Rang the
  school<br style='mso-data-placement:same-cell;'>
  No answer</td></tr></table><!--EndFragment--></body></html>"""


@pytest.fixture
def page(world: World, page_as: PageAs) -> Page:
    """A page of the coordinator, who may edit every cell."""
    return page_as(world.coordinator)


@pytest.fixture
def rows(world: World) -> list[TrackerRow]:
    """Five cases with PINs."""
    return [make_row(team=world.team, by=world.officer, pin=f"00010{number}") for number in range(5)]


def dialog(page: Page) -> Locator:
    """The preview."""
    return page.get_by_role("dialog")


def confirm(page: Page, button: str) -> None:
    """Presses a button of the preview that then closes."""
    dialog(page).get_by_role("button", name=button).click()
    expect(dialog(page)).to_have_count(0)


def written() -> int:
    """How many cells have been written."""
    return Change.objects.filter(kind="set").count()


def all_of(rows: list[TrackerRow], field: str) -> list[Any]:
    """One column as it is stored."""
    return [stored(row, field)[0] for row in rows]


def test_five_cells_of_a_column_change_exactly_five(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()

    paste(page, "AN\r\nBO\r\nCE\r\nDI\r\nEF\r\n")
    expect(dialog(page).get_by_role("status")).to_contain_text("5 cells to change")
    assert written() == 0
    confirm(page, "Paste 5 cells")

    assert all_of(rows, "owner") == ["AN", "BO", "CE", "DI", "EF"]
    assert written() == 5
    expect(cell(page, rows[0], "owner")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(cell(page, rows[4], "owner")).to_have_text("")
    assert all_of(rows, "owner") == [""] * 5


def test_esc_in_the_preview_changes_nothing_and_gives_the_focus_back(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()

    paste(page, "AN\nBO")
    expect(dialog(page).get_by_role("button", name="Paste 2 cells")).to_be_focused()
    page.keyboard.press("Escape")

    expect(dialog(page)).to_have_count(0)
    expect(cell(page, rows[0], "owner")).to_be_focused()
    assert written() == 0


def test_dates_are_read_day_first_one_is_refused_and_an_empty_one_is_asked_about(
    world: World, page: Page
) -> None:
    rows = make_rows(4, team=world.team, by_when=date(2026, 1, 1))
    open_tracker(page, world.team)
    cell(page, rows[0], "by_when").focus()

    paste(page, "5/5/2026\n05/06/26\n31/02/26\n\n")
    bad = dialog(page).locator("[data-problem]")
    expect(bad).to_have_count(2)
    expect(bad.first).to_contain_text("31/02/26")
    dialog(page).get_by_label("Also empty 1 filled cell").check()
    expect(bad).to_have_count(1)
    dialog(page).get_by_role("button", name="Leave out 1 cell").click()
    confirm(page, "Paste 3 cells")

    assert all_of(rows, "by_when") == ["2026-05-05", "2026-06-05", "2026-01-01", ""]


def test_a_word_that_is_not_listed_is_refused_with_the_nearest_and_never_stored(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "stage").focus()

    paste(page, "Decided to clos\n intervention  UNDERWAY ")
    dialog(page).get_by_role("button", name="Use “Decided to close”").click()
    confirm(page, "Paste 2 cells")

    assert all_of(rows[:2], "stage") == [Stage.DECIDED, Stage.UNDERWAY]


def test_one_word_that_is_not_listed_is_asked_about_too_and_a_number_is_none(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "needed").focus()

    paste(page, str(a_need().pk))
    expect(dialog(page).locator("[data-problem=not-listed]")).to_have_count(1)
    page.keyboard.press("Escape")

    assert stored(rows[0], "needed") == [""]


def test_one_value_is_an_edit_like_any_other(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "needed").focus()

    paste(page, f"{a_need(1).label.upper()}\r\n")

    is_saved(page)
    assert stored(rows[0], "needed") == [str(a_need(1).pk)]
    expect(page.get_by_role("button", name="Undo: What is needed to progress, 000100")).to_be_enabled()


def test_a_table_from_excel_is_read_before_its_text(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    paste(page, "wrong\twrong\twrong", FROM_EXCEL)
    confirm(page, "Paste 3 cells")

    assert stored(rows[0], "owner", "by_when", "update") == [
        "AN",
        "2027-01-20",
        "Rang the school\nNo answer",
    ]
    assert said == []


def test_one_value_fills_the_whole_range_and_a_block_repeats_in_a_multiple(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")

    paste(page, "AN")
    confirm(page, "Paste 4 cells")
    assert all_of(rows, "owner") == ["AN", "AN", "AN", "AN", ""]
    paste(page, "KW\nBO")
    confirm(page, "Paste 4 cells")

    assert all_of(rows, "owner") == ["KW", "BO", "KW", "BO", ""]


def test_a_block_that_is_too_wide_is_refused_as_a_whole(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "next_meeting").focus()

    paste(page, "1/1/27\tAN")

    expect(page.locator('[data-notice="paste"]')).to_contain_text("2 columns wide")
    assert written() == 0


def test_rows_past_the_last_case_are_offered_as_new_cases(world: World, page: Page) -> None:
    row = make_row(team=world.team, person="Ed Test")
    open_tracker(page, world.team)
    cell(page, row, "person").focus()

    paste(page, "Ed Tested\tDecided to close\nBea Sample\tIntervention underway")
    dialog(page).get_by_label("Add 1 new case for what is past the last row").check()
    confirm(page, "Paste 4 cells")

    expect(page.locator("tbody tr[data-row]")).to_have_count(2)
    added = TrackerRow.objects.with_all().latest("pk")
    assert (added.person, added.stage) == ("Bea Sample", Stage.UNDERWAY)


def test_a_list_of_pins_and_dates_finds_its_cases(world: World, page: Page, rows: list[TrackerRow]) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "pin").focus()

    paste(page, "PIN\tDate of next CIN meeting\n103\t20/01/2027\n000101\t21/01/2027\n999999\t22/01/2027")
    expect(dialog(page).get_by_label("Find each case by its PIN")).to_be_checked()
    expect(dialog(page).locator("[data-problem=unknown-pin]")).to_have_count(1)
    dialog(page).get_by_role("button", name="Leave out 1 cell").click()
    confirm(page, "Paste 2 cells")

    assert all_of(rows, "next_meeting") == ["", "2027-01-21", "", "2027-01-20", ""]


def test_only_visible_rows_are_written_and_those_between_are_named(world: World, page: Page) -> None:
    stages = (Stage.DECIDED, Stage.UNDERWAY, Stage.DECIDED)
    rows = [make_row(team=world.team, by=world.officer, stage=stage) for stage in stages]
    open_tracker(page, world.team, "?stage=decided")
    cell(page, rows[0], "owner").focus()

    paste(page, "AN\nBO")
    expect(dialog(page)).to_contain_text("Your filter hides 1 case between these")
    confirm(page, "Paste 2 cells")

    assert all_of(rows, "owner") == ["AN", "", "BO"]


def test_4_10_12_a_paste_of_50_cells_against_one_changed_cell_applies_nothing_and_marks_the_one(
    world: World, page: Page
) -> None:
    rows = make_rows(25, team=world.team)
    open_tracker(page, world.team)
    cell(page, rows[0], "action").focus()
    paste(page, "\n".join(f"Ring {number}\tAN" for number in range(25)))
    go = dialog(page).get_by_role("button", name="Paste 50 cells")
    expect(go).to_be_visible()
    saved_by(world.supervisor, rows[7], "owner", "KW")

    go.click()

    expect(dialog(page).get_by_role("status")).to_contain_text("Nothing was changed")
    bad = dialog(page).locator("[data-problem]")
    expect(bad).to_have_count(1)
    expect(bad).to_contain_text(world.supervisor.name)
    expect(bad).to_contain_text("KW")
    assert written() == 1
    dialog(page).get_by_role("button", name="Leave out 1 cell").click()
    confirm(page, "Paste 49 cells")
    assert written() == 50
    assert stored(rows[7], "owner", "action") == ["KW", "Ring 7"]


def test_what_is_copied_can_be_pasted_and_excel_reads_it(world: World, page: Page) -> None:
    row = make_row(
        team=world.team,
        pin="000123",
        person='Ed "Ned" Test',
        stage=Stage.DECIDED,
        action="One\nTwo",
        by_when=date(2027, 1, 2),
    )
    other = make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, row, "pin").focus()
    page.keyboard.press("Shift+Space")

    told = copied(page)

    assert told["text"].split("\t")[:5] == [
        "000123",
        '"Ed ""Ned"" Test"',
        "Decided to close",
        "",
        '"One\nTwo"',
    ]
    assert told["text"].split("\t")[6] == "02/01/2027"
    assert '<time datetime="2027-01-02">02/01/2027</time>' in told["html"]
    cell(page, row, "stage").focus()
    page.keyboard.press("Shift+End")
    page.keyboard.press("Control+c")
    cell(page, other, "stage").focus()
    page.keyboard.press("Control+v")
    confirm(page, "Paste 3 cells")
    assert stored(other, "stage", "action", "by_when") == [Stage.DECIDED, "One\nTwo", "2027-01-02"]


def test_a_cut_empties_its_cells_with_the_paste_and_not_before(world: World, page: Page) -> None:
    source, target = make_row(team=world.team, owner="AN"), make_row(team=world.team)
    open_tracker(page, world.team)
    cell(page, source, "owner").focus()

    page.keyboard.press("Control+x")
    expect(page.locator("[data-cut]")).to_have_count(1)
    assert stored(source, "owner") == ["AN"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+v")
    confirm(page, "Paste 2 cells")

    assert [stored(row, "owner") for row in (source, target)] == [[""], ["AN"]]
    expect(page.locator("[data-cut]")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(cell(page, source, "owner")).to_have_text("AN")


def test_copy_with_headings_is_in_the_menu_of_the_cell(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "pin").focus()
    page.keyboard.press("Shift+ArrowRight")

    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Copy with headings").press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("Copied")
    cell(page, rows[1], "action").focus()
    page.keyboard.press("Control+v")

    # Headings over a block are left out again where it is pasted.
    expect(dialog(page).get_by_label("Find each case by its PIN")).to_be_visible()


def test_a_paste_without_the_server_is_kept_and_done_later(
    world: World, page: Page, rows: list[TrackerRow]
) -> None:
    open_tracker(page, world.team)
    cell(page, rows[0], "owner").focus()

    page.context.set_offline(True)
    paste(page, "AN\nBO")
    kept = page.locator('[data-notice^="kept"]')
    expect(kept).to_contain_text("kept here")
    page.context.set_offline(False)
    kept.get_by_role("button", name="Try again").click()
    confirm(page, "Paste 2 cells")

    assert all_of(rows[:2], "owner") == ["AN", "BO"]
    expect(kept).to_have_count(0)
