"""What a database holds, counted: for each table how many records, and a digest of them all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

MODULO = 2**256


@dataclass
class Tally:
    """Records of one table, in whatever order they come: the digests of all are added up."""

    records: int = 0
    total: int = 0

    def add(self, record: bytes) -> None:
        """Counts one more."""
        self.records += 1
        self.total = (self.total + int.from_bytes(sha256(record).digest())) % MODULO


Tallies = dict[str, Tally]


@dataclass
class Snapshot:
    """One moment of a database: what it holds, and the bytes that bring it back."""

    tables: Tallies
    migrations: list[str]
    head: str
    data: Iterable[bytes] = field(default=(), repr=False)


class Cursor(Protocol):
    """What is used of either driver's cursor."""

    def execute(self, sql: str, /) -> object:
        """Asks."""

    def fetchall(self) -> list[tuple[object, ...]]:
        """The answer."""


def migrations(cursor: Cursor) -> list[str]:
    """The migrations that the database has had, `app.name`."""
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return [f"{app}.{name}" for app, name in cursor.fetchall()]


def head_of_log(cursor: Cursor, tables: Iterable[str]) -> str:
    """The newest link of the log: number and digest; empty where nothing has been sealed."""
    if "accounts_auditlink" not in tables:
        return ""
    cursor.execute("SELECT number, chained FROM accounts_auditlink ORDER BY number DESC LIMIT 1")
    return " ".join(str(part) for row in cursor.fetchall() for part in row)


def differences(one: Tallies, other: Tallies) -> Iterator[str]:
    """The tables that differ, by name."""
    for table in sorted(one.keys() | other.keys()):
        if one.get(table) != other.get(table):
            yield table
