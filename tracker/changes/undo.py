"""Taking back one's own act, whole, as a new act, and doing it again (ADR 0016).

Which act is next is told by tracker/steps.py.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Team, User
from accounts.permissions import require, require_global
from tracker.changes.act import Act, Answer, acting, answered_once
from tracker.changes.columns import (
    bring_back,
    legend_of,
    order_of,
    rename,
    take_off,
    write_legend,
    write_order,
)
from tracker.changes.lifecycle import (
    MEANWHILE,
    check_not_erased,
    check_not_open_elsewhere,
    close,
    remove,
    reopen,
    restore,
    take_over_case,
)
from tracker.changes.refusals import Invalid, Overtaken
from tracker.choices import ChangeKind, RowState
from tracker.models import COLUMN_ORDER, REDO, UNDO, Change, Operation, TeamColumn, TrackerRow, coming_back

# What leaves the tracker when it is taken back, and what comes onto it.
LEAVES = (ChangeKind.ADD, ChangeKind.RESTORE, ChangeKind.REOPEN)
COMES = (ChangeKind.REMOVE, ChangeKind.CLOSE)
# The state in which each of them left its row.
LEFT_IN = {
    ChangeKind.ADD: (RowState.OPEN, RowState.CLOSED),
    ChangeKind.RESTORE: (RowState.OPEN, RowState.CLOSED),
    ChangeKind.REOPEN: (RowState.OPEN,),
    ChangeKind.REMOVE: (RowState.REMOVED,),
    ChangeKind.CLOSE: (RowState.CLOSED,),
    ChangeKind.SET: (RowState.OPEN,),
}


@answered_once
def undo_operation(*, operation: Operation, by: User, op: UUID | None = None, tab: str = "") -> Answer:
    """Undoes every change of the operation, or none of them.

    Only its own author may, once. Raises `Overtaken` with the name of whoever changed something since,
    `Invalid` where it cannot come back as it was, and `Refused` where the author has lost the right to
    edit there.
    """
    return _take_back(UNDO, operation, operation.pk, by, op, tab)


@answered_once
def redo_operation(*, operation: Operation, by: User, op: UUID | None = None, tab: str = "") -> Answer:
    """Does again what its author has undone: takes the undo back. Raises as `undo_operation` does."""
    return _take_back(REDO, operation, operation.undone_by_id, by, op, tab)


def _take_back(
    kind: str, operation: Operation, taken_back: int | None, by: User, op: UUID | None, tab: str
) -> Answer:
    if operation.by_id != by.pk:
        raise Invalid("Only the person who did this can undo it.")
    changes = list(
        Change.objects.filter(operation=taken_back).select_related("team__locality").order_by("-pk")
    )
    # The operation stays with the team on whose page it was done: a move has its own entry there.
    teams = {operation.team_id: operation.team} | {change.team_id: change.team for change in changes}
    _check_may(by, operation, teams)
    try:
        with transaction.atomic():
            with acting(kind, teams=list(teams.values()), by=by, op=op, tab=tab) as act:
                _check_stands(kind, operation)
                _TakingBack(act, operation, by, changes, teams).run()
                act.answer = Answer("saved", counts={"changes": len(changes)})
            Operation.objects.filter(pk=operation.pk).update(
                undone_by=act.operation if kind == UNDO else None
            )
    except IntegrityError:
        if op and Operation.objects.filter(op=op).exists():
            raise
        raise Invalid("This cannot come back as it was: its PIN stands on another case by now.") from None
    return act.answer


def _check_may(by: User, operation: Operation, teams: dict[int, Team]) -> None:
    """`Refused` where the author may not write any more what the act wrote.

    A team that only received cases is written by whoever may move them there, as it was the first time.
    """
    done = list(Change.objects.filter(operation=operation.pk, row__isnull=False).select_related("row"))
    left = {one.row.case_id for one in done if one.row and one.kind == ChangeKind.CLOSE}
    received = {
        one.row_id for one in done if one.kind == ChangeKind.ADD and one.row and one.row.case_id in left
    }
    written = {one.team_id for one in done if one.row_id not in received and one.reason != MEANWHILE}
    for team in teams.values():
        if team.pk in written | {operation.team_id}:
            require(by, team, "edit_row")
        elif team.locality_id != operation.team.locality_id:
            require_global(by, "move_to_other_locality")


def _check_stands(kind: str, operation: Operation) -> None:
    """Under the lock: it was not undone, or done again, a moment ago."""
    undone_by = Operation.objects.values_list("undone_by", flat=True).get(pk=operation.pk)
    if kind == UNDO and undone_by is not None:
        raise Invalid("This was undone already.")
    if kind == REDO and (undone_by is None or undone_by != operation.undone_by_id):
        raise Invalid("This was done again already.")


@dataclass
class _TakingBack:
    """The changes of one operation, the newest first, on their way back within an act."""

    act: Act
    operation: Operation
    by: User
    changes: Sequence[Change]
    teams: dict[int, Team]
    rows: dict[int, TrackerRow] = field(default_factory=dict)

    def run(self) -> None:
        """Checks all of it, then writes: nothing is half undone.

        What leaves the tracker goes first: a case has one open row, so its other one must be off by then.
        """
        of_rows = [change for change in self.changes if change.row_id and change.reason != MEANWHILE]
        ids = list({change.row_id: None for change in of_rows if change.row_id})
        self.rows = {row.pk: row for row in self.act.rows(ids, state=None)}
        for row in self.rows.values():
            check_not_erased(row)
        _check_untouched(self.operation, self.rows, of_rows)
        self._columns()
        for change in of_rows:
            if change.kind in LEAVES:
                self._take_off(self._row(change), change)
        self.act.write()
        coming = [change for change in of_rows if change.kind in COMES]
        take_over_case(self.act, [self._row(change) for change in coming], self.teams)
        for change in coming:
            self._put_on(self._row(change), change)
        self._cells(of_rows)

    def _row(self, change: Change) -> TrackerRow:
        return self.rows[change.row_id or 0]

    def _take_off(self, row: TrackerRow, change: Change) -> None:
        if change.kind != ChangeKind.REOPEN:
            remove(self.act, row)
            return
        outcome = next(one.old for one in self.changes if one.row_id == row.pk and one.field == "outcome")
        closed = row.changes.filter(kind__in=(ChangeKind.CLOSE, ChangeKind.ADD), row_rev__lt=change.row_rev)
        # Closed by whom and when it had been: the closing itself is what was undone.
        first = closed.exclude(operation__kind__in=(UNDO, REDO)).select_related("by").last()
        close(
            self.act,
            row,
            _value("outcome", outcome)[1],
            at=first.at if first else None,
            closed_by=first.by if first else None,
        )

    def _put_on(self, row: TrackerRow, change: Change) -> None:
        check_not_open_elsewhere(row, self.by)
        if change.kind == ChangeKind.REMOVE:
            restore(self.act, row)
        else:
            reopen(self.act, row, change.old)

    def _cells(self, changes: Iterable[Change]) -> None:
        """Each field gets what stood there before the first of the act's own writes to it."""
        oldest = {
            (change.row_id, change.field): change
            for change in changes
            if change.kind == ChangeKind.SET and change.field != "outcome"
        }
        value = cache(_value)
        for change in oldest.values():
            self.act.set(self._row(change), change.field, *value(change.field, change.old))

    def _columns(self) -> None:
        for change in self.changes:
            if change.kind != ChangeKind.COLUMN:
                continue
            if change.field == "colour":
                self._legend(change)
            elif change.field == COLUMN_ORDER:
                self._order(change)
            else:
                self._column(change)

    def _legend(self, change: Change) -> None:
        team = self.teams[change.team_id]
        if legend_of(team) != json.loads(change.new):
            raise _overtaken(_later(self.operation, change), change)
        write_legend(self.act, team, json.loads(change.old))

    def _order(self, change: Change) -> None:
        team = self.teams[change.team_id]
        if order_of(team) != json.loads(change.new):
            raise _overtaken(_later(self.operation, change), change)
        write_order(self.act, team, json.loads(change.old))

    def _column(self, change: Change) -> None:
        column = TeamColumn.objects.select_related("team").get(pk=int(change.field.removeprefix("x")))
        later = _later(self.operation, change).filter(kind=ChangeKind.COLUMN)
        if not change.old:
            # The column goes: values that were written into it since would be out of sight.
            later = _later(self.operation, change)
        stands = "" if column.removed else column.heading
        if stands != change.new or later.exists():
            raise _overtaken(_later(self.operation, change), change)
        if not change.old:
            take_off(self.act, column)
        elif not change.new:
            bring_back(self.act, column, change.old)
        else:
            rename(self.act, column, change.old)


