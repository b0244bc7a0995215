"""One sheet as it is stored: the cells of its rows, what is hidden or merged, and its drop-downs.
Streams: rows without a value cost nothing but the time to pass them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.workbook import guard
from tracker.workbook.book import Book, SheetEntry
from tracker.workbook.guard import Refused
from tracker.workbook.package import Enough, attribute, is_true
from tracker.workbook.strings import TextCollector, unescape
from tracker.workbook.styles import PLAIN, Style

COLUMNS = 100  # read from the left; the tracker has ten
LAST_COLUMN, LAST_ROW = 16384, 1048576  # of any sheet

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})?")


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
    """A list validation: where it holds and what it offers, as a formula."""

    areas: list[Area]
    formula: str


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
    first, _, last = reference.strip().upper().partition(":")
    start, end = _corner(first), _corner(last or first)
    if start is None or end is None:
        return None
    return Area(
        top=min(start[0] or 1, end[0] or 1),
        left=min(start[1] or 1, end[1] or 1),
        bottom=max(start[0] or LAST_ROW, end[0] or LAST_ROW),
        right=max(start[1] or LAST_COLUMN, end[1] or LAST_COLUMN),
    )


def read_sheet(book: Book, entry: SheetEntry, *, most_rows: int) -> Sheet:
    """Read up to `most_rows` rows that have values, then stop."""
    watcher = _SheetWatcher(book, Sheet(entry), most_rows=most_rows)
    book.package.walk(entry.part, watcher)
    return watcher.sheet


def _corner(text: str) -> tuple[int, int] | None:
    """Give row and column, each 0 when it is not named."""
    if text.lstrip("$").isdecimal():
        return int(text.lstrip("$")), 0
    match = _REFERENCE.fullmatch(text)
    return match and (int(match[2] or 0), _column(match[1]))


def _column(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _SheetWatcher:
    def __init__(self, book: Book, sheet: Sheet, *, most_rows: int) -> None:
        self.book, self.sheet, self.most_rows = book, sheet, most_rows
        self._row = StoredRow(0, hidden=False, cells={})
        self._column = 0
        self._type, self._style = "n", PLAIN
        self._has_formula, self._value = False, ""
        self._collecting: str | None = None  # v, or the element of a drop-down
        self._inline = TextCollector()
        self._in_cell = False
        self._characters = 0
        self._drop_down: DropDown | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._in_cell:
            self._start_in_cell(name)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "row":
            number = int(attributes.get("r") or self._row.number + 1)
            self._row = StoredRow(number, is_true(attributes.get("hidden")), {})
            self._column = 0
        else:
            self._start_around(name, attributes)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        place = _corner(attributes["r"]) if "r" in attributes else None
        self._column = place[1] if place else self._column + 1
        style = int(attributes.get("s") or 0)
        self._style = self.book.styles[style] if style < len(self.book.styles) else PLAIN
        self._type = attributes.get("t", "n")
        self._has_formula, self._value = False, ""
        self._in_cell = True

    def _start_in_cell(self, name: str) -> None:
        if name == "f":
            self._has_formula = True
        elif name == "v":
            self._collecting = "v"
        else:
            self._inline.start(name)

    def _start_around(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take what stands before and after the rows."""
        if name == "col" and is_true(attributes.get("hidden")):
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.sheet.hidden_columns.update(range(first, min(last, COLUMNS) + 1))
        elif name == "mergeCell":
            area = read_area(attributes.get("ref", ""))
            self.sheet.merges += [area] if area else []
        elif name == "autoFilter":
            area = read_area(attributes.get("ref", ""))
            self._column = area.left if area else 1
        elif name == "filterColumn":
            self.sheet.filtered_columns.append(self._column + int(attributes.get("colId", 0)))
        else:
            self._start_drop_down(name, attributes)

    def _start_drop_down(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "dataValidation":
            self._drop_down = DropDown([], "")
            if attributes.get("type") == "list":
                self.sheet.drop_downs.append(self._drop_down)
            self._take_places(attribute(attributes, "sqref") or "")
        elif self._drop_down is not None and name in ("formula1", "sqref"):
            self._collecting = name
            self._value = ""

    def _take_places(self, references: str) -> None:
        if self._drop_down is not None:
            areas = (read_area(reference) for reference in references.split())
            self._drop_down.areas += [area for area in areas if area]

    def text(self, data: str) -> None:
        if self._collecting:
            self._value += data
        elif self._in_cell:
            self._inline.text(data)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == self._collecting:
            self._end_collected(name)
        elif self._in_cell:
            self._inline.end(name)
        elif name == "dataValidation":
            self._drop_down = None

    def _end_collected(self, name: str) -> None:
        self._collecting = None
        if self._drop_down is not None and name == "formula1":
            self._drop_down.formula = self._value.strip()
        elif self._drop_down is not None and name == "sqref":
            self._take_places(self._value)

    def _end_cell(self) -> None:
        self._in_cell = False
        cell = self._cell(self._inline.take())
        if self._column > COLUMNS:
            if cell.kind != "nothing" and self.sheet.beyond is None:
                self.sheet.beyond = self.sheet.address(self._row.number, self._column)
            return
        self._characters += len(cell.value)
        if self._characters > guard.TEXT_CHARACTERS:
            raise Refused(guard.TOO_LARGE_UNPACKED)
        self._row.cells[self._column] = cell

    def _cell(self, inline: str) -> Cell:
        value, style = self._value, self._style
        if self._type == "inlineStr":
            return _text(inline, style)
        if self._type == "str" and (value or self._has_formula):
            return _text(unescape(value), style)
        if not value.strip():
            return Cell("unsaved" if self._has_formula else "nothing", "", style)
        if self._type == "s":
            return _text(self._shared(value), style)
        kind = {"n": "number", "b": "truth", "e": "error", "d": "date", "str": "text"}
        return Cell(kind.get(self._type, "text"), value.strip(), style)

    def _shared(self, number: str) -> str:
        index = int(number)
        if not 0 <= index < len(self.book.texts):
            raise Refused(guard.DAMAGED)
        return self.book.texts[index]

    def _end_row(self) -> None:
        if all(cell.kind == "nothing" for cell in self._row.cells.values()):
            return
        if len(self.sheet.rows) < self.most_rows:
            self.sheet.rows.append(self._row)
        else:
            self.sheet.complete = False
            raise Enough


def _text(value: str, style: Style) -> Cell:
    return Cell("text" if value.strip() else "nothing", value, style)
