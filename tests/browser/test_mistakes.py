"""Mistakes and what helps out of them: K12 of the plan (WCAG 3.3.1, 3.3.3).

Those in the table are in test_grid_by_keyboard.py, an ended session in test_signed_out.py.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.grid import stored
from tests.browser.test_grid_with_others import saved_by
from tests.conftest import World
from tests.factories import make_row

PageAs = Callable[..., Page]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("By when", "31/02/27", "31/02/27"),
        ("Person", " ", "needs a name"),
        ("PIN", "000002", "000002"),
    ],
)
def test_a_mistake_is_said_at_its_field_which_has_the_focus_and_keeps_its_text(
    world: World, page_as: PageAs, field: str, typed: str, said: str
) -> None:
    """K12: a wrong date, a name that is missing, a PIN that is taken."""
    row = make_row(team=world.team, pin="000001", person="Ed Test")
    make_row(team=world.team, pin="000002")
    page = page_as(world.coordinator)
    page.goto(f"/rows/{row.pk}/")
    page.get_by_label("Update on action", exact=True).fill("Kept")

    page.get_by_label(field, exact=True).fill(typed)
    page.get_by_role("button", name="Save", exact=True).press("Enter")

    wrong = page.get_by_label(field, exact=True)
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile(said))
    expect(wrong).to_have_value(typed)
    expect(page.get_by_label("Update on action", exact=True)).to_have_value("Kept")
    assert stored(row, "update") == [""]


def test_who_is_late_comes_to_the_words_that_say_so(world: World, page_as: PageAs) -> None:
    """K12: a row that somebody else changed meanwhile."""
    row = make_row(team=world.team, person="Ed Test", action="Meet with hospital")
    page = page_as(world.coordinator)
    page.goto(f"/rows/{row.pk}/")
    saved_by(world.supervisor, row, "action", "Meet GP Tuesday")

    page.get_by_label("Action", exact=True).fill("Meet hospital Thursday")
    page.get_by_role("button", name="Save", exact=True).press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Meet GP Tuesday")
    expect(page.get_by_label("Action", exact=True)).to_have_value("Meet hospital Thursday")