def _in_effect(operation: Operation) -> Q:
    """Changes that count as written over it: not its own, not undone, and no undoing of anything."""
    return Q(operation__undone_by=None) & ~Q(operation__kind__in=(UNDO, REDO)) & ~Q(operation=operation.pk)


def _later(operation: Operation, change: Change) -> QuerySet[Change]:
    """What happened to the same column, or to the legend, after this change."""
    return Change.objects.filter(
        _in_effect(operation), team=change.team_id, field=change.field, seq__gt=change.seq
    )


def _check_untouched(operation: Operation, rows: dict[int, TrackerRow], changes: Sequence[Change]) -> None:
    """Refuses where somebody wrote after this act what it wrote, even its own author: nothing is skipped.

    An act that was undone by now, and the undoing itself, are as if they had not been: so one takes back
    several acts on one cell, the newest first.
    """
    newest: dict[tuple[int, str], Change] = {}
    for change in changes:
        newest.setdefault((change.row_id or 0, change.field), change)
    last = {row_id: max(c.row_rev for c in changes if c.row_id == row_id) for row_id in rows}
    later: dict[int, list[Change]] = {row_id: [] for row_id in rows}
    for one in Change.objects.filter(_in_effect(operation), row__in=rows).order_by("row_rev"):
        if one.row_rev > last[one.row_id or 0]:
            later[one.row_id or 0].append(one)
    # Where the act wrote in a row and then moved it off the tracker, its cells stand where it left them.
    left = {c.row_id: LEFT_IN[ChangeKind(c.kind)] for c in reversed(changes) if c.kind != ChangeKind.SET}
    for change in newest.values():
        row = rows[change.row_id or 0]
        overtaking = [one for one in later[row.pk] if _overtakes(one, change)]
        if overtaking or not _stands(row, change, left.get(row.pk, LEFT_IN[ChangeKind.SET])):
            raise _overtaken_row(overtaking, row, change)


