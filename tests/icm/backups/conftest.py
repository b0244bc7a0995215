"""A folder for copies and a key apart from it; PostgreSQL's programs are those of the tests' own server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from icm.backups import key
from scripts import postgres
from tests.connections import others_leave


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    """The folder of the copies; its absence of PostgreSQL's programs would fail the test in words."""
    settings.BACKUP_FOLDER = str(tmp_path / "copies")
    settings.BACKUP_KEY_FILE = str(tmp_path / "key")
    settings.POSTGRESQL_PROGRAMS = str(postgres.installed())
    key.make(tmp_path / "key")
    return tmp_path / "copies"


@pytest.fixture
def alone(transactional_db: None) -> Iterator[None]:
    """A copy is brought back where nobody is connected, and nobody keeps the file that it replaces."""
    others_leave()
    yield
    others_leave()
