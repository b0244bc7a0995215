"""The plan of an import: for each row of the file what would happen to which cell, and why not.

It is made by compare.py, shown by the preview and carried out by tracker/changes/bulk.py.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tracker.choices import Stage
from tracker.models import Difficulty, Need, Word
from tracker.workbook.reading import Message, Reading

Keep = Literal["ours", "file"]
Outcome = Literal["added", "changed", "unchanged", "held_back"]

# Which row of the file and which field: a cell about which somebody chose.
Place = tuple[int, str]

# The fields whose values are words of a list.
WORD_FIELDS: Mapping[str, type[Need] | type[Difficulty]] = {"needed": Need, "difficulty": Difficulty}

# Before the heading of a column that the tracker does not have yet; it gets its key when it is made.
NEW_COLUMN = "+"


@dataclass(frozen=True)
class NewWord:
    """A word that no list has. It becomes an unreviewed one when the import is confirmed."""

    label: str


@dataclass(frozen=True)
class Given:
    """A value of the file as the tracker takes it: what people read, what a record keeps."""

    text: str
    value: Any  # str, date, Stage, Word, NewWord or None, as the field has it

    @property
    def same_as(self) -> str:
        """The raw text by which it is compared with `TrackerRow.raw`; a new word equals none."""
        if isinstance(self.value, Word):
            return str(self.value.pk)
        if isinstance(self.value, NewWord):
            return f"{NEW_COLUMN}{self.value.label}"
        return "" if self.value is None else str(self.value)


@dataclass(frozen=True)
class Cell:
    """One cell that the file would fill or change. `take` says whether the file's value is written.

    A conflict is a cell that differs and of which nobody can tell that the file's value is the newer.
    """

    key: str
    label: str
    address: str
    ours: str
    given: Given
    conflict: bool = False
    take: bool = True


@dataclass(frozen=True)
class Which:
    """One answer to which case a row of the file is: what is kept of it, and what a person reads."""

    value: str
    label: str


@dataclass(frozen=True)
class RowPlan:
    """What would happen to one row of the file. `row_id` is the row here that it is, if any.

    `case_id` is a case that is known by its PIN and has no row any more but removed ones; `done` is a
    row that is closed here and there; `reopens` is one that is closed here and comes back. `which` are
    the answers that a person may give, `left_out` says that this person wants none of it.
    """

    row: int
    pin: str
    person: str
    cells: tuple[Cell, ...] = ()
    row_id: int | None = None
    case_id: int | None = None
    held_back: str = ""
    done: bool = False
    reopens: bool = False
    left_out: bool = False
    which: tuple[Which, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Under which of the four counts it falls."""
        if self.held_back:
            return "held_back"
        if self.row_id is None and not self.done:
            return "added"
        return "changed" if self.reopens or any(cell.take for cell in self.cells) else "unchanged"

    @property
    def conflicts(self) -> list[Cell]:
        """The cells about which somebody has to choose."""
        return [cell for cell in self.cells if cell.conflict]

    @property
    def closed(self) -> bool:
        """Whether it comes in closed."""
        return self.outcome == "added" and any(cell.given.value == Stage.CLOSED for cell in self.cells)


@dataclass(frozen=True)
class Missing:
    """An open row here that the file does not have. Nothing is done about it."""

    row_id: int
    pin: str
    person: str


@dataclass(frozen=True)
class Plan:
    """What the import of one file onto one team's tracker would do, as things stood at number `head`.

    `reading` is what the file says, with what a person typed over it.
    """

    team_id: int
    head: int
    reading: Reading
    rows: tuple[RowPlan, ...]
    messages: tuple[Message, ...]
    missing: tuple[Missing, ...]
    new_columns: tuple[str, ...]
    new_words: Mapping[str, Sequence[str]]  # by field: needed, difficulty

    def rows_to_be(self, outcome: Outcome) -> list[RowPlan]:
        """The rows that fall under one of the four counts."""
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def rows_told(self) -> list[int]:
        """The rows of the tracker that the plan shows something of; one that a row only may be is missing."""
        known = [row.row_id for row in self.rows if row.row_id]
        return [*known, *(row.row_id for row in self.missing)]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of the file fall under each of the four."""
        outcomes: tuple[Outcome, ...] = ("added", "changed", "unchanged", "held_back")
        return {outcome: len(self.rows_to_be(outcome)) for outcome in outcomes}

    @property
    def conflicts(self) -> int:
        """How many cells somebody has to choose about."""
        return sum(len(row.conflicts) for row in self.rows)

    @property
    def changes_anything(self) -> bool:
        """Whether confirming it would write."""
        return bool(self.counts["added"] or self.counts["changed"])

    @property
    def digest(self) -> str:
        """Differs where anything that the preview offered differs; the choices made there do not count."""
        told = [
            [
                [row.row, row.row_id, row.case_id, row.held_back, row.reopens],
                [[cell.key, cell.ours, cell.given.same_as, cell.conflict] for cell in row.cells],
            ]
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()
