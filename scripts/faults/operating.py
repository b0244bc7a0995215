"""An installation beside the one that a fault is put into, and its commands as an operator gives them."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from scripts import postgres
from scripts.environment import PYTHON, ROOT

Done = subprocess.CompletedProcess[str]
# How much of what a command said is told.
LAST = 300
# Tables and the like in the schema of all, and schemas that are not always there.
THERE = """
    SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)
         + (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_|^(information_schema|public)$')
"""


@dataclass(frozen=True)
class Installation:
    """A machine: its folder, the address of its database, and the key of its copies."""

    folder: Path
    url: str
    key: Path

    @property
    def copies(self) -> Path:
        """Where `backup` puts them."""
        return self.folder / "copies"

    @property
    def variables(self) -> dict[str, str]:
        """What its programs are told."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "BACKUP_FOLDER": str(self.copies),
            "BACKUP_KEY_FILE": str(self.key),
            "POSTGRESQL_PROGRAMS": str(postgres.installed()),
        }

    def manage(self, *command: str) -> Done:
        """`manage.py` with these words; what it said and complained of is one text."""
        return self.python("manage.py", *command)

    def python(self, *arguments: str) -> Done:
        """A program of ours on this machine."""
        return subprocess.run(
            [str(PYTHON), *arguments],
            cwd=ROOT,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def must(self, *arguments: str) -> str:
        """What a program says that has to end well. RuntimeError where it does not."""
        done = self.python(*arguments)
        if done.returncode:
            raise RuntimeError(ended(done))
        return done.stdout


def ended(done: Done) -> str:
    """With what a program ended, and its last words."""
    return f"{' '.join(done.args[1:3])} ended with {done.returncode}: {done.stdout.strip()[-LAST:]}"


def ended_badly(done: Done) -> list[str]:
    """The same in a list of what is wrong; nothing where it ended well."""
    return [ended(done)] if done.returncode else []


def machine(folder: Path, key: Path, *, like: str = "") -> Installation:
    """One in a new folder. Its database is empty, or as the one at the address that it is to be `like`.

    Nobody may be connected to that one.
    """
    folder.mkdir()
    url = os.environ["DATABASE_URL"]
    if urlsplit(url).scheme == "sqlite":
        file = folder / "icm.sqlite3"
        if like:
            with closing(sqlite3.connect(urlsplit(like).path)) as one, closing(sqlite3.connect(file)) as two:
                one.backup(two)
        return Installation(folder, f"sqlite:///{file}", key)
    name = folder.name.lower().replace("-", "_")
    with _postgresql(url, "template1") as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {_name(like) if like else 'template0'}")
    return Installation(folder, _of_name(url, name), key)


def lose(machine: Installation) -> None:
    """Everything of it is gone."""
    shutil.rmtree(machine.folder)
    if urlsplit(machine.url).scheme != "sqlite":
        with _postgresql(machine.url, "template1") as cursor:
            cursor.execute(f"DROP DATABASE {_name(machine.url)}")


def is_empty(url: str) -> bool:
    """Whether nothing is in a database: no table in any schema, nor a schema that is not always there."""
    if urlsplit(url).scheme == "sqlite":
        file = Path(urlsplit(url).path)
        if not file.exists():
            return True
        with closing(sqlite3.connect(file)) as database:
            return not database.execute("SELECT name FROM sqlite_master").fetchall()
    with _postgresql(url) as cursor:
        cursor.execute(THERE)
        return bool(cursor.fetchone()[0] == 0)


@contextmanager
def _postgresql(url: str, name: str = "") -> Iterator[Any]:
    with closing(psycopg2.connect(_of_name(url, name) if name else url)) as asked, asked.cursor() as cursor:
        asked.autocommit = True
        yield cursor


def _name(url: str) -> str:
    return url.rpartition("/")[2]


def _of_name(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"
