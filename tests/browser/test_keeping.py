"""A performance officer sets the rule, holds a case, erases one and makes a bundle, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import findings
from tests.browser.keyboard import press_named, tab_to, write
from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tracker.changes.retention import place_hold
from tracker.models import RetentionRule, TrackerRow

PageAs = Callable[..., Page]


@pytest.fixture
def council(world: World) -> World:
    """A team with one closed case, and one that is open."""
    make_closed_row(
        team=world.team,
        by=world.officer,
        pin="000007",
        person="Ed Test",
        action="Meet Jo Bell",
        update="Nan of Ed rang Olive Owl about it",
    )
    make_row(team=world.team, by=world.officer, pin="000008", person="Other Child")
    return world


def test_the_rule_a_hold_and_an_erasure_by_keyboard(council: World, page_as: PageAs) -> None:
    page = page_as(council.officer)
    page.goto("/retention/")

    write(page, "Days after closing or removing (needed)", "90")
    press_named(page, "Show what it would erase")
    expect(page.get_by_text("This is not saved: 180 days count.")).to_be_visible()
    press_named(page, "Save")
    expect(page.get_by_text("Saved: cases are erased 90 days after closing.")).to_be_visible()

    page.goto(f"/teams/{council.team.pk}/closed/")
    press_named(page, "Ed Test")
    press_named(page, "Place a legal hold")
    write(page, "Who asked for it (needed)", "The coroner")
    write(page, "Why it has to be kept (needed)", "Inquest")
    press_named(page, "Place the hold")
    expect(page.get_by_text("On legal hold: kept until")).to_be_visible()
    press_named(page, "The legal hold")
    press_named(page, "End the hold")

    press_named(page, "Erase for good, now")
    write(page, "Why (needed)", "Typed on the wrong tracker")
    write(page, "Type the PIN of the case (needed)", "000008")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is not the PIN of this case.")).to_be_visible()
    write(page, "Type the PIN of the case (needed)", "000007")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Erased for good.")).to_be_visible()

    assert RetentionRule.in_force() == 90
    assert list(TrackerRow.objects.kept().values_list("case__pin", flat=True)) == ["000008"]


def test_a_bundle_is_found_by_its_pin_and_taken_as_a_file(council: World, page_as: PageAs) -> None:
    page = page_as(council.officer)
    page.goto("/subject-access/")

    write(page, "PIN (needed)", "000007")
    page.keyboard.press("Enter")
    press_named(page, "Ed Test")
    expect(page.get_by_role("heading", name="Who looked and what was done")).to_be_visible()
    tab_to(page, "As a workbook")
    with page.expect_download() as got:
        page.keyboard.press("Enter")

    assert got.value.suggested_filename.startswith("subject-access-case-")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_their_pages(council: World, page_as: PageAs, scheme: str) -> None:
    row = TrackerRow.objects.get(case__pin="000007")
    page = page_as(council.officer, color_scheme=scheme)
    found = {}

    addresses = [f"/rows/{row.pk}/erase/", f"/rows/{row.pk}/hold/", f"/rows/{row.pk}/", "/retention/"]
    for address in (*addresses, f"/teams/{row.team_id}/closed/", f"/subject-access/{row.case_id}/"):
        page.goto(address)
        found[address] = findings(page)
    place_hold(case=row.case, reason="Inquest", asked_by="The coroner", by=council.officer)
    for address in addresses:
        page.goto(address)
        found[f"{address} on hold"] = findings(page)

    assert {address: faults for address, faults in found.items() if faults} == {}
