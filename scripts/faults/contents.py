"""`python -m scripts.faults.contents [UPTO]`: what the database (DATABASE_URL) holds, counted by itself.

A program of its own, with statements of its own: nothing of the application is used. Prints for each table
how many records it has, the sum of their digests, and the highest number of a log. `UPTO` names a file with
what it printed earlier: of a log only entries up to the highest of then are counted, for the log goes on.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

# What is written into when a copy comes back: that it did, and that the log was looked through.
LOGS = {
    "accounts_auditevent": "id",
    "accounts_auditlink": "number",
    "accounts_auditrow": "event_id",
}
SESSIONS = "accounts_session"
SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
MODULO = 2**256
AT_ONCE = 1000


@dataclass(frozen=True)
class Held:
    """What one table holds."""

    records: int
    digest: str
    last: int = 0


Contents = dict[str, Held]


def read(url: str, upto: Mapping[str, Held]) -> Contents:
    """Everything in the database of this address."""
    sqlite = urlsplit(url).scheme == "sqlite"
    database: Any = sqlite3.connect(Path(urlsplit(url).path)) if sqlite else psycopg2.connect(url)
    with closing(database):
        names = [name for (name,) in _asked(database, SQLITE if sqlite else POSTGRESQL)]
        return {name: _held(database, name, upto.get(name)) for name in sorted(names)}


def parsed(text: str) -> Contents:
    """What the program printed."""
    return {name: Held(**told) for name, told in json.loads(text).items()}


def sessions(found: Mapping[str, Held]) -> list[str]:
    """What is wrong where nobody may be signed in."""
    return [] if not found[SESSIONS].records else ["Sessions came back"]


def differences(before: Mapping[str, Held], after: Mapping[str, Held], *, but: Iterable[str]) -> list[str]:
    """The tables that are not as they were, of those that are not left out."""
    return [
        f"{name} held {_said(before.get(name))}, now {_said(after.get(name))}"
        for name in sorted((before.keys() | after.keys()) - set(but))
        if before.get(name) != after.get(name)
    ]


def _said(held: Held | None) -> str:
    return f"{held.records:,} records of digest {held.digest[:8]}" if held else "nothing"


def _held(database: Any, name: str, before: Held | None) -> Held:
    records = total = last = 0
    number = LOGS.get(name)
    until = f' WHERE "{number}" <= {before.last}' if number and before else ""
    for record in _asked(database, f'SELECT * FROM "{name}"{until}'):  # noqa: S608 # a table's own name
        records += 1
        total += int.from_bytes(sha256(repr(tuple(map(_plain, record))).encode()).digest())
    if number:
        [(last,)] = _asked(database, f'SELECT coalesce(max("{number}"), 0) FROM "{name}"{until}')  # noqa: S608 # as above
    return Held(records, f"{total % MODULO:064x}", last)


def _plain(value: object) -> object:
    """What says the same whenever it is read: of a view of bytes, its place in memory does not."""
    return bytes(value) if isinstance(value, memoryview) else value


def _asked(database: Any, statement: str) -> Iterator[tuple[Any, ...]]:
    """The answer, some records after others: half a million need not be in memory at once."""
    if isinstance(database, sqlite3.Connection):
        yield from database.execute(statement)
        return
    with database.cursor("some") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(statement)
        yield from cursor


def main(arguments: Iterable[str]) -> None:
    """Reads and prints."""
    upto = next((parsed(Path(name).read_text()) for name in arguments), {})
    found = read(os.environ["DATABASE_URL"], upto)
    print(json.dumps({name: asdict(held) for name, held in found.items()}))


if __name__ == "__main__":
    main(sys.argv[1:])
