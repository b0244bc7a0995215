"""Going through a page by keyboard alone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.measured import HERE

MOST_TABS = 400
HAS_FOCUS = "controls => controls.includes(document.activeElement)"


def tab_on_to(wanted: Locator) -> int:
    """Goes on with the Tab key until the control has the focus; of several the first that it comes to.

    Gives how often it was pressed.
    """
    expect(wanted.first).to_be_attached()
    for pressed in range(1, MOST_TABS + 1):
        wanted.page.keyboard.press("Tab")
        if wanted.evaluate_all(HAS_FOCUS):
            return pressed
    raise AssertionError(f"the Tab key never reaches {wanted}")


def named(page: Page, name: str) -> Locator:
    """The controls of this name."""
    return (
        page.get_by_label(name, exact=True)
        .or_(page.get_by_role("button", name=name, exact=True))
        .or_(page.get_by_role("link", name=name, exact=True))
    )


def tab_to(page: Page, name: str) -> None:
    """Goes on with the Tab key until the control of this name has the focus."""
    tab_on_to(named(page, name))


def press(wanted: Locator) -> None:
    """Goes on to the control with the Tab key and presses Enter."""
    tab_on_to(wanted)
    wanted.page.keyboard.press("Enter")


def press_named(page: Page, name: str) -> None:
    """Goes on to the control of this name and presses Enter."""
    tab_to(page, name)
    page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    """Goes on to the field of this name and writes over what stands there."""
    tab_to(page, name)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


class Keyboard:
    """The page's keyboard, which counts the keys that are pressed; typed text counts by itself.

    Wherever it comes to with the Tab key, what has the focus is to be seen.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        """Presses the keys in turn."""
        for key in keys:
            self._page.keyboard.press(key)
        self.pressed += len(keys)

    def type(self, text: str) -> None:
        """Types a text."""
        self._page.keyboard.type(text)

    def go(self, name: str, *keys: str) -> None:
        """Goes on to the control of this name, and presses the keys there."""
        self.go_to(named(self._page, name), *keys)

    def go_to(self, wanted: Locator, *keys: str) -> None:
        """Goes on to the control, and presses the keys there."""
        self.pressed += tab_on_to(wanted)
        name, in_sight = self._page.evaluate(HERE)
        assert in_sight, name
        self.press(*keys)

    def write(self, name: str, text: str, *, over: bool = True) -> None:
        """Goes on to the field of this name and writes, over what stands there where it is a text."""
        self.go(name, *(["ControlOrMeta+a"] if over else []))
        self.type(text)
