"""Taking back one's own act, whole, as a new act; refused where somebody has written over it since."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Team, User
from accounts.permissions import require
from tracker.changes.act import Act, Answer, acting, answered_once
from tracker.changes.lifecycle import close, remove, reopen, restore
from tracker.changes.refusals import Invalid
from tracker.choices import ChangeKind
from tracker.models import Change, Operation, TeamColumn, TrackerRow, value_of


@answered_once
def undo_operation(*, operation: Operation, by: User, op: UUID | None = None, tab: str = "") -> Answer:
    """Undoes every change of the operation, newest first, or none of them.

    Only its own author may, once. Raises `Invalid` with the name of whoever changed something since,
    and `Refused` where the author has lost the right to edit there.
    """
    if operation.by_id != by.pk:
        raise Invalid("Only the person who did this can undo it.")
    changes = list(operation.changes.select_related("team").order_by("-pk"))
    teams = list({change.team_id: change.team for change in changes}.values())
    for team in teams:
        require(by, team, "edit_row")
    with acting("undo", teams=teams or [operation.team], by=by, op=op, tab=tab) as act:
        _check_not_undone(operation)
        _take_back(act, changes, teams)
        act.answer = Answer("saved", counts={"changes": len(changes)})
    Operation.objects.filter(pk=operation.pk).update(undone_by=act.operation)
    return act.answer


def _check_not_undone(operation: Operation) -> None:
    if Operation.objects.filter(pk=operation.pk, undone_by__isnull=False).exists():
        raise Invalid("This was undone already.")


def _take_back(act: Act, changes: Sequence[Change], teams: Sequence[Team]) -> None:
    """Checks all of it first, then writes: nothing is half undone."""
    rows = {
        row.pk: row
        for row in TrackerRow.objects.with_all().filter(
            pk__in={change.row_id for change in changes if change.row_id}
        )
    }
    newest: dict[tuple[int, str], int] = {}
    for change in changes:
        if change.row_id:
            newest.setdefault((change.row_id, change.field), change.rev)
    for change in changes:
        if change.row_id:
            _check_untouched(rows[change.row_id], change, newest[change.row_id, change.field])
    value = cache(value_of)
    for change in changes:
        if change.kind == ChangeKind.COLUMN:
            TeamColumn.objects.filter(pk=int(change.field.removeprefix("x"))).update(removed=True)
        else:
            _undo_one(act, rows[change.row_id], change, value)  # type: ignore[index] # only columns have no row


def _check_untouched(row: TrackerRow, change: Change, newest_of_act: int) -> None:
    """Refuses where the field was written after this act, even by its author: nothing is skipped."""
    if change.kind == ChangeKind.ADD:
        later = Change.objects.filter(row=row).exclude(operation=change.operation_id).first()
    elif row.rev(change.field) != newest_of_act:
        later = Change.objects.filter(row=row, field=change.field, rev__gt=newest_of_act).first()
    else:
        return
    if later:
        when = timezone.localtime(later.at).strftime("%H:%M")
        raise Invalid(f"{later.by_name} changed this after you ({when}). Undo would discard it.")


def _undo_one(act: Act, row: TrackerRow, change: Change, value: Callable[[str, str], Any]) -> None:
    kind = ChangeKind(change.kind)
    if kind == ChangeKind.SET and change.field != "outcome":
        act.set(row, change.field, change.old, value(change.field, change.old))
    elif kind in (ChangeKind.ADD, ChangeKind.RESTORE):
        remove(act, row)
    elif kind == ChangeKind.REMOVE:
        restore(act, row)
    elif kind == ChangeKind.CLOSE:
        reopen(act, row)
    elif kind == ChangeKind.REOPEN:
        outcome = row.changes.filter(field="outcome", old__gt="").order_by("-row_rev").first()
        close(act, row, value("outcome", outcome.old), timezone.now())  # type: ignore[union-attr] # a closed row had one
