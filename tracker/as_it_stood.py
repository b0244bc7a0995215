"""The tracker as it stood at a number of its log, from the team's changes alone; asks no database.

Who reads the log and draws the page is tracker/views/as_it_stood.py.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.choices import ChangeKind, RowState, Stage
from tracker.models import COLUMN_ORDER, Change

# What an entry says of its row's state; that of an addition and a restoration depends on the stage.
STATE_AFTER = {
    ChangeKind.CLOSE: RowState.CLOSED,
    ChangeKind.REOPEN: RowState.OPEN,
    ChangeKind.REMOVE: RowState.REMOVED,
}


@dataclass
class StoodRow:
    """One row as it stood: the raw text of every field that had one (see TrackerRow.raw), and its state."""

    row_id: int
    state: RowState = RowState.OPEN
    values: dict[str, str] = field(default_factory=dict)
    row_rev: int = 0


@dataclass
class Stood:
    """A team's tracker as it stood: rows by number in the team's order, own columns by key with headings."""

    rows: dict[int, StoodRow] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    def open_rows(self) -> list[StoodRow]:
        """The rows that were on the tracker."""
        return [row for row in self.rows.values() if row.state == RowState.OPEN]

    def closed_rows(self) -> list[StoodRow]:
        """The rows that were in the Closed list."""
        return [row for row in self.rows.values() if row.state == RowState.CLOSED]


def as_it_stood(changes: Iterable[Change]) -> Stood:
    """Plays one team's changes, from its first on in the order of their numbers."""
    stood = Stood()
    columns: dict[str, str] = {}
    for change in changes:
        if change.kind == ChangeKind.COLUMN:
            _play_column(columns, change)
        elif change.row_id is not None:
            _play(stood.rows.setdefault(change.row_id, StoodRow(change.row_id)), change)
    # The legend is told under "colour"; a removed column keeps its place for the day it comes back.
    stood.columns = {key: heading for key, heading in columns.items() if heading and key != "colour"}
    return stood


def _play_column(columns: dict[str, str], change: Change) -> None:
    if change.field != COLUMN_ORDER:
        columns[change.field] = change.new
        return
    ordered = {key: columns.pop(key) for key in json.loads(change.new) if key in columns}
    columns |= ordered


def _play(row: StoodRow, change: Change) -> None:
    kind = ChangeKind(change.kind)
    row.row_rev = change.row_rev
    if kind == ChangeKind.ADD:
        # An erased row keeps its entries and loses their content (specs: concurrency 4.4).
        row.values = dict(json.loads(change.new)) if change.new else {}
    elif change.field:
        row.values[change.field] = change.new
    if kind in (ChangeKind.ADD, ChangeKind.RESTORE):
        closed = row.values.get("stage") == Stage.CLOSED
        row.state = RowState.CLOSED if closed else RowState.OPEN
    else:
        row.state = STATE_AFTER.get(kind, row.state)
