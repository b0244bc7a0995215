"""Makes the plan of an import: reads what is stored, compares, and tells what it finds. Writes nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from accounts.models import Team, User
from accounts.permissions import rights
from tracker.changes.columns import MOST_COLUMNS
from tracker.choices import Stage
from tracker.fields import COLUMNS, FIELDS, Field, team_field
from tracker.importing.decisions import AS_NEW, LEFT_OUT, REOPENED, Decisions, Mend
from tracker.importing.match import Match, Register
from tracker.importing.mending import mended
from tracker.importing.plan import (
    NEW_COLUMN,
    WORD_FIELDS,
    Cell,
    Given,
    Keep,
    Missing,
    NewWord,
    Plan,
    RowPlan,
    Which,
)
from tracker.importing.values import UNREAD, Values, own_heading
from tracker.initials import initials
from tracker.models import TeamColumn, TeamLog, TrackerRow, Word
from tracker.values import shown
from tracker.workbook.colours import PALETTE
from tracker.workbook.headings import KEYS
from tracker.workbook.reading import Level, Message, Reading, Row

COLOUR = FIELDS["colour"]


def make_plan(
    reading: Reading,
    *,
    team: Team,
    by: User | None,
    today: date,
    keep: Keep = "ours",
    decisions: Decisions | None = None,
) -> Plan:
    """What importing the reading onto the team's tracker would do.

    `decisions` are what a person decided in the preview; without them `keep` says which side of a conflict
    stays. `by` is None for the command line, which may do everything. A place that `by` may not see is not
    named.
    """
    # The number is read before the rows: whoever carries the plan out checks that it still stands.
    head = TeamLog.head_of(team.pk)
    return _Comparison(reading, team, by, today, decisions or Decisions(keep=keep)).plan(head)


class _Comparison:
    """One reading against one tracker."""

    def __init__(
        self,
        reading: Reading,
        team: Team,
        by: User | None,
        today: date,
        decisions: Decisions,
    ) -> None:
        self.team, self.by, self.decisions = team, by, decisions
        self.messages: list[Message] = []
        # What is told about single cells needs these two, and so does completing rows.
        self.sheet, self.places = reading.sheet, _places(reading)
        self.unread: set[str] = set()
        self.reading = reading = mended(reading, decisions.mends, today=today, note=self.note)
        self.ours = reading.origin is not None and reading.origin.team_id == team.pk
        self.initials = self.ours and reading.origin is not None and reading.origin.names == "initials"
        self.may_change_pins = by is None or _may_change_pins(by, team)
        self.may_reopen = by is None or "reopen_row" in rights(by, team)
        # A warned cell without a value was not blank: it could not be read.
        self.unread |= {told.cell for told in reading.messages if told.level == "warning"}
        self.columns = self._columns()
        self.values = Values(
            {heading: column for heading, column in self.columns.items() if not _is_new(column)},
            self.note,
            today,
        )
        self.pins = {row.row: self.values.take(row.row, "pin", row.pin).text for row in reading.rows}
        refs = [row.ref.row_id for row in reading.rows if self.ours and row.ref]
        self.register = Register(team, self.pins.values(), refs, by)

    def plan(self, head: int) -> Plan:
        """Goes through the file row by row, then tells what concerns several of them."""
        rows = tuple(self._row(line) for line in self.reading.rows)
        met = {row.row_id for row in rows}
        self._tell_new_words(rows)
        self._tell_colours(rows)
        return Plan(
            team_id=self.team.pk,
            head=head,
            reading=self.reading,
            rows=rows,
            messages=_in_order([*self._told_by_the_reader(), *self.messages]),
            missing=tuple(
                Missing(row.pk, row.pin, row.person) for row in self.register.open if row.pk not in met
            ),
            new_columns=self._new_columns(rows),
            new_words={key: list(_new_words(rows, key)) for key in WORD_FIELDS},
        )

    def _told_by_the_reader(self) -> list[Message]:
        """What reading told, but for words that our own lists know and an export’s drop-down left out."""

        def known(message: Message) -> bool:
            words = self.values.lists.get(message.field or "")
            return bool(words and message.found and isinstance(words.resolve(message.found), Word))

        own = self.reading.origin is not None
        return [m for m in self.reading.messages if not (own and m.code.endswith("_unknown") and known(m))]

    def note(self, row: int, key: str, text: str, code: str, level: Level = "warning") -> None:
        """Tells something at a cell, in the reader's way: the address begins the sentence."""
        place = self._address(row, key)
        label = FIELDS[key].label if key in FIELDS else key
        if code == UNREAD:
            self.unread.add(f"{self.sheet}!{place}")
        self.messages.append(
            Message(
                cell=f"{self.sheet}!{place}",
                level=level,
                text=f"{place} ({label}) {text}.",
                code=code,
                row=row,
                field=key if key in KEYS else None,
            )
        )

    def _columns(self) -> dict[str, Field]:
        """The field of each column that the team added to the file: one it has here, or one to be made."""
        in_use = TeamColumn.objects.filter(team=self.team, removed=False)
        here = {column.heading.casefold(): team_field(column) for column in in_use}
        room = MOST_COLUMNS - len(here)
        fields: dict[str, Field] = {}
        for column in self.reading.extra_columns:
            heading = own_heading(column.heading)
            field = here.get(heading.casefold())
            if field is None and room > 0:
                room -= 1
                field = Field(f"{NEW_COLUMN}{heading}", heading, COLUMNS[1].kind)
            if field is None or field in fields.values():
                self._tell_heading(
                    column.heading, "is not imported: rename or remove a column of the team first"
                )
                continue
            fields[column.heading] = field
            if heading != column.heading:
                self._tell_heading(column.heading, f"is kept under the heading “{heading}”")
        return fields

    def _tell_heading(self, heading: str, text: str) -> None:
        self.note(self.reading.header_row, heading, text, "column")

    def _row(self, line: Row) -> RowPlan:
        pin, person = self.pins[line.row], line.person or ""
        which = self._mend(line).which
        if line.held_back:
            return RowPlan(line.row, pin, person, held_back=line.held_back, left_out=which == LEFT_OUT)
        found = self.register.match(line, pin, ours=self.ours, which=which)
        if found.held_back:
            held = self._hold_back(line, found.key, found.held_back)
            return replace(held, which=self._which(found))
        if found.done:
            self.note(line.row, "stage", "is Closed in the file and here: nothing to do", "closed", "info")
            return RowPlan(line.row, pin, person, done=True)
        if found.row is None:
            return replace(self._new(line, found), which=self._which(found))
        return replace(self._known(line, found.row, found.reopens), which=self._which(found))

    def _mend(self, line: Row) -> Mend:
        return self.decisions.mends.get(line.row, Mend())

    def _which(self, found: Match) -> tuple[Which, ...]:
        """What a person may say about which case it is."""
        which = [
            Which(str(row.pk), f"It is {row.person}, {row.pin or 'without a PIN'}, of this tracker")
            for row in found.alike
        ]
        if found.may_be_new:
            which.append(Which(AS_NEW, "It is another child: a new case"))
        if found.closed and self.may_reopen:
            which.append(Which(REOPENED, "Reopen the closed case, with what the file says"))
        return tuple(which)

    def _hold_back(self, line: Row, key: str, why: str, row_id: int | None = None) -> RowPlan:
        self.note(line.row, key, f"{why}. Row {line.row} is held back", "held_back")
        reason = f"{FIELDS[key].label} {why}."
        return RowPlan(line.row, self.pins[line.row], line.person or "", row_id=row_id, held_back=reason)

    def _new(self, line: Row, found: Match) -> RowPlan:
        if not line.person:
            return self._hold_back(line, "person", "is blank, and a case needs a name")
        if found.case:
            self.note(line.row, "pin", "was removed here: it comes in again", "removed", "info")
        if line.stage == Stage.CLOSED.label:
            self.note(
                line.row,
                "stage",
                "is Closed: the case goes to the Closed list, its outcome “Not recorded”",
                "closed",
                "info",
            )
        cells = [
            Cell(field.key, field.label, self._address(line.row, key), "", given)
            for key, field, given in self._given(line)
            if given.text
        ]
        return RowPlan(
            line.row,
            self.pins[line.row],
            line.person,
            tuple(cells),
            case_id=found.case.pk if found.case else None,
        )

    def _known(self, line: Row, row: TrackerRow, reopens: bool) -> RowPlan:
        cells = []
        if reopens:
            self.note(line.row, "pin", "was closed here: it is reopened", "reopened", "info")
        for key, field, given in self._given(line):
            if given.same_as == _raw(row, field) or not self._counts(line, row, key, given):
                continue
            if key == "pin" and not self.register.pin_is_free(given.text, row):
                why = "is the PIN of another case of this locality"
                return self._hold_back(line, "pin", why, row.pk)
            cells.append(self._cell(line, row, key, field, given))
        return RowPlan(line.row, row.pin, row.person, tuple(cells), row_id=row.pk, reopens=reopens)

    def _given(self, line: Row) -> Iterator[tuple[str, Field, Given]]:
        """What the row of the file has: the key or heading there, the field here, the value."""
        for field in COLUMNS:
            if field.key in self.reading.columns:
                value = self.pins[line.row] if field.key == "pin" else line.values()[field.key]
                yield field.key, field, self.values.take(line.row, field.key, value)
        for heading, field in self.columns.items():
            yield heading, field, self.values.take_extra(line.row, heading, line.extra.get(heading))
        yield "colour", COLOUR, self.values.take_colour(line.colour)

    def _counts(self, line: Row, row: TrackerRow, key: str, given: Given) -> bool:
        """Whether a cell that differs is to be thought about at all."""
        address = f"{self.sheet}!{self._address(line.row, key)}"
        if not given.text and (address in self.unread or key in ("pin", "person")):
            return False
        if key == "person" and self.initials and self._are_initials(line, row, given):
            return False
        if key == "stage" and given.value == Stage.CLOSED:
            told = f"is Closed in the file and open here: no import closes a case. Close {row.person} here"
            self.note(line.row, key, told, "not_closed")
            return False
        if key == "pin" and row.pin and not self.may_change_pins:
            self.note(
                line.row,
                key,
                f"is {row.pin} here: change a PIN in the case itself, with a reason",
                "pin_kept",
            )
            return False
        known = self.ours and line.ref is not None
        # A blank of an old workbook says nothing about what was written here since.
        return bool(given.text) or known or self.decisions.keep == "file"

    def _are_initials(self, line: Row, row: TrackerRow, given: Given) -> bool:
        """Whether a person's cell of an export without names says nothing new.

        Initials never take the place of a name that was changed here since.
        """
        return given.text == initials(row.person) or not self._is_newer(line, row, FIELDS["person"])

    def _cell(self, line: Row, row: TrackerRow, key: str, field: Field, given: Given) -> Cell:
        typed = key in self._mend(line).values or (key == "stage" and row.stage == Stage.CLOSED)
        conflict = not typed and not self._is_newer(line, row, field)
        side = self.decisions.side((line.row, field.key))
        ours = _shown(row, field)
        if conflict:
            kept = "the file’s is taken" if side == "file" else "ours is kept"
            there = f"says “{given.text}”" if given.text else "is blank"
            here = f"it says “{ours}”" if ours else "it is blank"
            self.note(line.row, key, f"{there} and here {here}: {kept}", "conflict")
        return Cell(
            field.key,
            field.label,
            self._address(line.row, key),
            ours,
            given,
            conflict,
            take=not conflict or side == "file",
        )

    def _is_newer(self, line: Row, row: TrackerRow, field: Field) -> bool:
        """Whether the file's value was written after ours: on an export whose version still stands.

        In any other file only where ours is blank and nobody ever wrote it.
        """
        if self.ours and line.ref:
            return line.ref.versions.get(field.key, 0) == row.rev(field.key)
        return row.rev(field.key) == 0 and not _raw(row, field)

    def _address(self, row: int, key: str) -> str:
        # What has no column of its own, the row's colour or a PIN that the file lacks, is told at the first.
        first = next(iter(self.places.values()), "A")
        return f"{self.places.get(key) or first}{row}"

    def _new_columns(self, rows: Sequence[RowPlan]) -> tuple[str, ...]:
        """The headings of columns to be made: of those that have a value in a row that comes in."""
        filled = {cell.key for row in rows for cell in row.cells if cell.take}
        return tuple(field.label for field in self.columns.values() if _is_new(field) and field.key in filled)

    def _tell_new_words(self, rows: Sequence[RowPlan]) -> None:
        for key in WORD_FIELDS:
            for label, numbers in _new_words(rows, key).items():
                told = f"says “{label}”{_too(numbers)}, which is new to the council’s list: kept as it is"
                self.note(
                    numbers[0], key, f"{told}, and put before the performance officers", "word_new", "info"
                )

    def _tell_colours(self, rows: Sequence[RowPlan]) -> None:
        """Tells which colour each one became that the tracker's palette does not have."""
        taken = {row.row for row in rows for cell in row.cells if cell.key == COLOUR.key and cell.take}
        became: dict[str, list[int]] = {}
        for line in self.reading.rows:
            if line.row in taken and line.colour and line.colour not in PALETTE.values():
                became.setdefault(line.colour, []).append(line.row)
        for colour, numbers in became.items():
            name = self.values.take_colour(colour).text.lower()
            self.note(numbers[0], "colour", f"is coloured{_too(numbers)}: kept as {name}", "colour", "info")


