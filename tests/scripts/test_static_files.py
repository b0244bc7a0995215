"""When static files are collected again."""

from pathlib import Path

import pytest
from pytest_django import Settings

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


@pytest.fixture
def collected(source: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands called, where collecting from `source` only writes a list of names."""
    settings.STATIC_ROOT = str(tmp_path / "collected")
    names = tmp_path / "collected" / "staticfiles.json"
    names.parent.mkdir()
    called: list[str] = []

    def call_command(name: str, **options: object) -> None:
        called.append(name)
        names.write_text("{}")

    monkeypatch.setattr(static_files, "SOURCES", (source,))
    monkeypatch.setattr(static_files, "call_command", call_command)
    return called


def test_unchanged_sources_are_collected_once(collected: list[str]) -> None:
    static_files.collect()
    static_files.collect()

    assert collected == ["collectstatic"]


def test_changed_sources_are_collected_again(collected: list[str], source: Path) -> None:
    static_files.collect()
    (source / "css" / "app.css").write_text("a b")

    static_files.collect()

    assert collected == ["collectstatic", "collectstatic"]


def test_a_failed_collection_leaves_no_older_names_for_pages_to_show(
    collected: list[str],
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(name: str, **options: object) -> None:
        raise ValueError("a style sheet imports what is not there")

    static_files.collect()
    (source / "css" / "app.css").write_text("a b")
    monkeypatch.setattr(static_files, "call_command", fail)

    with pytest.raises(ValueError, match="imports"):
        static_files.collect()

    assert not (tmp_path / "collected" / "staticfiles.json").exists()
    assert not static_files.fresh()
