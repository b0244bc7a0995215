"""The server itself: what is bad ends it before it answers anybody."""

import asyncio
import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from icm.deployment import start, stored
from scripts.environment import ROOT
from tests.factories import make_person
from tests.icm.deployment.test_options import GOOD

INVENTED = "team-manager.amber-valley@demo.example"
STARTUP_FAILED = 3  # uvicorn's exit status


def test_a_server_with_bad_settings_says_each_and_ends(tmp_path: Path) -> None:
    bad = {
        "DJANGO_SETTINGS_MODULE": "icm.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/icm.sqlite3",
        "DEBUG": "1",
        "DEMO": "0",
        "HTTPS": "1",
        "ALLOWED_HOSTS": "*",
        "SECRET_KEY": "secret",
    }
    command = [sys.executable, "-m", "uvicorn", "icm.asgi:application", "--port", "0"]

    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | bad, capture_output=True, text=True, check=False, timeout=120
    )

    said = (
        "DEBUG is on",
        "SECRET_KEY can be guessed",
        "ALLOWED_HOSTS takes every name",
        "is older than this",
    )
    assert [sentence for sentence in said if sentence not in done.stderr] == []
    assert "Not started: " in done.stderr
    assert done.returncode == STARTUP_FAILED
    assert "Application startup complete" not in done.stderr


def told(caplog: pytest.LogCaptureFixture) -> tuple[list[str], list[str]]:
    """How the server's start and end are answered, and what is logged meanwhile."""
    asked = iter(["lifespan.startup", "lifespan.shutdown"])
    answers: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": next(asked)}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message["type"].removeprefix("lifespan."))

    # In a thread of its own: a browser's test before may have left an event loop in this one.
    with caplog.at_level(logging.ERROR, logger=start.__name__), ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(start.lifespan(receive, send))).result()
    return answers, [record.getMessage() for record in caplog.records]


STARTED = ["startup.complete", "shutdown.complete"]
FAILED = ["startup.failed"]


@pytest.fixture
def council(settings: Settings, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Settings:
    """A council's installation in which nothing is bad; the tests' own PostgreSQL does not flush."""
    for name, value in GOOD.items():
        setattr(settings, name, value)
    monkeypatch.setattr(stored, "LOOKS", tuple(one for one in stored.LOOKS if one is not stored.durability))
    return settings


def test_a_server_in_which_nothing_is_bad_starts_without_a_word(
    council: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    make_person(email="somebody@council.example")

    assert told(caplog) == (STARTED, [])


def test_a_councils_server_looks_at_settings_and_database(
    council: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    council.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    make_person(email=INVENTED)

    answers, said = told(caplog)

    assert answers == FAILED
    assert [one.partition(":")[0] for one in said] == [
        "TRUSTED_PROXIES is 0",
        "The database holds the demonstration's people, whose password everybody can read. "
        "Begin with an empty database",
    ]


@pytest.mark.parametrize(
    "served",
    [
        {"DEMO": True},
        {"HTTPS": False, "ALLOWED_HOSTS": ["localhost", "127.0.0.1"]},
    ],
    ids=["a demonstration", "this machine alone"],
)
def test_where_nobody_real_is_served_settings_may_be_loose(
    council: Settings, caplog: pytest.LogCaptureFixture, served: dict[str, object]
) -> None:
    for name, value in {"LOG_KEY": "", "SITE_ADDRESS": "http://127.0.0.1:8000", **served}.items():
        setattr(council, name, value)

    assert told(caplog) == (STARTED, [])


def test_plain_http_under_a_name_is_not_for_this_machine_alone(
    council: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    council.HTTPS = False
    council.ALLOWED_HOSTS = ["localhost", "icm.council.example"]

    answers, said = told(caplog)

    assert answers == FAILED
    assert said[0].startswith("HTTPS is off")


def test_a_demonstration_does_not_start_on_a_database_of_real_people(
    council: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    council.DEMO = True
    make_person(email="somebody@council.example")

    answers, said = told(caplog)

    assert answers == FAILED
    assert len(said) == 1
    assert said[0].startswith("DEMO is on.")
