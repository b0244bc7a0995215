"""Reads a team's workbook into rows and messages, whoever wrote it. Nothing is compared with what
is stored here, and no row is taken or left: a row that must not come in as it is says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.workbook import guard
from tracker.workbook.book import open_book
from tracker.workbook.cells import Taken, take_date, take_pin, take_text, usual_width
from tracker.workbook.guard import Refused, run_in_child
from tracker.workbook.headings import (
    CHOICES,
    DATES,
    EXTRA_MOST,
    FIELDS,
    KEYS,
    LABELS,
    are_headings,
)
from tracker.workbook.holding import NOBODY, doubles, too_long
from tracker.workbook.lists import read_lists
from tracker.workbook.not_cases import adds_up, has_digit, is_key, is_note
from tracker.workbook.origin import Refs, read_origin
from tracker.workbook.reading import ExtraColumn, Level, NotRow, Origin, Reading, Row, Value
from tracker.workbook.stored import Book, Cell, Sheet, StoredRow, letters
from tracker.workbook.styles import PLAIN
from tracker.workbook.table import Answer, Table, find_table, headings_of
from tracker.workbook.telling import Telling, listed
from tracker.workbook.words import match_option

STAGES = (
    "Awaiting first CIN meeting",
    "Intervention underway",
    "Identified for potential closure",
    "Decided to close",
    "Closed",
)

# The guide's two example rows: team workbooks still carry them.
_EXAMPLES = {("000001", "AI Example"), ("000002", "Ed Test")}
_ONLY_OWN = "without anything but in columns of the team"
_BLANK = Cell("nothing", "", PLAIN)
_ROOM = 500  # rows above the table, and in it rows that are no cases
_LONGEST_LISTED_GAP = 50  # blank rows; a longer gap is told as one


def read_in_child(
    data: bytes,
    *,
    today: date,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Reading:
    """Read a workbook in a child process, within limits.

    `columns` answers ColumnsUnclear: letters by key, such as {"pin": "C"}, blank for a field that
    has no column; `sheet` and `header_row` where these were wrong. Raises Refused; when which
    column is which cannot be told, its subclass ColumnsUnclear.
    """
    request = {
        "today": today.isoformat(),
        "answer": {"columns": dict(columns or {}), "sheet": sheet, "header_row": header_row},
    }
    return Reading.from_json(run_in_child(data, request))


# What json.loads gave is Any: the shape is that of read_in_child.
def read_as_requested(data: bytes, request: Mapping[str, Any]) -> Reading:
    """Read what `read_in_child` was asked for: the child's side of it."""
    today = date.fromisoformat(request["today"])
    return read_workbook(data, today=today, answer=Answer(**request["answer"]))


def read_workbook(data: bytes, *, today: date, answer: Answer | None = None) -> Reading:
    """Read a workbook in this process. `today` gives dates typed without a year theirs.

    Raises Refused. People's files go through read_in_child, which has limits of time and memory.
    """
    book = open_book(data)
    table = find_table(book, answer)
    sheet = table.sheet
    if not sheet.complete:  # then the search for the headings saw its top only
        sheet = book.read(sheet.entry, guard.CASES + _ROOM)
    if not sheet.complete:
        raise Refused(guard.TOO_MANY_ROWS)
    origin, refs = read_origin(book)
    reader = _TableReader(
        book=book,
        table=table,
        sheet=sheet,
        telling=Telling(table, sheet),
        today=today,
        lists=read_lists(book, table, sheet),
        origin=origin,
        refs=refs,
    )
    return reader.read()


