"""The plan of an import as its page shows it: which rows are listed, and what is told where.

A row that comes in as it stands says nothing that the file does not say; of many such rows only the
first are listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.fields import COLUMNS
from tracker.importing.plan import Cell, Outcome, Plan, RowPlan
from tracker.workbook.dates import show
from tracker.workbook.reading import Level, Message, Reading, Row, Value

PLAIN_ROWS = 200
# Cells about which the page asks one by one; a form may not send many more fields.
CHOICES = 400

TOLD = {
    "added": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "held_back": "Held back",
}


@dataclass(frozen=True)
class SeenCell:
    """One cell of the preview: what it will say, what it says here, how grave what is told about it is."""

    text: str
    ours: str = ""
    changed: bool = False
    level: Level | None = None


@dataclass(frozen=True)
class SeenRow:
    """One row of the preview with its messages and the conflicts to be settled."""

    plan: RowPlan
    cells: tuple[SeenCell, ...]
    messages: tuple[Message, ...]

    @property
    def outcome(self) -> Outcome:
        """Under which count it falls."""
        return self.plan.outcome

    @property
    def told(self) -> str:
        """What happens to it, in words."""
        return "New, closed" if self.plan.closed else TOLD[self.plan.outcome]

    @property
    def others(self) -> list[Cell]:
        """Cells outside of the ten columns: the team's own, the row colour."""
        known = {column.key for column in COLUMNS}
        return [cell for cell in self.plan.cells if cell.take and cell.key not in known]


@dataclass(frozen=True)
class Preview:
    """The rows that are listed, how many are not, and the messages about the file as a whole.

    `conflicts` are the cells that may be chosen one by one, each with its row; the others go by the
    side that is kept everywhere.
    """

    rows: tuple[SeenRow, ...]
    not_listed: int
    messages: tuple[Message, ...]
    conflicts: Sequence[tuple[RowPlan, Cell]]
    more_conflicts: int


def preview_of(plan: Plan, reading: Reading) -> Preview:
    """What the page shows of the plan that was made of the reading."""
    lines = {line.row: line for line in reading.rows}
    by_row: dict[int, list[Message]] = {}
    planned = {row.row for row in plan.rows}
    for message in plan.messages:
        by_row.setdefault(message.row if message.row in planned else 0, []).append(message)
    rows = [_seen(row, lines[row.row], by_row.get(row.row, [])) for row in plan.rows]
    plain = [
        row for row in rows if not row.messages and not row.plan.conflicts and row.outcome != "held_back"
    ]
    left_out = {row.plan.row for row in plain if row.outcome == "unchanged"}
    left_out |= {row.plan.row for row in [row for row in plain if row.plan.row not in left_out][PLAIN_ROWS:]}
    conflicts = [(row, cell) for row in plan.rows for cell in row.conflicts]
    return Preview(
        rows=tuple(row for row in rows if row.plan.row not in left_out),
        not_listed=len(left_out),
        messages=tuple(by_row.get(0, [])),
        conflicts=conflicts[:CHOICES],
        more_conflicts=max(0, len(conflicts) - CHOICES),
    )


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
