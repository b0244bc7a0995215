"""The child process in which a file is read, and damage of every kind. Single files that are refused
are in `hostile`.
"""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.tracker.workbook import hostile
from tests.tracker.workbook.files import DATA, TODAY
from tracker.workbook import guard
from tracker.workbook.guard import Refused
from tracker.workbook.read import read_in_child

SAMPLE = (DATA / "icm-amber-valley-team-1.xlsx").read_bytes()


def test_every_truncation_of_a_good_file_is_refused() -> None:
    for length in range(0, len(SAMPLE), 1_500):
        with pytest.raises(Refused):
            read_in_child(SAMPLE[:length], today=TODAY)


def test_a_file_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "CHILD_WALL_SECONDS", 0.001)

    with pytest.raises(Refused, match="too much time"):
        read_in_child(SAMPLE, today=TODAY)


def test_the_child_is_given_none_of_our_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for children")
    teller = tmp_path / "python"
    teller.write_text('#!/bin/sh\nprintf \'{"refused": "key: %s"}\' "$SECRET_KEY"\n')
    teller.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(teller))

    with pytest.raises(Refused, match=r"^key: $"):
        read_in_child(SAMPLE, today=TODAY)


def test_the_child_loads_neither_django_nor_the_writer() -> None:
    code = (
        "import sys, tracker.workbook.child, tracker.workbook.read, tracker.dashboard.read as _;"
        "print({'django', 'openpyxl'} & set(sys.modules))"
    )

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert answer.stdout == b"set()\n"


def test_a_bomb_of_elements_is_within_the_limit_of_bytes() -> None:
    with zipfile.ZipFile(io.BytesIO(hostile.a_bomb_of_elements())) as archive:
        assert sum(m.file_size for m in archive.infolist()) < guard.UNPACKED_BYTES
