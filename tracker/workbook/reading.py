"""What reading a workbook gives: rows, messages and what the file says about itself, and the way
to JSON and back by which it leaves the child process. Other lists that are read go the same way.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, Self

from tracker.workbook.headings import DATES, KEYS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Level = Literal["error", "warning", "info"]
Value = str | date | None


@dataclass(frozen=True)
class Message:
    """What is told about one cell: where, how grave, what. `code` is for programs, not people."""

    cell: str  # Tracker!G4
    level: Level
    text: str
    code: str
    row: int | None = None
    field: str | None = None  # one of the ten keys, or None
    found: str | None = None


@dataclass(frozen=True)
class Ref:
    """Which row of ours a row of an export is, and the versions its cells had then."""

    row_id: int
    versions: Mapping[str, int]  # by key; x12 is the team column 12


@dataclass(frozen=True)
class Origin:
    """What an export says about itself. `names` tells whether persons are named in full."""

    team_id: int
    team: str
    exported_at: str  # ISO
    exported_by: str
    names: Literal["full", "initials"]


@dataclass(frozen=True)
class Row:
    """One case as the file has it. `held_back` says why it must not be stored as it is."""

    row: int
    pin: str | None
    person: str | None
    stage: str | None
    needed: str | None
    action: str | None
    owner: str | None
    by_when: date | None
    update: str | None
    difficulty: str | None
    next_meeting: date | None
    extra: Mapping[str, str | None]
    colour: str | None = None  # six hexadecimal digits
    hidden: bool = False
    ref: Ref | None = None
    held_back: str | None = None

    def values(self) -> dict[str, Value]:
        """Give the ten fields by their keys, in order."""
        return {key: getattr(self, key) for key in KEYS}


@dataclass(frozen=True)
class ExtraColumn:
    """A column that the team added."""

    cell: str
    heading: str


@dataclass(frozen=True)
class NotRow:
    """A row within or under the table that is no case, and why."""

    row: int
    why: str


@dataclass(frozen=True)
class Reading:
    """A workbook, read. `lists` are the options of its own drop-downs, empty where it has none."""

    sheet: str
    header_row: int
    columns: Mapping[str, str]  # key: letters of the column
    rows: tuple[Row, ...]
    messages: tuple[Message, ...]
    lists: Mapping[str, tuple[str, ...]]
    extra_columns: tuple[ExtraColumn, ...]
    not_rows: tuple[NotRow, ...]
    origin: Origin | None

    def to_json(self) -> dict[str, object]:
        """Give what json.dumps takes."""
        return plain(self, self.rows, DATES)

    @classmethod
    # What json.loads gave is Any: its shape is that of to_json, in the same version.
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make it again from what to_json gave, through JSON or not."""
        return cls(
            **{name: data[name] for name in ("sheet", "header_row", "columns")},
            rows=tuple(_row(row) for row in data["rows"]),
            messages=tuple(Message(**message) for message in data["messages"]),
            lists={key: tuple(options) for key, options in data["lists"].items()},
            extra_columns=tuple(ExtraColumn(**column) for column in data["extra_columns"]),
            not_rows=tuple(NotRow(**row) for row in data["not_rows"]),
            origin=Origin(**data["origin"]) if data["origin"] else None,
        )


def reading_of(text: str) -> Reading:
    """Give back the reading that was kept as text."""
    return Reading.from_json(json.loads(text))


def _row(data: Mapping[str, Any]) -> Row:
    values = values_of(Row, data, DATES)
    return Row(**values | {"ref": values["ref"] and Ref(**values["ref"])})


def plain(
    read: "DataclassInstance", rows: Iterable["DataclassInstance"], dates: Collection[str]
) -> dict[str, Any]:
    """Give what json.dumps takes of something that was read and its `rows`, the `dates` of these ISO."""
    # Not the rows with the rest: asdict copies each value, which for 5,000 rows takes a while.
    return asdict(replace(read, rows=())) | {"rows": [_plain_row(row, dates) for row in rows]}


def _plain_row(row: "DataclassInstance", dates: Collection[str]) -> dict[str, Any]:
    values = vars(row)
    return (
        values
        | {name: asdict(value) for name, value in values.items() if isinstance(value, Ref)}
        | {key: values[key].isoformat() for key in dates if values[key]}
    )


def values_of(
    record: type["DataclassInstance"], data: Mapping[str, Any], dates: Collection[str]
) -> dict[str, Any]:
    """Give a row's values back from what `plain` made of it, by the fields of its record.

    A list that was parked before a field came has nothing of it.
    """
    values = {field.name: data[field.name] for field in fields(record) if field.name in data}
    return values | {key: date.fromisoformat(values[key]) for key in dates if values.get(key)}
