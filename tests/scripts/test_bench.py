"""The bench begins and ends: the bare Django beside it starts, what is measured comes into its table."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scripts.bench import figures
from scripts.bench.servers import serving
from scripts.bench.watchers import beside


def test_the_floor_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'icm.sqlite3'}")
    monkeypatch.setenv("SECRET_KEY", "public: nobody signs in with this key")
    monkeypatch.setenv("HTTPS", "0")

    with serving("scripts.bench.floor_settings") as floor:
        assert floor.memory > 0


def test_a_database_that_no_measure_was_for_has_no_figures(tmp_path: Path) -> None:
    """`make bench ARGS=scale` measures on PostgreSQL only."""
    assert figures.read(tmp_path / "sqlite.jsonl") == []


def test_figures_come_back_as_they_were_kept(tmp_path: Path) -> None:
    first, second = (
        figures.Figure("a save", 12.5, "ms", 20, spread=(11.0, 14.0)),
        figures.Figure("rows", 45, ""),
    )
    for one in (first, second):
        figures.keep([one], tmp_path / "kept.jsonl")

    assert figures.read(tmp_path / "kept.jsonl") == [first, second]


@asynccontextmanager
async def pages(said: list[str]) -> AsyncIterator[None]:
    said.append("open")
    yield
    said.append("closed")


@asynccontextmanager
async def broken(*, at: str) -> AsyncIterator[None]:
    if at == "start":
        raise RuntimeError("They do not open")
    yield
    raise RuntimeError("They broke")


def test_pages_are_open_beside_what_is_measured_and_closed_after_it() -> None:
    said: list[str] = []

    with beside(pages(said)):
        said.append("measured")

    assert said == ["open", "measured", "closed"]


@pytest.mark.parametrize(
    ("at", "words", "measured"), [("start", "do not open", False), ("end", "broke", True)]
)
def test_pages_that_break_beside_what_is_measured_are_no_figures(at: str, words: str, measured: bool) -> None:
    reached = False
    with pytest.raises(RuntimeError, match=words), beside(broken(at=at)):
        reached = True

    assert reached == measured
