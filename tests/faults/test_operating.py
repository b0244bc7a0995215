"""The machines that faults are put into: what is on one, on its like, and on one that is lost."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.db import connection

from scripts.faults.operating import is_empty, lose, machine


@pytest.fixture(autouse=True)
def same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines are made on the kind of database that the tests run on."""
    url = os.environ["DATABASE_URL"] if connection.vendor == "postgresql" else "sqlite:///of-the-test"
    monkeypatch.setenv("DATABASE_URL", url)


def ask(url: str, statement: str) -> None:
    """Has the database do something."""
    sqlite = urlsplit(url).scheme == "sqlite"
    database: Any = sqlite3.connect(urlsplit(url).path) if sqlite else psycopg2.connect(url)
    with closing(database), closing(database.cursor()) as cursor:
        cursor.execute(statement)
        database.commit()


def test_a_new_machine_is_empty_one_like_it_is_as_it_is_and_a_lost_one_is_gone(tmp_path: Path) -> None:
    one = machine(tmp_path / "one-machine", tmp_path / "key")
    empty = is_empty(one.url)
    ask(one.url, "CREATE TABLE something (id INTEGER)")
    like = machine(tmp_path / "its-like", tmp_path / "key", like=one.url)
    lose(one)
    ask(like.url, "SELECT id FROM something")

    assert (empty, is_empty(like.url)) == (True, False)
    assert not one.folder.exists()
    again = machine(tmp_path / "one-machine", tmp_path / "key")
    assert is_empty(again.url)
    lose(again)
    lose(like)


@pytest.mark.postgresql
def test_what_was_set_aside_and_left_behind_is_not_nothing(tmp_path: Path) -> None:
    one = machine(tmp_path / "left-behind", tmp_path / "key")
    ask(one.url, "CREATE SCHEMA before_restore")
    empty = is_empty(one.url)
    lose(one)

    assert not empty
