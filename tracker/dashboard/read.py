"""Reads a dashboard's list into rows and messages, whoever wrote it. Nothing is compared with what is
stored here, and nothing but the columns of `headings` is read.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.dashboard.dates import is_month_first, may_be_either, spelled_out
from tracker.dashboard.headings import DATES, LABELS, MOST, count_fields
from tracker.dashboard.reading import DashboardList, Row
from tracker.dashboard.tables import TOO_MANY, Table, check_list, find_table
from tracker.workbook import guard
from tracker.workbook.cells import PIN_DIGITS, Taken, take_date, take_text, without_prefix
from tracker.workbook.guard import Refused, run_in_child
from tracker.workbook.not_cases import is_note, is_total
from tracker.workbook.reading import Level, Message, NotRow
from tracker.workbook.stored import Cell, StoredRow, letters
from tracker.workbook.styles import PLAIN
from tracker.workbook.words import clean, loose_pin

NO_CASES = (
    "This list has headings and no cases under them. If the dashboard was filtered, take the filter off, "
    "export again and try again."
)
# Said about nearly every cell of such a list, and nobody can do anything about it.
_NOT_TOLD = {"date_from_text", "text_from_date", "time_left_out"}
_AS_FORMULA = re.compile(r'="([^"]*)"')  # how Excel is made to keep the zeros of a number
_OFFSET = re.compile(r"(?<=:\d\d)(\.\d+)?\s*(z|[+-]\d\d:?\d\d|[ap]\.?m\.?)$", re.IGNORECASE)
_SERIAL = re.compile(r"[3-7]\d{4}(\.\d+)?")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:[.,]0*)?(?: ?days?)?", re.IGNORECASE)
_CIN_STATUS = re.compile(r"c\b.*|.*\bchild(ren)? in need\b.*|.*\bcin\b.*", re.IGNORECASE)
_NOT_CIN = re.compile(r"[abde]\s*[).:]", re.IGNORECASE)


def read_in_child(data: bytes, *, today: date, pin_width: int | None = None) -> DashboardList:
    """Read a list in a child process, within limits. Raises Refused.

    `pin_width` is how many digits the PINs of our trackers have, 0 where that varies; None where there
    are none to ask.
    """
    request = {"reader": "dashboard", "today": today.isoformat(), "pin_width": pin_width}
    return DashboardList.from_json(run_in_child(data, request, check=check_list))


# What json.loads gave is Any: the shape is that of read_in_child.
def read_as_requested(data: bytes, request: Mapping[str, Any]) -> DashboardList:
    """Read what `read_in_child` was asked for: the child's side of it."""
    return read_list(data, today=date.fromisoformat(request["today"]), pin_width=request["pin_width"])


def read_list(data: bytes, *, today: date, pin_width: int | None = None) -> DashboardList:
    """Read a list in this process. People's files go through `read_in_child`, which has limits."""
    check_list(data)
    return _Reader(find_table(data), today, pin_width).read()


