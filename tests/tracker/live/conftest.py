"""Servers for tests of the stream: one in this process, or several of their own on the test's database."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from django.db import connection, connections

from scripts.environment import ROOT
from tests.conftest import World
from tests.tracker.live.listening import Listener, listen
from tracker.live.reader import READER

STARTS_WITHIN = 30
STOPS_WITHIN = 10


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
