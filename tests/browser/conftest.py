"""The application as people meet it: served over the loopback, and pages in which a person is signed in."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright
from pytest_django import DjangoDbBlocker

from accounts.models import User

STOPS_WITHIN = 10


@pytest.fixture(scope="session")
def what_migrations_left(
    playwright: Playwright, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The content of a fresh test database, as text.

    Playwright's event loop gives this thread a database connection of its own; it is closed before
    the loop ends, after which nobody could reach it and the test database could not be dropped.
    """
    with django_db_blocker.unblock():
        contents = connection.creation.serialize_db_to_string()
    yield contents
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture
def site(transactional_db: None, what_migrations_left: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that runs in this process, on the test's own database.

    Its threads close their connections after each page: what stays open would keep the test
    database from being dropped. The connection of this thread is told what to put back when the test
    has ended (tests/services.py).
    """
    vars(connections["default"])["_test_serialized_contents"] = what_migrations_left
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
