"""When static files are collected again."""

from pathlib import Path

import pytest

from scripts import static_files


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "app.css").write_text("a")
    return folder


def test_unchanged_sources_give_the_same_fingerprint(source: Path) -> None:
    assert static_files.fingerprint([source]) == static_files.fingerprint([source])


def test_a_written_file_changes_the_fingerprint(source: Path) -> None:
    before = static_files.fingerprint([source])

    (source / "css" / "app.css").write_text("a b")

    assert static_files.fingerprint([source]) != before


def test_an_added_file_changes_the_fingerprint(source: Path) -> None:
    before = static_files.fingerprint([source])

    (source / "css" / "tokens.css").write_text("b")

    assert static_files.fingerprint([source]) != before