def _new_words(rows: Sequence[RowPlan], key: str) -> dict[str, list[int]]:
    """The new words of a field, with the rows of the file that bring them in."""
    found: dict[str, list[int]] = {}
    for row in rows:
        for cell in row.cells:
            if cell.key == key and cell.take and isinstance(cell.given.value, NewWord):
                found.setdefault(cell.given.value.label, []).append(row.row)
    return found


def _may_change_pins(by: User, team: Team) -> bool:
    """A PIN that some roles change with a reason only is not changed by a file, which gives none."""
    held = rights(by, team)
    return "change_pin" in held and not held.needs_reason("change_pin")


def _is_new(field: Field) -> bool:
    return field.key.startswith(NEW_COLUMN)


def _raw(row: TrackerRow, field: Field) -> str:
    return "" if _is_new(field) else row.raw(field.key)


def _shown(row: TrackerRow, field: Field) -> str:
    """What our cell says, in words."""
    return "" if _is_new(field) else shown(field, row)


def _places(reading: Reading) -> dict[str, str]:
    """The letters of the column of each key and of each added heading."""
    extra = {column.heading: column.cell.rpartition("!")[2] for column in reading.extra_columns}
    return dict(reading.columns) | {heading: re.sub(r"\d", "", cell) for heading, cell in extra.items()}


def _in_order(messages: Sequence[Message]) -> tuple[Message, ...]:
    def place(message: Message) -> tuple[int, int, str]:
        address = message.cell.rpartition("!")[2]
        letters = address.rstrip("0123456789")
        return int(address.removeprefix(letters) or 0), len(letters), letters

    return tuple(sorted(messages, key=place))


def _too(rows: Sequence[int]) -> str:
    """The rows after the first, of which the same is told; twenty at most by number."""
    others = ", ".join(str(row) for row in rows[1:21])
    more = f" and {len(rows) - 21} more" if len(rows) > 21 else ""
    if not others:
        return ""
    return f" (row {others} too)" if len(rows) == 2 else f" (rows {others}{more} too)"
