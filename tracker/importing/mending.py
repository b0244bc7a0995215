"""Rows of a file as a person completed them: typed over, held back anew or no longer, or left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tracker.choices import Stage
from tracker.importing.decisions import LEFT_OUT, Mend
from tracker.importing.values import Note
from tracker.workbook.dates import DateUnreadable, read_date, show
from tracker.workbook.headings import DATES, KEYS, LABELS
from tracker.workbook.holding import NOBODY, doubles, too_long
from tracker.workbook.reading import Message, Reading, Row
from tracker.workbook.words import clean, match_option

YOU_LEFT_IT_OUT = "You left this row out."
# What reading told about rows as they were: told anew of rows as they are now.
_TOLD_ANEW = ("nobody", "too_long", "pin_duplicate", "warning")


def typed_text(row: Row, key: str) -> str:
    """A cell of the file as it stands in the field where a person types over it; `key` may be a heading."""
    value = row.extra.get(key) if key in row.extra else row.values()[key]
    return show(value) if isinstance(value, date) else value or ""


def mended(reading: Reading, mends: Mapping[int, Mend], *, today: date, note: Note) -> Reading:
    """The reading with what was typed over it. What cannot be read is told, and holds its row back."""
    if not mends:
        return reading
    rows, held_back = [], {}
    for line in reading.rows:
        row, why = _typed_over(line, mends.get(line.row, Mend()), today, note)
        rows.append(row)
        held_back[row.row] = why or _alone(row, reading, note)
    left_out = {number for number, mend in mends.items() if mend.which == LEFT_OUT}
    held_back |= _twice([row for row in rows if row.row not in left_out], reading, held_back, note)
    return replace(
        reading,
        rows=tuple(
            replace(row, held_back=YOU_LEFT_IT_OUT if row.row in left_out else held_back[row.row])
            for row in rows
        ),
        messages=tuple(message for message in reading.messages if not _is_past(message, mends)),
    )


def _typed_over(line: Row, mend: Mend, today: date, note: Note) -> tuple[Row, str]:
    """The row with the typed texts, and why it cannot be taken so, if it cannot."""
    values: dict[str, Any] = {}
    extra = dict(line.extra)
    why = ""
    for key, typed in mend.values.items():
        try:
            if key in extra:
                extra[key] = clean(typed) or None
            elif key in KEYS:
                values[key] = _value(key, clean(typed), today)
        except ValueError as unreadable:
            told = str(unreadable).rstrip(".")
            note(
                line.row,
                key,
                f"was typed here as “{typed}”: {told}. Row {line.row} is held back",
                "typed",
                "warning",
            )
            why = f"{LABELS[key]}: {told}."
    return replace(line, **values, extra=extra), why


def _value(key: str, typed: str, today: date) -> str | date | None:
    """What was typed, as reading gives it. Raises ValueError, of which DateUnreadable is one."""
    if not typed:
        return None
    if key in DATES:
        return read_date(typed, today=today)
    if key != "stage":
        return typed
    stage = match_option(typed, Stage.labels)
    if stage is None:
        raise DateUnreadable(f"“{typed}” is none of the five stages.")
    return stage


def _alone(row: Row, reading: Reading, note: Note) -> str | None:
    """Why the row by itself must not be stored, as reading finds it."""
    if not row.pin and not row.person and reading.origin is None:
        note(
            row.row, "person", f"is blank and so is the PIN: row {row.row} is held back", "nobody", "warning"
        )
        return NOBODY
    if found := too_long(row):
        key, length, most = found
        told = f"has {length:,} characters and at most {most:,} are kept"
        note(row.row, key, f"{told}: row {row.row} is held back", "too_long", "warning")
        return f"{LABELS.get(key, key)} has {length:,} characters; at most {most:,} are kept."
    return None


def _twice(
    rows: list[Row], reading: Reading, held_back: Mapping[int, str | None], note: Note
) -> dict[int, str]:
    found = {}
    for row, earlier in doubles(rows, to_the_letter=reading.origin is not None):
        told = f"has the PIN {row.pin} that row {earlier.row} has too"
        note(row.row, "pin", f"{told}: row {row.row} is held back", "pin_duplicate", "warning")
        found[row.row] = held_back[row.row] or f"The PIN {row.pin} stands on row {earlier.row} already."
    return found


def _is_past(message: Message, mends: Mapping[int, Mend]) -> bool:
    """Whether a message is about what the file said before it was typed over."""
    mend = mends.get(message.row or 0)
    typed = bool(mend and message.field in mend.values)
    return message.code in _TOLD_ANEW or typed
