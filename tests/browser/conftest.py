"""The application as people meet it: served over the loopback, and pages in which a person is signed in."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from accounts.models import User
from summary.changes.demonstration import hold_check_in
from tracker.changes.demonstration import load_council
from tracker.demo import council as plans

STOPS_WITHIN = 10
# How long a page may take to reach a state on a busy machine before a test says that it never does.
REACHED_WITHIN = 30_000  # milliseconds

expect.set_options(timeout=REACHED_WITHIN)


@pytest.fixture
def site(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that runs in this process, on the test's own database.

    Its threads close their connections after each page: what stays open would keep the test
    database from being dropped.
    """
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    from icm.asgi import application  # it lists the static files when imported: not before they are collected

    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(application, lifespan="off", log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(STOPS_WITHIN)


@pytest.fixture
def council(transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration council, whose people the scenes are played by; two localities are enough."""
    settings.DEMO = True
    monkeypatch.setattr(plans, "LOCALITIES", plans.LOCALITIES[:2])
    load_council(today=timezone.localdate(), hold_check_in=hold_check_in)


@pytest.fixture
def page_as(site: str, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a page, in a browser of its own, in which the person is signed in.

    Further arguments go to the browser: `page_as(person, color_scheme="dark")`.
    """

    def open_as(person: User, **wanted: object) -> Page:
        client = Client()
        client.force_login(person)
        context = new_context(base_url=site, **wanted)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        return context.new_page()

    return open_as
