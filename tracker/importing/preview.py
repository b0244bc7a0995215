"""The plan of an import as its page shows it: what is to be completed, where both sides differ, and the
rows by what happens to them, so many of each on a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar

from tracker.choices import ChangeKind, Stage
from tracker.fields import COLUMNS, Field, Kind
from tracker.importing.decisions import Decisions, Mend
from tracker.importing.mending import typed_text
from tracker.importing.plan import Cell, Outcome, Plan, RowPlan
from tracker.models import Change
from tracker.workbook.dates import show
from tracker.workbook.holding import too_long
from tracker.workbook.reading import Level, Message, Row, Value

T = TypeVar("T")

# Of each on one page: fields of a form are few enough for Django then (a thousand).
ROWS, CONFLICTS, COMPLETIONS = 200, 200, 40

GROUPS: Mapping[Outcome, str] = {"changed": "Changed", "added": "New", "unchanged": "Unchanged"}
# What a person may always type over where a row is held back.
MENDABLE = ("pin", "person", "stage", "by_when", "next_meeting")
# Codes of messages about a cell whose value was lost: it can be typed here.
_LOST = ("date_unreadable", "stage_unknown", "pin_unreadable", "formula_unsaved", "cell_error", "unread")


@dataclass(frozen=True)
class SeenCell:
    """One cell of the preview: what it will say, what it says here, how grave what is told about it is."""

    text: str
    ours: str = ""
    changed: bool = False
    level: Level | None = None


@dataclass(frozen=True)
class SeenRow:
    """One row of the preview with its messages."""

    plan: RowPlan
    cells: tuple[SeenCell, ...]
    messages: tuple[Message, ...]

    @property
    def outcome(self) -> Outcome:
        """Under which count it falls."""
        return self.plan.outcome

    @property
    def told(self) -> str:
        """What happens to it beyond what its group says."""
        if self.plan.reopens:
            return "Reopened"
        return "Comes in closed" if self.plan.closed else ""

    @property
    def others(self) -> list[Cell]:
        """Cells outside of the ten columns: the team's own, the row colour."""
        known = {column.key for column in COLUMNS}
        return [cell for cell in self.plan.cells if cell.take and cell.key not in known]


@dataclass(frozen=True)
class Group:
    """The rows to which the same happens: those of this page, how many there are, how many to check."""

    heading: str
    rows: tuple[SeenRow, ...]
    total: int
    to_check: int


@dataclass(frozen=True)
class Blank:
    """A field of a row in which a person types: its label, what stands there, how much room it needs."""

    key: str
    label: str
    text: str
    size: Literal["short", "line", "text"]
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Completion:
    """A row that is held back, was completed, or comes in with a cell that could not be read."""

    plan: RowPlan
    messages: tuple[Message, ...]
    blanks: tuple[Blank, ...]
    chosen: str  # which case it is, as somebody said


@dataclass(frozen=True)
class Conflict:
    """A cell that differs on both sides, and who wrote ours, when."""

    row: RowPlan
    cell: Cell
    by: str
    at: datetime | None


@dataclass(frozen=True)
class ConflictsOfField:
    """How many cells of one field differ, and the side that was said to stay in all of them."""

    key: str
    label: str
    count: int
    side: str


@dataclass(frozen=True)
class Preview:
    """One page of the preview, of so many."""

    page: int
    pages: int
    completions: tuple[Completion, ...]
    completions_in_all: int
    conflicts: tuple[Conflict, ...]
    fields_in_conflict: tuple[ConflictsOfField, ...]
    groups: tuple[Group, ...]
    messages: tuple[Message, ...]


def preview_of(plan: Plan, *, decisions: Decisions | None = None, page: int = 1) -> Preview:
    """What the page shows of the plan that was made with these decisions."""
    return _Pages(plan, decisions or Decisions()).page(page)


def mendable(row: RowPlan, line: Row, messages: Sequence[Message], mend: Mend) -> tuple[str, ...]:
    """The keys of the fields in which a person may type over what the file has in this row."""
    lost = {told.field for told in messages if told.field and told.code in _LOST}
    keys = set(MENDABLE) if row.held_back else {key for key in MENDABLE if key in lost}
    long = too_long(line)
    keys |= {*mend.values, *([long[0]] if long else [])}
    return tuple(sorted(keys, key=[*(column.key for column in COLUMNS), *line.extra].index))


