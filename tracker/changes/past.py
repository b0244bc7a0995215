"""Writes told pasts (tracker/demo/stories.py) in a few large statements.

The one module that writes rows without asking who may: nobody is acting, the acts are told. Each goes
through the same `Act` as a real one, in memory, so that it leaves the same entries behind.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Team, User
from tracker.changes.act import BATCH, Act, Answer, first_values
from tracker.changes.lifecycle import close, remove
from tracker.choices import ChangeKind, RowState
from tracker.demo import stories
from tracker.demo.stories import Story
from tracker.fields import FIELDS
from tracker.models import Case, Change, Operation, TeamColumn, TeamLog, TrackerRow
from tracker.models.cases import DATES, WORDS
from tracker.sealing import sign

# A move takes these along (as lifecycle.move_row does); colour and team columns stay behind.
CARRIED = (
    "stage", "needed", "action", "owner", "by_when", "update", "difficulty", "next_meeting", "expected_month",
)  # fmt: skip


@dataclass
class Past:
    """What stories left behind, before it is numbered and written."""

    operations: list[Operation] = field(default_factory=list)
    # The entries of each operation, in the same order.
    changes: list[list[Change]] = field(default_factory=list)
    rows: list[TrackerRow] = field(default_factory=list)

    def keep(self, kind: str, team: Team, by: User, at: datetime, changes: list[Change]) -> None:
        """One act of the past."""
        for change in changes:
            change.at = at
        self.operations.append(Operation(kind=kind, by=by, team=team, at=at))
        self.changes.append(changes)


def add_column(past: Past, column: TeamColumn, by: User, at: datetime) -> None:
    """The entry of a column that the team added; the column is written already."""
    change = Change(
        team_id=column.team_id,
        kind=ChangeKind.COLUMN,
        field=column.key,
        new=column.heading,
        by=by,
        by_name=by.name,
    )
    past.keep("column", column.team, by, at, [change])


def play(past: Past, story: Story) -> None:
    """Does in memory what the story tells."""
    child = story.child
    row = TrackerRow(
        team=story.team,
        case=Case(
            locality_id=story.team.locality_id,
            cin_start=child.cin_start,
            allocated_worker=child.worker,
            last_sign_off=child.last_sign_off,
        ),
    )
    for told in story.acts:
        act, team = Act(by=told.by), row.team
        row = DO[told.kind](past, act, row, told)
        past.keep(told.kind, team, told.by, told.at, act.changes)


def write(past: Past, rng: random.Random) -> None:
    """Writes all of it: rows in the order of their addition, entries numbered in the order of time.

    Called within a transaction, and once for a team: its stories must not lie before what is there.
    """
    in_time = sorted(zip(past.operations, past.changes, strict=True), key=lambda kept: kept[0].at)
    changes = [change for _, some in in_time for change in some]
    _write_rows(past.rows)
    _number(changes)
    for operation, some in in_time:
        # Out of the generator, so that two loads with one seed are the same in every byte.
        operation.op = UUID(int=rng.getrandbits(128), version=4)
        operation.answer = asdict(_answer(some[-1]))
    Operation.objects.bulk_create([operation for operation, _ in in_time], batch_size=BATCH)
    for operation, some in in_time:
        for change in some:
            change.operation = operation
    sign(changes)
    Change.objects.bulk_create(changes, batch_size=BATCH)


def _write_rows(rows: list[TrackerRow]) -> None:
    rows.sort(key=lambda row: row.opened_at)
    places: Counter[int] = Counter()
    for row in rows:
        places[row.team_id] += 1
        row.order = places[row.team_id]
    # A case that moved has two rows.
    cases = {id(row.case): row.case for row in rows}
    Case.objects.bulk_create(cases.values(), batch_size=BATCH)
    for row in rows:
        row.case = row.case  # takes over the number that the case has now
    TrackerRow.objects.bulk_create(rows, batch_size=BATCH)


def _number(changes: Sequence[Change]) -> None:
    """Numbers on from where each team's log stands; the logs are taken in the order that acts take them."""
    numbers = Counter(change.team_id for change in changes)
    following = {
        team_id: TeamLog.take(team_id, numbers[team_id]) - numbers[team_id] + 1 for team_id in sorted(numbers)
    }
    for change in changes:
        change.seq = following[change.team_id]
        following[change.team_id] += 1


def _answer(last: Change) -> Answer:
    """The stored answer of an act, told by its last entry."""
    row = last.row
    return Answer(
        outcome="saved",
        row=row.pk if row else None,
        field=last.field,
        rev=last.rev,
        row_rev=last.row_rev,
        seq=last.seq,
    )


def _add(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    for key, value in told.values.items():
        if key not in FIELDS:
            row.extra[key] = value
        else:
            setattr(row.case if FIELDS[key].on_case else row, key, value)
    return _open(past, act, row, told)


def _open(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    """Begins a line, with the one entry that `Act.add` makes of it."""
    row.opened_at, row.row_rev = told.at, 1
    past.rows.append(row)
    act.changes.append(
        Change(
            team_id=row.team_id,
            row=row,
            kind=ChangeKind.ADD,
            new=json.dumps(first_values(row), ensure_ascii=False),
            row_rev=row.row_rev,
            by=told.by,
            by_name=told.by.name,
        )
    )
    return row


def _edit(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    for key, value in told.values.items():
        act.set(row, key, _raw(value), _kept(key, value))
    return row


def _close(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    close(act, row, told.values["outcome"], at=told.at)
    return row


def _reopen(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    """As lifecycle.reopen does, which looks the stage up in a history that is not written yet here."""
    stage = told.values["stage"]
    act.set(row, "outcome", "", None)
    row.state, row.closed_at, row.closed_by = RowState.OPEN, None, None
    act.set(row, "stage", stage, stage, ChangeKind.REOPEN)
    return row


def _remove(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    remove(act, row)
    return row


def _move(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> TrackerRow:
    carried = {key: getattr(row, key) for key in CARRIED}
    _close(past, act, row, told)
    return _open(past, act, TrackerRow(case=row.case, team=told.values["to"], **carried), told)


def _raw(value: Any) -> str:
    """The raw text of what a record keeps (see TrackerRow.raw)."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value.pk if hasattr(value, "pk") else value or "")


def _kept(key: str, value: Any) -> Any:
    """What the record keeps: a blank is no word and no date, but an empty text."""
    return value or (None if key in WORDS or key in DATES else "")


DO: dict[str, Callable[[Past, Act, TrackerRow, stories.Act], TrackerRow]] = {
    "add": _add,
    "edit": _edit,
    "close": _close,
    "reopen": _reopen,
    "remove": _remove,
    "move": _move,
}
