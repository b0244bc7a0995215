"""Real browsers in which people of the bench are signed in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from scripts.bench.places import session_of
from scripts.bench.servers import Server

ARGUMENTS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAITS = 60_000  # milliseconds, on a busy machine


@contextmanager
def browsers() -> Iterator[Browser]:
    """One browser program, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["ICM_CHROMIUM"], args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def page_of(browser: Browser, server: Server, person: User, *, floor: bool = False, script: str = "") -> Page:
    """A page with nothing kept from earlier; `script` runs before the page's own."""
    context = browser.new_context(base_url=server.site, viewport={"width": 1280, "height": 800})
    key = session_of(person, floor=floor)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": server.site}])
    context.set_default_timeout(WAITS)
    if script:
        context.add_init_script(script)
    return context.new_page()
