"""What one stored cell means: a text as people see it, a date, a PIN. Each answer carries what
has to be told about it. Where the cell stands is not known here.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from tracker.workbook.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    DateUnreadable,
    depends_on_today,
    read_date,
    show,
)
from tracker.workbook.reading import Level
from tracker.workbook.stored import Cell
from tracker.workbook.styles import Style
from tracker.workbook.words import clean

T = TypeVar("T")

PIN_DIGITS = 6  # in the guide's examples

_ZEROS = re.compile(r'(?:"(?P<prefix>[^"]*)")?(?P<zeros>0+)')
_DECIMALS = re.compile(r"(?P<thousands>#,##)?0(?:\.(?P<decimals>0+))?(?P<percent>%?)")
_PIN_PREFIX = re.compile(r"(?:pin|no\.?|#)[\s:.#-]*(?=\d)", re.IGNORECASE)
_EXACT_DIGITS = 15  # of a number in a spreadsheet: what comes after them is lost
_HAS_TIME = re.compile(r"[T ].*[1-9]")
_ALL_ALIKE = re.compile(r"[OoIl]{4,}")
_LOOK_ALIKE = re.compile(r"(?=.*\d)(?=.*[OoIl])[\dOoIl]+")


@dataclass(frozen=True)
class Taken(Generic[T]):
    """A value, and what is to be told about the cell it came from, if anything."""

    value: T | None
    note: str = ""
    level: Level = "info"
    code: str = ""
    found: str | None = None


def take_text(cell: Cell | None, day_zero: date) -> Taken[str]:
    """Read a cell whose column holds free text."""
    if cell is None or cell.kind == "nothing":
        return Taken(None)
    if cell.kind == "unsaved":
        return Taken(
            None,
            "holds a formula whose result was not saved: read as blank. Open the file in Excel, "
            "save it and import it again",
            "warning",
            "formula_unsaved",
        )
    if cell.kind == "error":
        return _warning(f"shows the error {cell.value}: read as blank", "cell_error", cell.value)
    seen = clean(as_seen(cell, day_zero)) or None
    if seen and cell.kind != "text" and is_day(cell):
        return Taken(seen, f"is a date: read as the text {seen}", "info", "text_from_date", seen)
    return Taken(seen)


def take_date(cell: Cell | None, day_zero: date, today: date) -> Taken[date]:
    """Read a cell whose column holds dates; texts are read day first."""
    plain = take_text(cell, day_zero)
    if cell is None or plain.value is None:
        return Taken(None, plain.note, plain.level, plain.code, plain.found)
    if cell.kind == "number":
        return _date_of_number(cell, day_zero, plain.value)
    typed = cell.value if cell.kind == "date" else plain.value
    try:
        day = read_date(typed, today=today)
    except DateUnreadable as error:
        return _warning(f"is read as blank: {error}", "date_unreadable", typed)
    if cell.kind == "date":
        return _without_time(day, typed) if _HAS_TIME.search(typed) else Taken(day)
    if depends_on_today(plain.value, today=today):
        return Taken(
            day,
            f"says “{plain.value}” without a full date: read as {day:%d/%m/%Y}",
            "warning",
            "date_without_year",
            plain.value,
        )
    return Taken(
        day,
        f"is a date typed as text, “{plain.value}”: read day first as {show(day)}",
        "info",
        "date_from_text",
        plain.value,
    )


def take_pin(cell: Cell | None, day_zero: date, *, width: int, to_the_letter: bool) -> Taken[str]:
    """Read a PIN, its zeros kept. `width` is the usual number of digits in its column, or 0.

    In an export of ours a PIN is read to the letter; other files get what people write beside
    a number taken off.
    """
    plain = take_text(cell, day_zero)
    if cell is None or plain.value is None:
        return plain
    if cell.kind == "number":
        return _pin_of_number(plain.value, width)
    return plain if to_the_letter else _pin_of_text(plain.value, width)


def without_prefix(text: str) -> str:
    """Give a PIN without what people write before it: “PIN”, “No.”, “#”."""
    match = _PIN_PREFIX.match(text)
    return text[match.end() :] if match else text


