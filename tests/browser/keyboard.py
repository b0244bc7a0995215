"""Going through a page by keyboard alone."""

from playwright.sync_api import Page


def tab_to(page: Page, name: str) -> None:
    """Goes on with the Tab key until the control of this name has the focus."""
    focused = page.locator(":focus")
    wanted = (
        page.get_by_label(name, exact=True)
        .or_(page.get_by_role("button", name=name, exact=True))
        .or_(page.get_by_role("link", name=name, exact=True))
    )
    for _ in range(300):
        page.keyboard.press("Tab")
        if focused.count() and wanted.and_(focused).count():
            return
    raise AssertionError(f"the Tab key never reaches {name}")
