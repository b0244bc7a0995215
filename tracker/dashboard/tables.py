"""Finds the list in a file: text or workbook, which record or row has the headings, which column is which.

What the values mean is read elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.dashboard.headings import Columns, count_fields, find_columns
from tracker.dashboard.text import SEPARATORS, Record, decode, records, without_separator_line
from tracker.workbook import guard
from tracker.workbook.book import open_book
from tracker.workbook.guard import Refused
from tracker.workbook.stored import Cell, Sheet, StoredRow, letters
from tracker.workbook.styles import PLAIN
from tracker.workbook.table import headings_of
from tracker.workbook.words import clean

SEARCHED = 30  # records or rows from the top: titles and notes may stand above the headings
FEW_FIELDS = 2
ROOM = 500  # rows that are no cases
_TEXT_DAY_ZERO = date(1899, 12, 30)

NO_LIST = (
    "No dashboard list was found in this file: no row has the headings PIN, Name, Team and so on. "
    "Export the table of open cases from the dashboard, with its headings, and try again."
)
NO_PIN = (
    "This list has no column for the PIN (its headings are {headings}). Add the PIN to the table in the "
    "dashboard, or head its column “PIN”, and try again."
)
TOO_MANY = (
    f"This list is too large: it has more than {guard.CASES:,} rows. Filter the dashboard to one locality, "
    "export again and try again."
)
NOT_A_LIST = "This is not a list from the dashboard: {what}. Choose the .csv or .xlsx file that it exported."
EMPTY = "This file is empty. Choose the .csv or .xlsx file that the dashboard exported."


@dataclass(frozen=True)
class Table:
    """The list as it is stored. `broken` says of rows why their fields cannot be told apart, `widths`
    how many fields each record of a text has; of a workbook there are neither.
    """

    sheet: str | None
    header_row: int
    columns: Columns
    rows: list[StoredRow]
    day_zero: date
    broken: Mapping[int, str] = field(default_factory=dict)
    widths: Mapping[int, int] = field(default_factory=dict)
    width: int = 0
    note: str = ""

    def address(self, row: int, column: int) -> str:
        """Give the address of a cell as a spreadsheet would show it."""
        place = f"{letters(column)}{row}"
        return f"{self.sheet}!{place}" if self.sheet is not None else place


def find_table(data: bytes) -> Table:
    """Find the list in what the dashboard exported. Raises Refused where there is none."""
    if data.startswith(b"PK"):
        return _in_workbook(data)
    return _in_text(data)


def check_list(data: bytes) -> None:
    """Let pass what may be a list, by its size and first bytes. Raises Refused for anything else."""
    if not data.strip():
        raise Refused(EMPTY)
    text, _ = decode(data[: 64 * 1024])
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")) or len(data) > guard.FILE_BYTES:
        guard.check_bytes(data)
        return
    if guard.is_old_office(data):
        guard.check_bytes(data)
    what = guard.kind_of(data)
    if what is None and _is_binary(text):
        what = "it is damaged or of a kind that is not known here"
    if what:
        raise Refused(NOT_A_LIST.format(what=what))


def _is_binary(text: str) -> bool:
    """Whether many characters are none that people type."""
    start = text[:4000]
    odd = sum(1 for c in start if (ord(c) < 32 and c not in "\t\r\n\x1a") or c == "\ufffd")
    return odd > len(start) / 50


def _in_text(data: bytes) -> Table:
    text, encoding = decode(data)
    text, told = without_separator_line(text.rstrip("\x1a\x00"))
    if not text.strip():
        raise Refused(EMPTY)
    separators = dict.fromkeys([told, *SEPARATORS] if told else SEPARATORS)
    separator, header, headings = _best_header(text, separators)
    columns = _columns(headings)
    width = len(header.fields)
    rows, broken, widths = [], {}, {}
    # The header is record 1, whatever stands above it.
    for number, record in enumerate(_from(records(text, separator, width=width), header.number), start=1):
        cells = {c: Cell("text", t, PLAIN) for c, t in enumerate(record.fields, start=1) if t.strip()}
        if record.broken:
            broken[number] = record.broken
        if cells and number > 1:
            rows.append(StoredRow(number, False, cells))
            widths[number] = len(record.fields)
        if len(rows) > guard.CASES + ROOM:
            raise Refused(TOO_MANY)
    note = "has no mark of its encoding: read as Windows-1252" if encoding == "windows-1252" else ""
    return Table(None, 1, columns, rows, _TEXT_DAY_ZERO, broken, widths, width, note)


def _from(all_records: Iterable[Record], first: int) -> Iterable[Record]:
    return (record for record in all_records if record.number >= first)


def _best_header(text: str, separators: Iterable[str]) -> tuple[str, Record, Mapping[int, str]]:
    """The separator and the record under which most headings are known."""
    found: list[tuple[int, str, Record, Mapping[int, str]]] = []
    for separator in separators:
        for record in records(text, separator):
            if record.number > SEARCHED:
                break
            headings = {c: clean(t) for c, t in enumerate(record.fields, start=1) if clean(t)}
            found.append((count_fields(headings), separator, record, headings))
    best = max(found, key=lambda one: one[0], default=None)
    if best is None or best[0] < FEW_FIELDS:
        raise Refused(NO_LIST)
    return best[1:]


def _in_workbook(data: bytes) -> Table:
    book = open_book(data)
    found: list[tuple[bool, int, Sheet, int, Mapping[int, str]]] = []
    for entry in book.sheets:
        sheet = book.read(entry, SEARCHED)
        for row in sheet.rows[:SEARCHED]:
            headings = headings_of(row, book)
            known = count_fields(headings)
            found.append((entry.state == "visible", known, sheet, row.number, headings))
    best = max((one for one in found if one[1] >= FEW_FIELDS), key=lambda one: (one[0], one[1]), default=None)
    if best is None:
        raise Refused(NO_LIST)
    _, _, sheet, number, head = best
    columns = _columns(head)
    if not sheet.complete:
        sheet = book.read(sheet.entry, guard.CASES + ROOM)
    if not sheet.complete:
        raise Refused(TOO_MANY)
    rows = [row for row in sheet.rows if row.number > number]
    return Table(sheet.entry.name, number, columns, rows, book.day_zero)


def _columns(headings: Mapping[int, str]) -> Columns:
    columns = find_columns(headings)
    if "pin" not in columns.fields:
        listed = ", ".join(f"“{heading[:40]}”" for heading in list(headings.values())[:12])
        raise Refused(NO_PIN.format(headings=listed))
    return columns
