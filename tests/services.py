"""What tests get from outside: the database and browser that `make test` provides, static files.

The people and rows of a test's world live in conftest.py and factories.py.
"""

import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from ipaddress import ip_address
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from accounts.chain import triggers
from accounts.models import AuditEvent
from scripts import browser, static_files
from scripts.environment import ROOT

# Chromium is not to look outside for updates while tests run.
BROWSER_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect static files once, before the workers start: pages name them by their hash.

    Where that fails its words stand above the tests, and the tests of pages fail; others need none.
    """
    if not hasattr(session.config, "workerinput") and not static_files.fresh():
        subprocess.run([sys.executable, "-m", "scripts.static_files"], cwd=ROOT, check=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser, and leave out those about the other database.

    Before anything else is left out by marks. A mark for real transactions also says that the contents
    are kept: pytest-django asks the mark alone, and would keep none where a whole run has such tests only.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            item.add_marker(
                pytest.mark.django_db(**{**mark.kwargs, "serialized_rollback": True}), append=False
            )
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker(other)])
    items[:] = [item for item in items if not item.get_closest_marker(other)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    """Give every worker a database of its own; on SQLite a file, where Django would use memory.

    Several threads write in some tests, and only a file locks as it does in use. Playwright is started
    first where a test wants it: its event loop gives this thread another database connection, which
    must be the one that all tests know.
    """
    if any("playwright" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("playwright")
    entry = settings.DATABASES["default"]
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "icm.sqlite3")


@pytest.fixture(autouse=True)
def lists_stay(django_db_serialized_rollback: None) -> None:
    """What migrations put into the database is there in every test, those with real transactions too."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Put it back after a test with real transactions, which leaves every table empty behind it."""
    arguments = getattr(item, "funcargs", {})
    emptied = "transactional_db" in arguments or any(
        mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")
    )
    blocker = arguments.get("django_db_blocker")
    if emptied and blocker:
        with blocker.unblock():
            triggers.remove()  # they would refuse to let the logs be emptied
    yield
    if emptied and blocker and nextitem:
        with blocker.unblock():
            if connection.vendor == "sqlite":
                # The emptied log's numbers begin anew: those before would be missed in it.
                with connection.cursor() as cursor:
                    table = AuditEvent._meta.db_table
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            contents: str = vars(connections["default"])["_test_serialized_contents"]
            connection.creation.deserialize_db_from_string(contents)
            triggers.install()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser: `ICM_CHROMIUM`, else one on PATH. Its absence is a failure."""
    path = browser.chosen() or browser.installed()
    if path is None:
        pytest.fail("No Chromium: `make test` provides one, or name one in ICM_CHROMIUM.")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium: str) -> dict[str, Any]:
    """pytest-playwright's own fixture, told which browser to start and how."""
    return {**browser_type_launch_args, "executable_path": chromium, "args": BROWSER_ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only this machine may be spoken to; a test that would reach further fails."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise AssertionError(f"A test tried to reach {address[0]}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


def is_here(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
