"""An officer keeps the lists of words by keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.keyboard import tab_to
from tests.conftest import World
from tests.factories import a_need
from tests.tracker.transfer.acts import bring_in, workbook
from tracker.models import Need, TrackerRow

PageAs = Callable[..., Page]


def test_a_word_from_a_workbook_is_refused_accepted_ordered_and_merged(world: World, page_as: PageAs) -> None:
    assert world.neighbour.pk
    bring_in(workbook({"needed": "Roof over head"}), world.team)
    page = page_as(world.officer)
    page.goto("/")

    tab_to(page, "1 word from workbooks to review")
    page.keyboard.press("Enter")

    # A name that the list has is refused beside the word.
    tab_to(page, "Accept as: Roof over head")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("write up")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is in this list already")).to_be_visible()
    tab_to(page, "Accept as: Roof over head")
    expect(page.locator(":focus")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Find housing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Find housing” is in the list now.")).to_be_visible()

    # Up twice without looking for the button again.
    tab_to(page, "Up Find housing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Up Find housing")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tr", has_text="Find housing")).to_have_count(1)
    expect(page.locator("#needed tbody tr").nth(11).get_by_role("rowheader")).to_have_text("Find housing")
    assert [word.label for word in Need.objects.choosable()].index("Find housing") == 11

    tab_to(page, "Find housing")
    page.keyboard.press("Enter")
    tab_to(page, "Merge into (needed)")
    page.keyboard.type("Write up")
    tab_to(page, "Merge")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 case has it.")).to_be_visible()
    assert TrackerRow.objects.get().needed == a_need(1)