@dataclass
class _Reader:
    """Goes down the rows of one list and gathers what it finds and what it has to tell."""

    table: Table
    today: date
    pin_width: int | None
    rows: list[Row] = field(default_factory=list)
    not_rows: list[NotRow] = field(default_factory=list)
    told: list[tuple[int, int, Message]] = field(default_factory=list)

    def read(self) -> DashboardList:
        self.width = self._usual_width()
        self.month_first = {key for key in DATES if is_month_first(self._texts(key))}
        self._tell_about_columns()
        for stored in self.table.rows:
            self._read_row(stored)
        if not self.rows:
            raise Refused(NO_CASES)
        self._hold_back_doubles()
        columns = self.table.columns
        return DashboardList(
            sheet=self.table.sheet,
            header_row=self.table.header_row,
            columns={key: letters(column) for key, column in columns.fields.items()},
            unread=tuple(columns.unread.values()),
            rows=tuple(self.rows),
            messages=tuple(message for *_, message in sorted(self.told, key=lambda one: one[:2])),
            not_rows=tuple(self.not_rows),
        )

    @property
    def columns(self) -> Mapping[str, int]:
        return self.table.columns.fields

    def tell(
        self, row: int, key: str, text: str, code: str, level: Level = "warning", found: str | None = None
    ) -> None:
        """Add a message at a cell; its text begins with the address and the column."""
        column = self.columns.get(key) or self.columns["pin"]
        self._tell_at(row, column, f"({LABELS[key]}) {text}", code, level, found)

    def _tell_at(
        self, row: int, column: int, text: str, code: str, level: Level, found: str | None = None
    ) -> None:
        message = Message(
            cell=self.table.address(row, column),
            level=level,
            text=f"{letters(column)}{row} {text}.",
            code=code,
            row=row,
            found=found,
        )
        self.told.append((row, column, message))

    def _tell_about_columns(self) -> None:
        head, columns = self.table.header_row, self.table.columns
        for column, heading in columns.unread.items():
            note = f"is headed “{heading[:60]}”: not a column of this list, left unread"
            self._tell_at(head, column, note, "column_unread", "info")
        for key, heading in columns.reworded.items():
            note = f"is headed “{heading[:60]}”: read as “{LABELS[key]}”"
            self._tell_at(head, columns.fields[key], note, "heading_reworded", "info")
        if self.table.note:
            self._tell_at(head, 1, self.table.note, "encoding", "info")
        if "team" not in columns.fields:
            note = "begins the headings; none of them is the team: say which team a new case belongs to"
            self._tell_at(head, min(columns.fields.values()), note, "column_missing", "warning")

    def _read_row(self, stored: StoredRow) -> None:
        texts = {c: clean(cell.value) for c, cell in stored.cells.items() if cell.kind != "nothing"}
        known = {c: texts[c] for c in self.columns.values() if texts.get(c)}
        why = self._why_no_case(stored, known, texts)
        if why:
            self.not_rows.append(NotRow(stored.number, why))
            column = min(texts, default=1)
            found = f"says “{texts[column][:60]}”: " if known and column in self.columns.values() else ""
            note = f"{found}row {stored.number} is {why} and is not read"
            self._tell_at(stored.number, column, note, "not_a_case", "info")
        elif known:
            self.rows.append(self._row(stored))
            if len(self.rows) > guard.CASES:
                raise Refused(TOO_MANY)

    def _why_no_case(
        self, stored: StoredRow, known: Mapping[int, str], texts: Mapping[int, str]
    ) -> str | None:
        if not any(texts.values()):
            return None
        if stored.number in self.table.broken:
            return None
        if count_fields(texts) > len(self.columns) / 2:
            return "the headings again"
        pin = known.get(self.columns["pin"])
        first = texts[min(texts)]
        if is_total(first) or (pin and is_total(pin)):
            return "a total"
        filled = [c for c, text in texts.items() if text]
        if len(filled) == 1 and is_note(texts[filled[0]]) and not self._is_pin_alone(pin):
            return "a note"
        # Sums under the table stand in number columns alone.
        if not pin and not self._name_of(known):
            return "no case: it has neither a PIN nor a name" if known else None
        return None

    def _is_pin_alone(self, pin: str | None) -> bool:
        return bool(pin) and self.table.widths.get(self.table.header_row, 0) == 1

    def _name_of(self, known: Mapping[int, str]) -> str:
        places = (self.columns.get(key, 0) for key in ("name", "surname", "forename"))
        return " ".join(known[c] for c in places if c in known)

    def _row(self, stored: StoredRow) -> Row:
        number = stored.number
        why_broken = self._why_broken(stored)
        if why_broken:
            self._tell_at(
                number, 1, f"begins record {number}, which {why_broken}: it is not read", "broken", "warning"
            )
            return Row(
                number, pin=self._pin_of_broken(stored), held_back=f"The row {why_broken}.", broken=True
            )
        row = Row(
            number,
            pin=self._pin(stored),
            name=self._name(stored),
            team=self._text(stored, "team"),
            cin_start=self._date(stored, "cin_start"),
            duration_days=self._duration(stored),
            allocated_worker=self._text(stored, "allocated_worker"),
            last_sign_off=self._date(stored, "last_sign_off"),
            last_visit=self._date(stored, "last_visit"),
            next_meeting=self._date(stored, "next_meeting"),
            check=self._status(stored),
        )
        if row.duration_days is None and row.cin_start and row.cin_start <= self.today:
            row = replace(row, duration_days=(self.today - row.cin_start).days)
        return self._held_back(row)

    def _held_back(self, row: Row) -> Row:
        if not row.pin:
            self.tell(row.row, "pin", f"is blank: {row.name or 'the row'} cannot be compared", "pin_missing")
            return replace(row, held_back="The row has no PIN.")
        for key in ("pin", "name", "team"):
            if len(getattr(row, key) or "") > MOST[key]:
                note = f"has more than {MOST[key]} characters: the row is held back"
                self.tell(row.row, key, note, "too_long")
                return replace(row, held_back=f"{LABELS[key]} is too long.")
        if row.allocated_worker and len(row.allocated_worker) > MOST["allocated_worker"]:
            note = f"has more than {MOST['allocated_worker']} characters: read as blank"
            self.tell(row.row, "allocated_worker", note, "too_long")
            row = replace(row, allocated_worker=None)
        if row.check:
            note = f"says “{row.check}”, which is no Child in Need plan: check the case, nothing is done"
            self.tell(row.row, "status", note, "check", found=row.check)
        return row

    def _why_broken(self, stored: StoredRow) -> str:
        """Why the fields of a record cannot be told apart; a workbook's always can."""
        if stored.number in self.table.broken:
            return self.table.broken[stored.number]
        fields, width = self.table.widths.get(stored.number, 0), self.table.width
        beyond = fields > width and max(stored.cells) > width
        if beyond or (fields not in (0, width) and not self._is_sound(stored)):
            return f"has {fields} fields under {width} headings"
        if 0 < fields < width:
            note = f"begins record {stored.number}, which has {fields} fields under {width} headings: "
            self._tell_at(stored.number, 1, note + "the last ones are read as blank", "short", "warning")
        return ""

    def _is_sound(self, stored: StoredRow) -> bool:
        """Whether each field there is what its column holds: then only the last ones were left out."""
        cells = {key: stored.cells[c] for key, c in self.columns.items() if c in stored.cells}
        days = cells.get("duration_days")
        return (
            "pin" in cells
            and any(character.isdigit() for character in cells["pin"].value)
            and all(self._is_date(cells[key]) for key in DATES if key in cells)
            and (days is None or bool(_NUMBER.fullmatch(clean(days.value))))
            and not any(
                self._is_date(cells[key]) or _NUMBER.fullmatch(clean(cells[key].value))
                for key in ("name", "team", "allocated_worker")
                if key in cells
            )
        )

    def _is_date(self, cell: Cell) -> bool:
        return take_date(cell, self.table.day_zero, self.today).value is not None

    def _pin_of_broken(self, stored: StoredRow) -> str | None:
        """What seems to be the PIN of a broken record: such a case is not called gone."""
        first = next(iter(stored.cells.values())).value
        column = self.columns["pin"]
        parts = re.split(r"[,;\t|]", first) if stored.number in self.table.broken else []
        told = parts[column - 1] if len(parts) >= column else ""
        cell = stored.cells.get(column)
        text = clean(told.strip('" ') if parts else cell.value if cell else "")
        return self._padded(text) if text.isalnum() and len(text) <= MOST["pin"] else None

    def _cell(self, stored: StoredRow, key: str) -> Cell | None:
        return stored.cells.get(self.columns.get(key, 0))

    def _take(self, stored: StoredRow, key: str, taken: Taken[Any]) -> Any:
        if taken.note and taken.code not in _NOT_TOLD:
            self.tell(stored.number, key, taken.note.rstrip("."), taken.code, taken.level, taken.found)
        return taken.value

    def _text(self, stored: StoredRow, key: str) -> str | None:
        text = self._take(stored, key, take_text(self._cell(stored, key), self.table.day_zero))
        if text and (match := _AS_FORMULA.fullmatch(text)):
            text = clean(match[1])
        if text and "\ufffd" in text:
            note = f"says “{text[:60]}”, with a sign that the file has lost: check it"
            self.tell(stored.number, key, note, "sign_lost", found=text[:60])
        return " ".join(text.split("\n")) if text else None

    def _name(self, stored: StoredRow) -> str | None:
        whole = self._text(stored, "name")
        if whole:
            return whole
        parts = [self._text(stored, key) for key in ("forename", "surname")]
        return " ".join(part for part in parts if part) or None

    def _date(self, stored: StoredRow, key: str) -> date | None:
        cell = self._cell(stored, key)
        if cell and cell.kind == "number":
            day = spelled_out(cell.value)
            cell = cell if day == cell.value else Cell("text", day, PLAIN)
        elif cell and cell.kind == "text":
            value = clean(cell.value)
            if match := _AS_FORMULA.fullmatch(value):
                value = match[1]
            if key in self.month_first and may_be_either(value):
                note = f"says “{value}” in a column that has the month first elsewhere: read as blank"
                self.tell(stored.number, key, note, "date_either", found=value)
                return None
            if _SERIAL.fullmatch(value):
                cell = Cell("number", value, PLAIN)
            else:
                cell = cell._replace(value=spelled_out(_OFFSET.sub("", value).strip()))
        taken: date | None = self._take(stored, key, take_date(cell, self.table.day_zero, self.today))
        return taken

    def _texts(self, key: str) -> Iterator[str]:
        """What a column has in writing."""
        cells = (self._cell(stored, key) for stored in self.table.rows)
        return (clean(cell.value) for cell in cells if cell and cell.kind == "text")

    def _duration(self, stored: StoredRow) -> int | None:
        text = self._text(stored, "duration_days")
        if not text:
            return None
        match = _NUMBER.fullmatch(text)
        if match is None:
            note = f"says “{text[:60]}”, which is no number of days: read as blank"
            self.tell(stored.number, "duration_days", note, "duration_unreadable", found=text[:60])
            return None
        return int(match[1].replace(",", ""))

    def _status(self, stored: StoredRow) -> str | None:
        """The case status where it is not that of a Child in Need plan, as people read it."""
        if "status" not in self.columns:
            return None
        text = self._text(stored, "status")
        if text and not _NOT_CIN.match(text) and _CIN_STATUS.fullmatch(text):
            return None
        return (text or "no case status")[: MOST["status"]]

    def _pin(self, stored: StoredRow) -> str | None:
        text = self._text(stored, "pin")
        if not text:
            return None
        bare = "".join(without_prefix(text.lstrip("'’")).split())
        if match := re.fullmatch(r"(\d+)\.0*", bare):
            bare = match[1]
        if not any(character.isdigit() for character in bare):
            note = f"says “{text[:60]}”, which is no PIN: read as missing"
            self.tell(stored.number, "pin", note, "pin_unreadable", found=text[:60])
            return None
        if re.fullmatch(r"\d(\.\d+)?[eE]\+\d+", bare):
            note = f"says “{text}”, a number that a spreadsheet has rounded: read as missing"
            self.tell(stored.number, "pin", note, "pin_rounded", found=text)
            return None
        padded = self._padded(bare)
        if padded != bare:
            note = f"says {bare}, which has lost its zeros: read as {padded}"
            self.tell(stored.number, "pin", note, "pin_padded", found=bare)
        elif not bare.isascii():
            note = f"says “{text}”, with a sign that only looks like a digit: kept as it is"
            self.tell(stored.number, "pin", note, "pin_look_alike", found=text)
        return padded

    def _padded(self, pin: str) -> str:
        return pin.zfill(self.width) if pin.isascii() and pin.isdigit() else pin

    def _usual_width(self) -> int:
        """How many digits a PIN has: by those that kept their zeros, by our trackers, or by the guide.

        0 where it varies: then nothing is filled up.
        """
        texts = [self._digits(row) for row in self.table.rows]
        pins = [text for text in texts if text]
        zeros = Counter(len(pin) for pin in pins if pin.startswith("0"))
        if zeros:
            return zeros.most_common(1)[0][0]
        if self.pin_width is not None:
            return self.pin_width
        return PIN_DIGITS if pins and max(map(len, pins)) <= PIN_DIGITS else 0

    def _digits(self, stored: StoredRow) -> str:
        cell = self._cell(stored, "pin")
        text = take_text(cell, self.table.day_zero).value or ""
        match = _AS_FORMULA.fullmatch(text)
        bare = match[1] if match else text.lstrip("'’")
        return bare if bare.isascii() and bare.isdigit() else ""

    def _hold_back_doubles(self) -> None:
        """Of rows with the same PIN the first counts; both are named. Zeros before it do not matter."""
        first: dict[str, int] = {}
        for index, row in self._counted():
            earlier = self.rows[first.setdefault(loose_pin(row.pin or ""), index)]
            if earlier is row:
                continue
            column = letters(self.columns["pin"])
            note = f"has the PIN {row.pin} that {column}{earlier.row} has too: row {row.row} is held back"
            self.tell(row.row, "pin", note, "pin_duplicate", found=row.pin)
            note = f"has the PIN {earlier.pin} that {column}{row.row} has too: row {earlier.row} counts"
            self.tell(earlier.row, "pin", note, "pin_duplicate", found=earlier.pin)
            why = f"The PIN {row.pin} stands on row {earlier.row} already."
            self.rows[index] = replace(row, held_back=why)

    def _counted(self) -> Iterator[tuple[int, Row]]:
        return ((index, row) for index, row in enumerate(self.rows) if row.counts)
