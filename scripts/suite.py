"""`make test`: every test on a real PostgreSQL and in a real browser, then again on SQLite.

A service that is missing fails the run in words; no test is ever skipped for it.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts import browser, environment, postgres
from scripts.environment import PYTHON, ROOT, say

WORKERS = "2"
NOTHING_COLLECTED = 5

# Which tests each leg leaves out, by marker. The markers are explained in pyproject.toml.
USUALLY = ["not slow"]
ON_SQLITE = ["not browser"]


def run(arguments: Sequence[str]) -> int:
    """Run all tests but the slow ones; arguments go to pytest. 0 when both legs pass, else 1."""
    return legs(arguments, USUALLY)


def run_all(arguments: Sequence[str]) -> int:
    """The same with the slow ones."""
    return legs(arguments, [])


def legs(arguments: Sequence[str], left_out: list[str]) -> int:
    environment.ensure("dev")
    services = {"ICM_CHROMIUM": browser.find()}
    environment.end_when_told()
    results = {}
    with postgres.server() as url:
        variables = {**services, "DATABASE_URL": url}
        results["PostgreSQL, with the browser"] = leg(variables, left_out, arguments)
    with tempfile.TemporaryDirectory(prefix="icm-sqlite-") as folder:
        variables = {**services, "DATABASE_URL": f"sqlite:///{Path(folder) / 'icm.sqlite3'}"}
        results["SQLite"] = leg(variables, left_out + ON_SQLITE, arguments)
    return summary(results)


def leg(variables: Mapping[str, str], left_out: Sequence[str], arguments: Sequence[str]) -> tuple[int, float]:
    """Run pytest once; its exit status and the seconds it took."""
    database = variables["DATABASE_URL"].partition(":")[0]
    markers = " and ".join(left_out)
    say(f"\nTests on {database} ({markers or 'all of them'})")
    began = time.monotonic()
    command = [str(PYTHON), "-m", "pytest", "-n", WORKERS, "-m", markers, *arguments]
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False)
    return status.returncode, time.monotonic() - began


def summary(results: Mapping[str, tuple[int, float]]) -> int:
    """Print how each leg ended; 0 when all passed.

    A leg without a test passes as long as another had some: `ARGS` may name tests of one leg only.
    """
    say("")
    for name, (status, seconds) in results.items():
        words = {0: "passed", NOTHING_COLLECTED: "no tests"}.get(status, "FAILED")
        say(f"{words:8}  {seconds:5.0f} s  {name}")
    statuses = {status for status, _ in results.values()}
    return 0 if 0 in statuses and statuses <= {0, NOTHING_COLLECTED} else 1