class _Pages:
    """One plan, laid out on pages."""

    def __init__(self, plan: Plan, decisions: Decisions) -> None:
        self.plan, self.decisions = plan, decisions
        self.lines = {line.row: line for line in plan.reading.rows}
        self.told: dict[int, list[Message]] = {}
        for message in plan.messages:
            if message.code == "conflict":  # both sides stand in a list of their own
                continue
            self.told.setdefault(message.row if message.row in self.lines else 0, []).append(message)
        self.conflicts = [(row, cell) for row in plan.rows for cell in row.conflicts]
        self.to_complete = [row for row in plan.rows if self._is_to_complete(row)]
        self.to_complete.sort(key=lambda row: not row.held_back)

    def page(self, number: int) -> Preview:
        """The page of this number, or the nearest that there is."""
        groups = {outcome: self._group(outcome) for outcome in GROUPS}
        sizes = [(len(self.conflicts), CONFLICTS), (len(self.to_complete), COMPLETIONS)]
        sizes += [(len(rows), ROWS) for rows in groups.values()]
        pages = max(1, *(-(-size // most) for size, most in sizes))
        number = min(max(number, 1), pages)
        return Preview(
            page=number,
            pages=pages,
            completions=tuple(map(self._completion, _cut(self.to_complete, number, COMPLETIONS))),
            completions_in_all=len(self.to_complete),
            conflicts=tuple(_with_authors(_cut(self.conflicts, number, CONFLICTS))),
            fields_in_conflict=self._fields_in_conflict(),
            groups=tuple(
                self._seen(GROUPS[outcome], rows, number) for outcome, rows in groups.items() if rows
            ),
            messages=tuple(self.told.get(0, [])),
        )

    def _is_to_complete(self, row: RowPlan) -> bool:
        line, mend = self.lines[row.row], self._mend(row)
        keys = mendable(row, line, self.told.get(row.row, []), mend)
        return bool(row.held_back or mend.which or keys)

    def _mend(self, row: RowPlan) -> Mend:
        return self.decisions.mends.get(row.row, Mend())

    def _completion(self, row: RowPlan) -> Completion:
        line, mend, messages = self.lines[row.row], self._mend(row), self.told.get(row.row, [])
        blanks = [self._blank(line, key, mend) for key in mendable(row, line, messages, mend)]
        return Completion(row, tuple(messages), tuple(blanks), mend.which)

    def _blank(self, line: Row, key: str, mend: Mend) -> Blank:
        column = next((column for column in COLUMNS if column.key == key), None)
        return Blank(
            key=key,
            label=column.label if column else key,
            text=mend.values[key] if key in mend.values else typed_text(line, key),
            size=_size(column),
            options=tuple(Stage.labels) if key == "stage" else (),
        )

    def _fields_in_conflict(self) -> tuple[ConflictsOfField, ...]:
        fields: dict[str, list[Cell]] = {}
        for _, cell in self.conflicts:
            fields.setdefault(cell.key, []).append(cell)
        sides = self.decisions.columns
        return tuple(
            ConflictsOfField(key, cells[0].label, len(cells), sides.get(key, ""))
            for key, cells in fields.items()
        )

    def _group(self, outcome: Outcome) -> list[RowPlan]:
        """The rows to which this happens, those to check first; unchanged ones only with something told."""
        rows = [r for r in self.plan.rows_to_be(outcome) if outcome != "unchanged" or self.told.get(r.row)]
        return sorted(rows, key=lambda row: not self._is_to_check(row))

    def _is_to_check(self, row: RowPlan) -> bool:
        return any(message.level != "info" for message in self.told.get(row.row, []))

    def _seen(self, heading: str, rows: list[RowPlan], number: int) -> Group:
        shown = tuple(
            _seen(row, self.lines[row.row], self.told.get(row.row, [])) for row in _cut(rows, number, ROWS)
        )
        return Group(heading, shown, len(rows), sum(map(self._is_to_check, rows)))


def _size(column: Field | None) -> Literal["short", "line", "text"]:
    if column is None or column.kind == Kind.TEXT:
        return "text"
    return "short" if column.key == "pin" or column.kind == Kind.DATE else "line"


def _cut(items: Sequence[T], page: int, most: int) -> Sequence[T]:
    return items[(page - 1) * most : page * most]


def _with_authors(conflicts: Sequence[tuple[RowPlan, Cell]]) -> list[Conflict]:
    """The conflicts with who wrote ours last: the newest change of the field, or the first of the row."""
    ids = {row.row_id for row, _ in conflicts}
    written = Change.objects.filter(row__in=ids).exclude(kind=ChangeKind.REMOVE).order_by("row_rev")
    last: dict[tuple[int | None, str], tuple[str, datetime]] = {}
    for row_id, key, by, at in written.values_list("row", "field", "by_name", "at"):
        last[row_id, key] = by, at
    found = []
    for row, cell in conflicts:
        written_by = last.get((row.row_id, cell.key)) or last.get((row.row_id, ""))
        found.append(Conflict(row, cell, *(written_by or ("", None))))
    return found


def _seen(row: RowPlan, line: Row, messages: Sequence[Message]) -> SeenRow:
    by_key = {cell.key: cell for cell in row.cells}
    levels: dict[str, Level] = {message.field: message.level for message in messages if message.field}
    for message in messages:
        if message.field and message.level != "info":
            levels[message.field] = message.level
    values = line.values()
    cells = []
    for column in COLUMNS:
        cell, level = by_key.get(column.key), levels.get(column.key)
        if cell is None:
            cells.append(SeenCell(_text(values[column.key]), level=level))
        elif not cell.take:
            cells.append(SeenCell(cell.ours, level=level))
        else:
            changed = row.outcome != "added"
            cells.append(SeenCell(cell.given.text, cell.ours, changed, level))
    return SeenRow(row, tuple(cells), tuple(messages))


def _text(value: Value) -> str:
    return show(value) if isinstance(value, date) else value or ""