@dataclass
class _TableReader:
    """Goes down the rows of one tracker and gathers what it finds and what it has to tell."""

    book: Book
    table: Table
    sheet: Sheet
    telling: Telling
    today: date
    lists: Mapping[str, tuple[str, ...]]
    origin: Origin | None
    refs: Refs
    rows: list[Row] = field(default_factory=list)
    not_rows: list[NotRow] = field(default_factory=list)
    pin_width: int = 0
    pins_from_numbers: list[int] = field(default_factory=list)
    only_own: list[tuple[StoredRow, int]] = field(default_factory=list)
    colours_left: list[tuple[int, int]] = field(default_factory=list)  # row and column
    struck: list[tuple[int, int]] = field(default_factory=list)

    def read(self) -> Reading:
        stored = [row for row in self.sheet.rows if row.number > self.table.header_row]
        pins = (row.cells.get(self.columns.get("pin", 0)) for row in stored)
        self.pin_width = usual_width((pin for pin in pins if pin), self.book.day_zero)
        self.telling.tell_about_columns()
        self.telling.tell_about_sheet(stored)
        self.telling.tell_about_values_without_heading(stored)
        self._pass_rows_above()
        for row in stored:
            self._read_row(row)
        self._note_blank_rows()
        self._tell_about_rows_of_no_case()
        self._tell_about_number_pins()
        self._hold_back_doubles()
        self.telling.tell_about_looks(self.colours_left, self.struck)
        return Reading(
            sheet=self.table.name,
            header_row=self.table.header_row,
            columns={key: letters(self.columns[key]) for key in KEYS if key in self.columns},
            rows=tuple(self.rows),
            messages=self.telling.in_order(),
            lists=self.lists,
            extra_columns=tuple(
                ExtraColumn(self.sheet.address(self.table.header_row, column), heading)
                for column, heading in self.extra.items()
            ),
            not_rows=tuple(sorted(self.not_rows, key=lambda not_row: not_row.row)),
            origin=self.origin,
        )

    @property
    def columns(self) -> Mapping[str, int]:
        return self.table.columns.fields

    @property
    def extra(self) -> Mapping[int, str]:
        return self.table.columns.extra

    def _read_row(self, stored: StoredRow) -> None:
        texts = headings_of(stored, self.book)
        known = {c: t for c, t in texts.items() if c in self.extra or c in self.columns.values()}
        why = self._why_no_case(stored, known)
        if why is not None:
            self.not_rows.append(NotRow(stored.number, why))
            if why == _ONLY_OWN:
                self.only_own.append((stored, min(known)))
            elif known:
                column = min(known)
                found = known[column]
                note = f"says “{found[:60]}”: row {stored.number} is {why} and is not read"
                self.telling.tell(stored.number, column, note, code="not_a_case", level="info", found=found)
            return
        self.rows.append(self._case(stored))
        if len(self.rows) > guard.CASES:
            raise Refused(guard.TOO_MANY_ROWS)

    def _why_no_case(self, stored: StoredRow, texts: Mapping[int, str]) -> str | None:
        """Say what a row is when it is no case. An export of ours has cases only."""
        if not texts:
            return "blank"
        if self.origin is not None:
            return None
        in_fields = [texts[column] for column in self.columns.values() if column in texts]
        if are_headings(in_fields, least=len(FIELDS) // 2):
            return "the headings again"
        pin, person = (texts.get(self.columns.get(key, 0)) for key in ("pin", "person"))
        if stored.number in self.sheet.totals or adds_up(pin or "", person or ""):
            return "a total"
        if pin and (is_key(pin) or (texts.keys() == {self.columns["pin"]} and is_note(pin))):
            return "a note"
        return None if texts.keys() & {*self.columns.values()} else _ONLY_OWN

    def _pass_rows_above(self) -> None:
        """Tell what stands above the headings: a title, and cases that somebody put there."""
        above = (row for row in self.sheet.rows if row.number < self.table.header_row)
        for stored in above:
            texts = headings_of(stored, self.book)
            if not texts:
                continue
            column = min(texts)
            note = (
                f"says “{texts[column][:60]}”: row {stored.number} stands above the headings and is not read"
            )
            level: Level = "warning" if self._looks_like_a_case(texts) else "info"
            self.telling.tell(stored.number, column, note, code="above_headings", level=level)

    def _looks_like_a_case(self, texts: Mapping[int, str]) -> bool:
        pin, stage = (texts.get(self.columns.get(key, 0), "") for key in ("pin", "stage"))
        several = len(texts.keys() & {*self.columns.values()}) > 2
        return several and (has_digit(pin) or match_option(stage, STAGES) is not None)

    def _case(self, stored: StoredRow) -> Row:
        values: dict[str, Value] = {key: self._value(stored, key) for key in KEYS}
        extra = {heading: self._text(stored, column, EXTRA_MOST) for column, heading in self.extra.items()}
        row = Row(
            row=stored.number,
            # Each value has the type of its key: _value gives dates for DATES, else texts.
            **values,  # type: ignore[arg-type]
            extra=extra,
            colour=self._colour(stored),
            hidden=stored.hidden,
        )
        ref = self.refs.find(stored.number, row.pin, row.person)
        held_back = self._reason_to_hold_back(row)
        if not row.pin and not held_back and self._is_blank(stored, "pin"):
            note = f"is blank: {row.person or 'the case'} has no PIN yet"
            self.telling.tell(stored.number, self.columns["pin"], note, code="pin_missing")
        if not row.person and not held_back and self._is_blank(stored, "person"):
            note = f"is blank: the case {row.pin} has no name"
            self.telling.tell(stored.number, self.columns["person"], note, code="person_missing")
        if (row.pin, row.person) in _EXAMPLES:
            note = "is the first cell of an example row of the guide: read like any other"
            self.telling.tell(stored.number, self.columns["pin"], note, code="example_row", level="info")
        self.struck += [
            (stored.number, c)
            for c, cell in stored.cells.items()
            if cell.style.struck and cell.kind != "nothing"
        ]
        return replace(row, ref=ref, held_back=held_back)

    def _is_blank(self, stored: StoredRow, key: str) -> bool:
        """Tell whether nothing stands in a cell; of what cannot be read something is told already."""
        column = self.columns.get(key)
        return column is not None and stored.cells.get(column, _BLANK).kind == "nothing"

    def _value(self, stored: StoredRow, key: str) -> Value:
        column = self.columns.get(key)
        if column is None:
            return None
        cell = stored.cells.get(column)
        if key in DATES:
            return self._take(stored, column, take_date(cell, self.book.day_zero, self.today))
        if key == "pin":
            return self._pin(stored, column, cell)
        if key in CHOICES:
            return self._choice(stored, column, key)
        return self._text(stored, column, next(f.most for f in FIELDS if f.key == key))

    def _take(self, stored: StoredRow, column: int, taken: Taken[date] | Taken[str]) -> Value:
        """Give the value of a cell, having told what is to be told about it."""
        if taken.note:
            self.telling.tell(
                stored.number,
                column,
                taken.note.rstrip("."),
                code=taken.code,
                level=taken.level,
                found=taken.found,
            )
        return taken.value

    def _pin(self, stored: StoredRow, column: int, cell: Cell | None) -> Value:
        taken = take_pin(
            cell,
            self.book.day_zero,
            width=self.pin_width,
            to_the_letter=self.origin is not None,
        )
        if taken.code == "pin_from_number":
            self.pins_from_numbers.append(stored.number)
            return taken.value
        return self._take(stored, column, taken)

    def _text(self, stored: StoredRow, column: int, most: int | None) -> str | None:
        taken = take_text(stored.cells.get(column), self.book.day_zero)
        self._take(stored, column, taken)
        return taken.value

    def _choice(self, stored: StoredRow, column: int, key: str) -> str | None:
        typed = self._text(stored, column, None)
        if typed is None:
            return None
        options = STAGES if key == "stage" else self.lists[key]
        option = match_option(typed, options)
        if option is None and key == "stage":
            note = f"says “{typed}”, which is none of the five stages: read as not set"
            self.telling.tell(stored.number, column, note, code="stage_unknown", found=typed)
        elif option is None and options:
            note = f"says “{typed}”, which is not in the workbook's drop-down: kept as typed"
            self.telling.tell(stored.number, column, note, code=f"{key}_unknown", found=typed)
        elif option is not None and option != typed:
            note = f"says “{typed}”: read as “{option}”"
            code = f"{key}_normalised"
            self.telling.tell(stored.number, column, note, code=code, level="info", found=typed)
        return option if key == "stage" else option or typed

    def _colour(self, stored: StoredRow) -> str | None:
        """Give the fill that at least half of the row's ten cells have: a coloured row.

        One coloured cell is somebody's mark in passing and is not kept, which is told.
        """
        fills = {c: cell.style.fill for c, cell in stored.cells.items() if c in self.columns.values()}
        found = list(fills.values())
        # Of two colours that are as common the one that stands first.
        commonest = max(dict.fromkeys(found), key=found.count, default=None)
        colour = commonest if found.count(commonest) * 2 >= len(found) else None
        self.colours_left += [(stored.number, c) for c, fill in fills.items() if fill not in (None, colour)]
        return colour

    def _reason_to_hold_back(self, row: Row) -> str | None:
        if not row.pin and not row.person and self.origin is None:
            column = self.columns.get("person", self.table.first)
            note = f"is blank and so is the PIN: row {row.row} cannot be told to be anybody's"
            self.telling.tell(row.row, column, f"{note} and is held back", code="nobody")
            return NOBODY
        found = too_long(row)
        return self._too_long(row, *found) if found else None

    def _too_long(self, row: Row, key: str, length: int, most: int) -> str:
        places = {**self.columns, **{h: c for c, h in self.extra.items()}}
        note = f"has {length:,} characters and at most {most:,} are kept: row {row.row} is held back"
        self.telling.tell(row.row, places[key], note, code="too_long")
        return f"{LABELS.get(key, key)} has {length:,} characters; at most {most:,} are kept."

    def _note_blank_rows(self) -> None:
        """List the rows without a value that stand between rows with one."""
        taken = sorted({row.row for row in self.rows} | {n.row for n in self.not_rows})
        for before, after in zip([self.table.header_row, *taken], taken, strict=False):
            if after - before - 1 > _LONGEST_LISTED_GAP:
                self.not_rows.append(NotRow(before + 1, f"blank, to row {after - 1}"))
            else:
                self.not_rows += [NotRow(n, "blank") for n in range(before + 1, after)]

    def _tell_about_rows_of_no_case(self) -> None:
        """Tell once of rows in which only columns of the team have something: numbers run on, boxes wait."""
        if not self.only_own:
            return
        first, column = self.only_own[0]
        rows = listed([row.number for row, _ in self.only_own])
        typed = any(cell.kind == "text" for row, _ in self.only_own for cell in row.cells.values())
        note = f"has a value in a row without a case (rows {rows}): not read"
        level: Level = "warning" if typed else "info"
        self.telling.tell(first.number, column, note, code="not_a_case", level=level)

    def _tell_about_number_pins(self) -> None:
        if self.pins_from_numbers:
            first, *others = self.pins_from_numbers
            note = "is stored as a number: read as the digits that are shown"
            if others:
                note = "and other PINs of this column are stored as numbers: read as the digits that "
                note += f"are shown (rows {listed(self.pins_from_numbers)})"
            self.telling.tell(first, self.columns["pin"], note, code="pin_from_number", level="info")

    def _hold_back_doubles(self) -> None:
        """Of rows with the same PIN take the first, and hold back the others."""
        column = self.columns.get("pin", 0)
        held_back = {}
        for row, earlier in doubles(self.rows, to_the_letter=self.origin is not None):
            here, there = f"{letters(column)}{row.row}", f"{letters(column)}{earlier.row}"
            note = f"has the PIN {row.pin} that {there} has too: row {row.row} is held back"
            self.telling.tell(row.row, column, note, code="pin_duplicate", found=row.pin)
            note = f"has the PIN {earlier.pin} that {here} has too: row {earlier.row} is read"
            self.telling.tell(earlier.row, column, note, code="pin_duplicate", found=earlier.pin)
            held_back[row.row] = row.held_back or f"The PIN {row.pin} stands on row {earlier.row} already."
        self.rows = [
            replace(row, held_back=held_back[row.row]) if row.row in held_back else row for row in self.rows
        ]