def _pin_of_text(text: str, width: int) -> Taken[str]:
    bare = without_prefix(text)
    if not any(character.isdigit() for character in bare) and not _ALL_ALIKE.fullmatch(bare):
        return _warning(f"says “{text}”, which is no PIN: read as missing", "pin_unreadable", text)
    if bare != text:
        note = f"says “{text}”: read as {bare}"
        return Taken(bare, note, "info", "pin_prefix", text)
    if not bare.isascii() or _LOOK_ALIKE.fullmatch(bare) or _ALL_ALIKE.fullmatch(bare):
        note = f"says “{text}”, with a sign that only looks like a digit: kept as it is"
        return Taken(text, note, "warning", "pin_look_alike", text)
    if bare.isdigit() and len(bare) < width:
        note = f"says “{text}”, which has fewer digits than the other PINs: kept as it is"
        return Taken(text, note, "warning", "pin_short", text)
    if width and not bare.isdigit():
        note = f"says “{text}”, which is unlike the other PINs: kept as it is"
        return Taken(text, note, "warning", "pin_odd", text)
    return Taken(text)


def _pin_of_number(text: str, width: int) -> Taken[str]:
    if not text.isdigit() or len(text) > _EXACT_DIGITS:
        return Taken(text, f"shows {text}, a strange PIN: kept so", "warning", "pin_odd", text)
    if len(text) < width:
        padded = text.zfill(width)
        note = f"is the number {text}: read as {padded}, like the other PINs"
        return Taken(padded, note, "warning", "pin_padded", text)
    return Taken(text, f"is a number, read as {text}", "info", "pin_from_number", text)


def usual_width(pins: Iterable[Cell], day_zero: date) -> int:
    """Give the usual number of digits of the PINs in a column, 0 when that cannot be told.

    Texts and numbers shown with their zeros tell it. Where there are only bare numbers, one of
    six digits tells that the shorter ones lost their zeros: the guide's PINs have six.
    """
    sure: Counter[int] = Counter()
    bare: set[int] = set()
    for cell in pins:
        text = take_text(cell, day_zero).value or ""
        if not text.isdigit():
            continue
        if cell.kind == "number" and not _ZEROS.fullmatch(cell.style.format):
            bare.add(len(text))
        else:
            sure[len(text)] += 1
    if sure:
        return sure.most_common(1)[0][0]
    return PIN_DIGITS if PIN_DIGITS in bare else 0


def as_seen(cell: Cell, day_zero: date) -> str:
    """Give the text that people see in a cell, numbers and dates by their formats."""
    if cell.kind == "truth":
        return "TRUE" if cell.value in ("1", "true") else "FALSE"
    if cell.kind == "date":
        return _iso_as_seen(cell.value)
    if cell.kind != "number":
        return cell.value
    try:
        number = float(cell.value)
    except ValueError:
        return cell.value
    if not math.isfinite(number):
        return cell.value
    if cell.style.is_date and (day := _day(number, day_zero)):
        return show(day) if FIRST_YEAR <= day.year <= LAST_YEAR else f"{day:%d/%m/}{day.year}"
    return _number_as_seen(number, cell.style)


def is_day(cell: Cell) -> bool:
    """Tell whether a cell holds a date and not a number or a text."""
    return cell.kind == "date" or (cell.kind == "number" and cell.style.is_date)


def _iso_as_seen(value: str) -> str:
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return show(day) if FIRST_YEAR <= day.year <= LAST_YEAR else f"{day:%d/%m/}{day.year}"


def _number_as_seen(number: float, style: Style) -> str:
    code = style.format
    if (match := _ZEROS.fullmatch(code)) and number >= 0:
        return (match["prefix"] or "") + str(round(number)).zfill(len(match["zeros"]))
    if match := _DECIMALS.fullmatch(code):
        shown = number * 100 if match["percent"] else number
        grouping = "," if match["thousands"] else ""
        return f"{shown:{grouping}.{len(match['decimals'] or '')}f}{match['percent']}"
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"


def _date_of_number(cell: Cell, day_zero: date, seen: str) -> Taken[date]:
    try:
        day = _day(float(cell.value), day_zero)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        note = f"shows {seen}, which is no date from {FIRST_YEAR} to {LAST_YEAR}: read as blank"
        return _warning(note, "date_unreadable", seen)
    if not cell.style.is_date:
        note = f"shows the number {seen}, as Excel counts days: read as {show(day)}"
        return Taken(day, note, "warning", "date_from_number", seen)
    if not float(cell.value).is_integer():
        hours = round(float(cell.value) % 1 * 24 * 60)
        return _without_time(day, f"{show(day)} {hours // 60:02}:{hours % 60:02}")
    return Taken(day)


def _without_time(day: date, found: str) -> Taken[date]:
    return Taken(day, f"has a time of day, {found}: read as {show(day)}", "info", "time_left_out", found)


def _day(number: float, day_zero: date) -> date | None:
    """Give the day that a number counts to; the time of day is left out."""
    try:
        return day_zero + timedelta(days=math.floor(number))
    except (OverflowError, ValueError):
        return None


def _warning(note: str, code: str, found: str) -> Taken[T]:
    return Taken(None, note, "warning", code, found)
