"""What tests get from outside: the database and browser that `make test` provides, static files.

The people and rows of a test's world live in conftest.py and factories.py.
"""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from scripts import browser, static_files

# Chromium is not to look outside for updates while tests run.
BROWSER_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect static files once, before the workers start: pages name them by their hash."""
    if not hasattr(session.config, "workerinput"):
        static_files.collect()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser, before any are left out by their marks."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser: `ICM_CHROMIUM`, else one on PATH. Its absence is a failure."""
    path = browser.chosen() or browser.installed()
    if path is None:
        pytest.fail("No Chromium: `make test` provides one, or name one in ICM_CHROMIUM.")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium: str
) -> dict[str, Any]:
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
