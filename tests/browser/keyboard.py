"""Going through a page by keyboard alone."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400
HAS_FOCUS = "controls => controls.includes(document.activeElement)"


def tab_on_to(wanted: Locator) -> None:
    """Goes on with the Tab key until the control has the focus; of several the first that it comes to."""
    expect(wanted.first).to_be_attached()
    for _ in range(MOST_TABS):
        wanted.page.keyboard.press("Tab")
        if wanted.evaluate_all(HAS_FOCUS):
            return
    raise AssertionError(f"the Tab key never reaches {wanted}")


def tab_to(page: Page, name: str) -> None:
    """Goes on with the Tab key until the control of this name has the focus."""
    tab_on_to(
        page.get_by_label(name, exact=True)
        .or_(page.get_by_role("button", name=name, exact=True))
        .or_(page.get_by_role("link", name=name, exact=True))
    )


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
