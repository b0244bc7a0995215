"""The database as it lies there after the end, by statements of its own: nothing of the program is used."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg2

WELL = "ok"
HISTORY = """
    SELECT c.team_id, c.seq, c.row_id, c.row_rev, c.kind, c.field, c.rev, c.old, c.new, CAST(o.op AS text)
    FROM tracker_change c LEFT JOIN tracker_operation o ON o.id = c.operation_id
    ORDER BY c.team_id, c.seq
"""
ROWS = """
    SELECT id, team_id, state, row_rev, CAST(field_rev AS text), stage, CAST(needed_id AS text), action,
        owner, CAST(by_when AS text), "update", CAST(difficulty_id AS text), CAST(next_meeting AS text),
        CAST(expected_month AS text), colour, CAST(outcome_id AS text)
    FROM tracker_trackerrow ORDER BY id
"""
# The columns of ROWS after the versions, by the names that the history has for them.
VALUES = (
    "stage", "needed", "action", "owner", "by_when", "update", "difficulty", "next_meeting",
    "expected_month", "colour", "outcome",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry of the history."""

    team: int
    seq: int
    row: int
    row_rev: int
    kind: str
    field: str
    rev: int
    old: str
    new: str
    op: str


@dataclass(frozen=True)
class Row:
    """One row of a tracker: its versions and what it says."""

    pk: int
    team: int
    state: str
    row_rev: int
    field_rev: dict[str, int]
    values: dict[str, str]


@dataclass(frozen=True)
class Records:
    """Everything that is judged. `kept` counts the refused texts that wait for their authors."""

    history: list[Entry] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    heads: dict[int, int] = field(default_factory=dict)
    kept: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    integrity: str = WELL


Ask = Callable[[str], list[tuple[Any, ...]]]


def read(url: str) -> Records:
    """Everything in the database of this DATABASE_URL."""
    address = urlsplit(url)
    connection: Any = (
        sqlite3.connect(Path(address.path)) if address.scheme == "sqlite" else psycopg2.connect(url)
    )

    def ask(statement: str) -> list[tuple[Any, ...]]:
        cursor = connection.cursor()
        cursor.execute(statement)
        return list(cursor.fetchall())

    try:
        return Records(
            history=[_entry(line) for line in ask(HISTORY)],
            rows=[_row(line) for line in ask(ROWS)],
            heads=dict(ask("SELECT team_id, head FROM tracker_teamlog")),
            kept=Counter(ask("SELECT row_id, field, value FROM tracker_refusededit")),
            integrity=ask("PRAGMA integrity_check")[0][0] if address.scheme == "sqlite" else WELL,
        )
    finally:
        connection.close()


def _entry(line: tuple[Any, ...]) -> Entry:
    op = str(UUID(line[-1])) if line[-1] else ""
    return Entry(*(*line[:-1], op))


def _row(line: tuple[Any, ...]) -> Row:
    pk, team, state, row_rev, field_rev, *values = line
    said = {key: value or "" for key, value in zip(VALUES, values, strict=True)}
    return Row(pk, team, state, row_rev, json.loads(field_rev), said)
