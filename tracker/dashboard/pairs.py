"""Two columns, PIN and date of the next CIN meeting, out of a pasted text, a text file or a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tracker.dashboard.headings import field_of as dashboard_field
from tracker.dashboard.tables import EMPTY, check_list
from tracker.dashboard.text import SEPARATORS, decode, records, without_separator_line
from tracker.workbook.book import open_book
from tracker.workbook.cells import PIN_DIGITS, as_seen, is_day, take_date
from tracker.workbook.guard import Refused, run_in_child
from tracker.workbook.headings import field_of, normalise
from tracker.workbook.words import clean

MOST = 200
NOT_TWO = "Two columns are needed, PIN and date. Copy both columns and paste them again."
TOO_MANY = f"At most {MOST} rows can be changed at once. Paste them in parts."
_DATE_WORDS = ("date", "next review", "meeting date")


@dataclass(frozen=True)
class Pair:
    """One row: the PIN and the date as they were typed."""

    row: int
    pin: str
    date: str


def read_pairs_in_child(data: bytes, *, today: date) -> list[Pair]:
    """Read the two columns in a child process, within limits. Raises Refused."""
    request = {"reader": "pairs", "today": today.isoformat()}
    answer = run_in_child(data, request, check=check_list)
    # The child is of our own version: its rows have this shape.
    return [Pair(**row) for row in answer["rows"]]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Pairs:
    """What was read, on its way out of the child."""

    rows: list[Pair]

    def to_json(self) -> dict[str, object]:
        """Give what json.dumps takes."""
        return asdict(self)


# What json.loads gave is Any: the shape is that of read_pairs_in_child.
def read_as_requested(data: bytes, request: Mapping[str, Any]) -> Pairs:
    """Read what `read_pairs_in_child` was asked for: the child's side of it."""
    return Pairs(read_pairs(data, today=date.fromisoformat(request["today"])))


def read_pairs(data: bytes, *, today: date) -> list[Pair]:
    """Read the two columns in this process. Headings may stand over them; then others may stand beside."""
    lines = _of_workbook(data, today) if data.startswith(b"PK") else _of_text(data)
    filled = [(number, values) for number, values in lines if any(values)]
    if not filled:
        raise Refused(EMPTY)
    heads = next(((n, found) for n, values in filled[:10] if len(found := _headings(values)) == 2), None)
    if heads is None:
        pin, day, first = 0, 1, 0
    else:
        first, (pin, day) = heads[0], (heads[1]["pin"], heads[1]["next_meeting"])
    below = [(number, values) for number, values in filled if number > first]
    if not below or all(len(values) < 2 for _, values in below):
        raise Refused(NOT_TWO)
    if len(below) > MOST:
        raise Refused(TOO_MANY)
    return [Pair(number, _at(values, pin), _at(values, day)) for number, values in below]


def _at(values: Sequence[str], column: int) -> str:
    return values[column] if column < len(values) else ""


def _headings(values: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, text in enumerate(values):
        if dashboard_field(text) == "pin" or field_of(text) == "pin":
            found.setdefault("pin", column)
        elif field_of(text) == "next_meeting" or normalise(text) in _DATE_WORDS:
            found.setdefault("next_meeting", column)
    return found


def _of_text(data: bytes) -> list[tuple[int, list[str]]]:
    text, told = without_separator_line(decode(data)[0])
    marks = [told] if told else sorted(SEPARATORS, key=text.count, reverse=True)
    separator = "\t" if "\t" in text else marks[0]
    return [(one.number, [clean(value) for value in one.fields]) for one in records(text, separator or ",")]


def _of_workbook(data: bytes, today: date) -> list[tuple[int, list[str]]]:
    book = open_book(data)
    entry = next((one for one in book.sheets if one.state == "visible"), book.sheets[0])
    sheet = book.read(entry, MOST * 5)
    lines = []
    for row in sheet.rows:
        values = [""] * max(row.cells, default=0)
        for column, cell in row.cells.items():
            day = take_date(cell, book.day_zero, today).value if is_day(cell) else None
            values[column - 1] = f"{day:%d/%m/%Y}" if day else clean(as_seen(cell, book.day_zero))
            if cell.kind == "number" and day is None and values[column - 1].isdigit():
                values[column - 1] = values[column - 1].zfill(PIN_DIGITS)
        lines.append((row.number, values))
    return lines
