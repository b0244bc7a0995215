"""What tests of the grid do by hand: open the tracker, find a cell, type into it, read what was saved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from accounts.models import Team
from tracker.models import TrackerRow


def open_tracker(page: Page, team: Team, query: str = "") -> Page:
    """The tracker with its script at work."""
    page.goto(f"/teams/{team.pk}/{query}")
    page.locator("tracker-grid [aria-multiselectable]").wait_for()
    return page


def cell(page: Page, row: TrackerRow, field: str) -> Locator:
    """The cell of the table."""
    return page.locator(f'tr[data-row="{row.pk}"] > [data-field="{field}"]')


def type_over(page: Page, row: TrackerRow, field: str, text: str, key: str = "Enter") -> None:
    """Goes to the cell, types over it, and keeps it."""
    cell(page, row, field).click()
    page.keyboard.type(text)
    page.keyboard.press(key)


def is_saved(page: Page) -> None:
    """Waits until nothing is unsent."""
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0")


# Held in the page itself: the browser begins to intercept while a request may be on its way, and tells of one
# before it hands it over.
HOLD = """(ending) => {
  const { fetch } = window;
  window.goOn = null;
  window.fetch = async (address, ...how) => {
    if (String(address).endsWith(ending)) {
      window.fetch = fetch;
      await new Promise((goOn) => Object.assign(window, { goOn }));
    }
    return fetch(address, ...how);
  };
}"""


@contextmanager
def held(page: Page, ending: str) -> Iterator[Callable[[], None]]:
    """What is done within asks for an address that ends so; that request is held until told to go on.

    Not from within a handler of the browser's: that runs in the middle of a key's press, with the key down.
    """
    page.evaluate(HOLD, ending)
    yield lambda: page.evaluate("() => window.goOn()")
    page.wait_for_function("() => window.goOn")


def stored(row: TrackerRow, *fields: str) -> list[Any]:
    """The raw values that the database has now."""
    now = TrackerRow.objects.with_all().get(pk=row.pk)
    return [now.raw(field) for field in fields]


def paste(page: Page, text: str, html: str = "") -> None:
    """Pastes into the active cell what another program would have put on the clipboard."""
    page.evaluate(
        """([text, html]) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          if (html) {
            clipboardData.setData("text/html", html);
          }
          const told = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
        }""",
        [text, html],
    )


def copied(page: Page, kind: str = "copy") -> dict[str, str]:
    """What the active cell or range puts on the clipboard, as text and as HTML."""
    found: dict[str, str] = page.evaluate(
        """(kind) => {
          const clipboardData = new DataTransfer();
          const told = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent(kind, told));
          return { text: clipboardData.getData("text/plain"), html: clipboardData.getData("text/html") };
        }""",
        kind,
    )
    return found
