"""What holds for the locks in requirements/ whoever wrote them last."""

import re
from pathlib import Path

import pytest

from scripts.environment import LOCK_SOURCES, LOCKS
from scripts.sbom import pins

ALL = [LOCKS / f"{name}.txt" for name in LOCK_SOURCES]


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.name)
def test_a_lock_names_no_address(lock: Path) -> None:
    assert not re.search(r"://|index-url|find-links|@ file", lock.read_text())


@pytest.mark.parametrize("lock", ALL, ids=lambda lock: lock.name)
def test_every_package_of_a_lock_has_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_tests_run_on_the_packages_that_the_application_runs_on() -> None:
    assert pins("runtime").items() <= pins("dev").items()


def test_no_lock_lies_about_that_nobody_writes() -> None:
    assert sorted(ALL) == sorted(LOCKS.glob("*.txt"))
