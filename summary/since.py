"""What has changed since a moment, row by row: a cell that was written eight times shows once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tracker.choices import ChangeKind, RowState
from tracker.history import Words
from tracker.models import Change, RowQuerySet, TeamColumn, TrackerRow

ADDED = "New on the tracker"
STATES = {RowState.CLOSED: "Closed", RowState.REMOVED: "Removed"}


@dataclass(frozen=True)
class Move:
    """One field: what stood there before the first change, and what after the last."""

    label: str
    old: str
    new: str
    times: int


@dataclass
class Line:
    """One row and what has changed on it; `state` says in words that it is new or gone."""

    row: TrackerRow
    state: str
    moves: list[Move] = field(default_factory=list)


def changed_since(rows: RowQuerySet, moment: datetime) -> list[Line]:
    """The rows whose values differ from those of the moment, or that came or went, in their tracker's order.

    Three statements, and one for each list of words that is needed, whatever the number of changes.
    """
    rows = rows.kept()
    touched = rows.with_all().select_related("team")
    entries = Change.objects.filter(row__in=rows, at__gte=moment).order_by("row", "row_rev", "pk")
    by_row: dict[int, list[Change]] = {}
    for entry in entries:
        by_row.setdefault(entry.row_id or 0, []).append(entry)
    words = Words(TeamColumn.objects.filter(team__in=rows.order_by().values("team")))
    told = touched.filter(pk__in=by_row).order_by("team__name", "state", "order", "pk")
    lines = (_line(row, by_row[row.pk], words) for row in told)
    return [line for line in lines if line.moves or line.state]


def _line(row: TrackerRow, entries: list[Change], words: Words) -> Line:
    added = entries[0].kind == ChangeKind.ADD
    state = STATES.get(RowState(row.state), ADDED if added else "")
    before = json.loads(entries[0].new) if added and entries[0].new else {}
    return Line(row, state, list(_moves(entries, before, words, new=added)))


def _moves(entries: list[Change], first: dict[str, str], words: Words, *, new: bool) -> Iterable[Move]:
    """Fields in the order in which they were first written; of a new row, what it has now."""
    old: dict[str, str] = dict.fromkeys(first, "")
    now, times = dict(first), dict.fromkeys(first, 1)
    for entry in entries:
        if entry.field:
            old.setdefault(entry.field, "" if new else entry.old)
            now[entry.field] = entry.new
            times[entry.field] = times.get(entry.field, 0) + 1
    for key, value in old.items():
        if value != now[key] and key not in ("pin", "person"):
            yield Move(words.label(key), words.text(key, value), words.text(key, now[key]), times[key])