def _overtakes(later: Change, change: Change) -> bool:
    """A row that would go is in the way with anything on it; a cell with its own field only."""
    if change.kind in LEAVES:
        return True
    return later.field == change.field or (change.kind in COMES and later.kind != ChangeKind.SET)


def _stands(row: TrackerRow, change: Change, left: Sequence[RowState]) -> bool:
    """Whether the change is still what one sees of its field and of its row, which its act left so."""
    if row.state not in left and change.field != "outcome":
        return False
    return not change.field or row.raw(change.field) == change.new


def _overtaken_row(overtaking: Sequence[Change], row: TrackerRow, change: Change) -> Overtaken:
    if overtaking:
        return _overtaken(overtaking, change)
    return _overtaken(Change.objects.filter(row=row).order_by("-row_rev")[:1], change)


def _overtaken(later: Iterable[Change], change: Change) -> Overtaken:
    """Names who and when, as the spec words it."""
    first = next(iter(later), None)
    if first is None:
        return Overtaken("Somebody changed this after you. Undo would discard it.", change.row_id)
    at = timezone.localtime(first.at)
    when = at.strftime("%H:%M" if at.date() == timezone.localdate() else "%d/%m/%y %H:%M")
    who = "You" if first.by_id == change.by_id else first.by_name
    return Overtaken(f"{who} changed this after you ({when}). Undo would discard it.", change.row_id)


def _value(key: str, raw: str) -> tuple[str, Any]:
    try:
        return coming_back(key, raw)
    except ObjectDoesNotExist:
        raise Invalid("The word that stood there is gone from the list.", key) from None
