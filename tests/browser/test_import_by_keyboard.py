"""A quirky workbook comes in by keyboard alone: asked about, completed, chosen, confirmed, undone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessibility import findings
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.workbook.files import HEADINGS, case, make_workbook
from tracker.models import TrackerRow

PageAs = Callable[..., Page]

QUIRKY = make_workbook(
    [
        case(owner="KW"),
        case(pin="001202", person="Bea Sample", by_when="31/02/26"),
        case(pin="001202", person="Cara Sample"),
    ],
    headings=["Reference", *HEADINGS[1:]],
    above=["Fern & Moss Team"],
)


def on_the_tracker(world: World) -> list[tuple[str, str, str]]:
    rows = TrackerRow.objects.open().filter(team=world.team).with_all()
    return [(row.pin, row.person, row.owner) for row in rows]


def press(page: Page, button: str) -> None:
    """Goes to a button and presses it, without a mouse."""
    page.get_by_role("button", name=button).first.focus()
    page.keyboard.press("Enter")


def test_a_quirky_workbook_comes_in_and_goes_again_by_keyboard(world: World, page_as: PageAs) -> None:
    """K1: an import that asks, and its preview with a line that is held back."""
    make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN")
    page = page_as(world.coordinator)
    page.goto(f"/teams/{world.team.pk}/import/")
    page.get_by_label("The team’s workbook").set_input_files(
        {"name": "team.xlsx", "mimeType": "application/octet-stream", "buffer": QUIRKY}
    )
    press(page, "Show what would change")

    page.get_by_label("Which column is “PIN”?").focus()
    page.keyboard.type("A: Ref")
    assert findings(page) == []
    press(page, "Read it so")

    expect(page.get_by_role("heading", level=2)).to_have_text(
        "What the import would do: 1 new, 1 changed, 1 held back"
    )
    assert findings(page) == []
    row = page.get_by_role("group", name="Row 5")
    row.get_by_label("PIN").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("001203")
    page.get_by_role("group", name="Row 4").get_by_label("By when").focus()
    page.keyboard.type("28/02/26")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nothing is imported yet. This is what would happen now.")).to_be_visible()
    page.get_by_role("radio", name="Keep ours, Owner of Tess Sample:").focus()
    page.keyboard.press("ArrowRight")
    press(page, "Import it")

    expect(page.get_by_text("Imported: 2 new, 1 changed.")).to_be_visible()
    assert on_the_tracker(world) == [
        ("001201", "Tess Sample", "KW"), ("001202", "Bea Sample", "JB"), ("001203", "Cara Sample", "JB"),
    ]  # fmt: skip
    press(page, "Undo this import")

    expect(page.get_by_text("The import is undone.")).to_be_visible()
    assert on_the_tracker(world) == [("001201", "Tess Sample", "AN")]
