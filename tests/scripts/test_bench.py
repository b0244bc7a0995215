"""The bench can begin: nothing that the application needs breaks the bare Django measured beside it."""

from pathlib import Path

import pytest

from scripts.bench.servers import serving


def test_the_floor_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'icm.sqlite3'}")
    monkeypatch.setenv("SECRET_KEY", "public: nobody signs in with this key")
    monkeypatch.setenv("HTTPS", "0")

    with serving("scripts.bench.floor_settings") as floor:
        assert floor.memory > 0
