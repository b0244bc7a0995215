"""The server starts without the libraries that few pages need: a start after a crash is waited for."""

import os
import subprocess
import sys

import pytest

from scripts.environment import ROOT

# Workbooks out, calendars, bank holidays: each takes a tenth of a start, and memory in every process.
LATER = ("openpyxl", "icalendar", "holidays")

LOADED = "\n".join(
    [
        "import sys",
        "import icm.asgi",
        "from django.urls import get_resolver",
        # A start looks at every address, as the first request does.
        "assert get_resolver().url_patterns",
        "print(*sys.modules)",
    ]
)


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules of a server that has started and answered nobody."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "icm.settings", "DATABASE_URL": "sqlite://"},
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


def test_the_pages_themselves_are_loaded(loaded: set[str]) -> None:
    assert {"tracker.views.grid", "summary.views.summaries"} <= loaded


@pytest.mark.parametrize("library", LATER)
def test_a_start_waits_for_no_library_that_few_pages_need(loaded: set[str], library: str) -> None:
    assert library not in loaded
