"""Servers for tests of the stream: one in this process, or several of their own on the test's database."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import uvicorn
from django.conf import settings
from django.db import connection

from scripts.environment import ROOT
from tests.conftest import World
from tests.tracker.live.listening import Listener, listen

STOPS_WITHIN = 10
GRACE = 3  # seconds that a stopping server gives to what still runs


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world of people and teams, committed: other connections are to see it."""
    return World()


@pytest.fixture
def site(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that runs in this process, on both databases."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    from icm.asgi import application  # it lists the static files when imported: not before they are collected

    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(application, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(STOPS_WITHIN)
        until = time.monotonic() + STOPS_WITHIN
        while any(one.name == "live-reader" for one in threading.enumerate()):
            assert time.monotonic() < until, "the reader outlived its streams"
            threading.Event().wait(0.02)


@pytest.fixture
def opened() -> Iterator[Callable[..., Listener]]:
    """`listen`, with everything closed again at the end of the test."""
    all_opened: list[Listener] = []

    def open_one(*arguments: object, **more: object) -> Listener:
        all_opened.append(listen(*arguments, **more))  # type: ignore[arg-type] # handed on as they are
        return all_opened[-1]

    yield open_one
    for one in all_opened:
        one.close()


@pytest.fixture
def serve(transactional_db: None) -> Iterator[Callable[[], "Served"]]:
    """Starts servers of their own on the test's database, each a process as in production."""
    served: list[Served] = []

    def start() -> Served:
        served.append(Served(f"server{len(served)}"))
        return served[-1]

    yield start
    for one in served:
        if one.process.poll() is None:
            one.stop()


class Served:
    """One running server process; `said` is what it wrote to its log, `name` what PostgreSQL calls it."""

    def __init__(self, name: str) -> None:
        self.name = name
        command = [
            sys.executable, "-m", "uvicorn", "icm.asgi:application", "--port", "0",
            "--timeout-graceful-shutdown", str(GRACE),
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **self._settings()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        while not (found := re.search(r"running on (http://127\.0\.0\.1:\d+)", self.said)):
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, f"The server did not start:\n{self.said}"
            self.said += line
        self.site = found[1]

    def stop(self) -> float:
        """Tells it to stop, as a restart does; gives the seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=STOPS_WITHIN)
        self.said += rest
        return time.monotonic() - began

    def threads(self) -> int:
        """How many threads it has now."""
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def _settings(self) -> dict[str, str]:
        to = connection.settings_dict
        where = f"postgres://{to['USER']}@{quote(to['HOST'], safe='')}/{to['NAME']}"
        return {
            "DATABASE_URL": f"{where}?application_name={self.name}",
            "DJANGO_SETTINGS_MODULE": "icm.settings",
            "HTTPS": "0",
            "SECRET_KEY": settings.SECRET_KEY,
        }
