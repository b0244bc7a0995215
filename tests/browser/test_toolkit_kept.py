"""An officer keeps the Toolkit by keyboard alone, and a team reads it at once."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessibility import findings
from tests.browser.keyboard import tab_to
from tests.conftest import World
from tests.factories import a_need
from toolkit.models import Idea, Tie

PageAs = Callable[..., Page]


def test_an_idea_is_seen_first_saved_put_in_order_and_put_back(world: World, page_as: PageAs) -> None:
    shown = Idea.objects.shown().tied_to(Tie(need_id=a_need().pk))
    first = shown[0]
    page, reader = page_as(world.officer), page_as(world.manager)
    page.goto("/toolkit/")

    tab_to(page, first.text)
    page.keyboard.press("Enter")
    tab_to(page, "The idea (needed)")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Start with biscuits.")
    tab_to(page, "Preview")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="So it will stand")).to_be_focused()
    assert findings(page) == []
    reader.goto(f"/teams/{world.team.pk}/toolkit/")
    expect(reader.get_by_text(first.text)).to_be_visible()

    tab_to(page, "Save")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Trackers and meetings show it from now on.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Start with biscuits.")).to_be_visible()

    # Down without looking for the button again.
    tab_to(page, "Down Start with biscuits.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Down Start with biscuits.")).to_be_focused()
    assert shown[1].text == "Start with biscuits."

    page.goto(f"/toolkit/ideas/{first.pk}/")
    tab_to(page, f"Put back {first.text}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The older text stands again.")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text(first.text)).to_be_visible()
