"""What a workbook and its sheets are to everybody above the file formats: cells as stored, rows,
merges, drop-downs. Reading them out of a file is in `sheet` and `ods`, what they mean in `cells`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tracker.workbook.styles import Style

COLUMNS = 100  # read from the left; the tracker has ten
LAST_COLUMN, LAST_ROW = 16384, 1048576  # of any sheet

_CORNER = re.compile(r"(?:\$?([A-Z]{1,3}))?(?:\$?([0-9]{1,7}))?")


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it; `state` is visible, hidden or veryHidden."""

    name: str
    part: str
    state: str


class Cell(NamedTuple):
    """What a cell holds. `kind`: text, number, date (ISO), truth, error, unsaved (a formula
    without its value) or nothing (a style only). The value is as stored, escapes undone.
    """

    kind: str
    value: str
    style: Style


class Area(NamedTuple):
    """A rectangle of cells, rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def meets(self, other: "Area") -> bool:
        """Tell whether two areas have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


@dataclass
class StoredRow:
    """A row with at least one value in it."""

    number: int
    hidden: bool
    cells: dict[int, Cell]


@dataclass
class DropDown:
    """A list validation: where it holds and what it offers, as a formula or typed option by option."""

    areas: list[Area]
    formula: str
    options: tuple[str, ...] = ()


@dataclass
class Sheet:
    """What was read of one sheet."""

    entry: SheetEntry
    rows: list[StoredRow] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Area] = field(default_factory=list)
    drop_downs: list[DropDown] = field(default_factory=list)
    filtered_columns: list[int] = field(default_factory=list)
    beyond: str | None = None  # the first value in a column that is too far right to be read
    coloured_by_rule: Area | None = None  # the first place where a condition gives cells a colour
    totals: set[int] = field(default_factory=set)  # rows that an Excel table keeps for its totals
    comments: set[Area] = field(default_factory=set)  # cells with a note or a thread of comments
    complete: bool = True  # or reading stopped after so many rows, before merges and drop-downs

    def address(self, row: int, column: int) -> str:
        """Give the address of a cell as people write it: Tracker!G4."""
        return f"{self.entry.name}!{letters(column)}{row}"


def letters(column: int) -> str:
    """Give the letters of a column, 1 being A."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def read_area(reference: str) -> Area | None:
    """Read A1, $A$1:$B$2, A:A or 1:3; None when it is something else."""
    first, _, last = reference.strip().partition(":")
    start, end = read_corner(first), read_corner(last or first)
    if start is None or end is None:
        return None
    return Area(
        top=min(start[0] or 1, end[0] or 1),
        left=min(start[1] or 1, end[1] or 1),
        bottom=max(start[0] or LAST_ROW, end[0] or LAST_ROW),
        right=max(start[1] or LAST_COLUMN, end[1] or LAST_COLUMN),
    )


@dataclass(frozen=True)
class Book:
    """A workbook, opened: its sheets are read one by one, each up to so many rows with values."""

    sheets: tuple[SheetEntry, ...]
    names: Mapping[str, str]  # defined names in small letters, and what they stand for
    day_zero: date  # from which numbers count days
    read: Callable[[SheetEntry, int], Sheet]

    def entry(self, name: str) -> SheetEntry | None:
        """Give a sheet by its name, in any letter case as spreadsheet programs have it."""
        return next((s for s in self.sheets if s.name.casefold() == name.casefold()), None)


def read_corner(text: str) -> tuple[int, int] | None:
    """Read the name of a cell, a column or a row: row and column, each 0 when it is not named."""
    match = _CORNER.fullmatch(text.upper())
    if match is None or not text:
        return None
    row, column = int(match[2] or 0), column_of(match[1] or "")
    return (row, column) if row <= LAST_ROW and column <= LAST_COLUMN else None


@lru_cache(maxsize=1024)  # each cell of a sheet names its column
def column_of(name: str) -> int:
    """Give the number of a column by its letters, A being 1."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
