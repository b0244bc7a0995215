"""Writing cells: one, or several of one row, each against the version it was typed on (specs 4.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError

from accounts.models import Team, User
from accounts.permissions import Refused, field_permission, may_edit, rights
from tracker.changes.act import Act, Answer, acting, answered_once, check_version
from tracker.changes.refusals import (
    Invalid,
    NeedsOutcome,
    NeedsReason,
    RowGone,
    StaleCells,
    StaleEdit,
)
from tracker.choices import Stage
from tracker.models import Change, RefusedEdit, TrackerRow, Word


@dataclass(frozen=True)
class Cleaned:
    """A value that a field takes: its raw text for the history, and what the record keeps."""

    raw: str
    value: Any


@dataclass(frozen=True)
class Edit:
    """One cell to write: the new value, and the version of the field it was typed against.

    `after_op` names an earlier edit of the same person to this field that was still under way.
    """

    field: str
    new: Cleaned
    base: int
    after_op: UUID | None = None


def edit_cell(
    *,
    row: TrackerRow,
    field: str,
    new: Cleaned,
    base: int,
    by: User,
    op: UUID | None = None,
    tab: str = "",
    after_op: UUID | None = None,
    reason: str = "",
) -> Answer:
    """Writes one cell. Answers "saved", or "same" where the value stood there already.

    Brings `row` up to date. Raises `StaleEdit`, `RowGone`, `Invalid`, `NeedsOutcome`, `NeedsReason`, and
    `Refused` without the right.
    """
    edit = Edit(field, new, base, after_op)
    try:
        return edit_cells(row=row, edits=[edit], by=by, op=op, tab=tab, reason=reason)
    except StaleCells as refused:
        raise refused.stale[0] from None


def edit_cells(
    *,
    row: TrackerRow,
    edits: Sequence[Edit],
    by: User,
    op: UUID | None = None,
    tab: str = "",
    reason: str = "",
) -> Answer:
    """Writes several cells of one row in one act: all of them, or none.

    A text that meets a newer one is kept as a `RefusedEdit` of its author, then `StaleCells` is raised.
    Raises as `edit_cell` does besides.
    """
    op = op or uuid4()
    try:
        return _write(row=row, edits=edits, by=by, op=op, tab=tab, reason=reason)
    except StaleCells as refused:
        for stale in refused.stale:
            _keep_refused(stale.row_id, stale.field, stale.typed, stale.base, op, by)
        raise
    except RowGone as refused:
        for edit in edits:
            _keep_refused(refused.row_id, edit.field, edit.new.raw, edit.base, op, by)
        raise
    except IntegrityError:
        pins = [edit.new.raw for edit in edits if edit.field == "pin"]
        if not pins:
            raise
        raise pin_taken(row.team, pins[0], by) from None


@answered_once
def _write(*, row: TrackerRow, edits: Sequence[Edit], by: User, op: UUID, tab: str, reason: str) -> Answer:
    needs_reason = [key for key in (edit.field for edit in edits) if _ask(by, row, key)]
    if needs_reason and not reason:
        raise NeedsReason("Say why: your role changes this with a reason only.", needs_reason[0])
    for edit in edits:
        if row.raw(edit.field) != edit.new.raw:
            check_value(row, edit.field, edit.new)
    with acting("edit", teams=[row.team], by=by, op=op, tab=tab, reason=reason) as act:
        current = act.row(row.pk)
        stale = [refused for edit in edits if (refused := _apply(act, current, edit, by, tab))]
        if stale:
            raise StaleCells(stale)
    # The caller's row is as it was before the lock; from here on it is as it stands.
    current.team = row.team
    row.__dict__.update(current.__dict__)
    return act.answer


def _ask(by: User, row: TrackerRow, key: str) -> bool:
    """Whether this person needs a reason to write this field; `Refused` where they may not at all."""
    permission = field_permission(key, row)
    if not may_edit(by, row.team, key, row):
        raise Refused(permission, row.team)
    return rights(by, row.team).needs_reason(permission)


def _apply(act: Act, row: TrackerRow, edit: Edit, by: User, tab: str) -> StaleEdit | None:
    """Writes one cell, or gives why it is stale; a value that stands there already is no change."""
    if row.raw(edit.field) == edit.new.raw:
        return None
    try:
        check_version(
            row,
            edit.field,
            typed=edit.new.raw,
            base=edit.base,
            by=by,
            tab=tab,
            after_op=edit.after_op,
        )
    except StaleEdit as stale:
        return stale
    act.set(row, edit.field, edit.new.raw, edit.new.value)
    return None


def check_value(row: TrackerRow | None, key: str, new: Cleaned) -> None:
    """What no form can know alone: raises `Invalid` with the sentence for the person. On every road in."""
    if key == "stage" and new.value == Stage.CLOSED:
        raise NeedsOutcome("Say how the case ended.", "stage")
    if key == "person" and not new.value:
        raise Invalid("A case needs a name.", "person")
    if isinstance(new.value, Word) and not (new.value.reviewed and not new.value.retired):
        _check_was_here(row, key, new)


def _check_was_here(row: TrackerRow | None, key: str, new: Cleaned) -> None:
    """A word that the list no longer offers may come back only to a row that had it."""
    if row is None or not Change.objects.filter(row=row, field=key, old=new.raw).exists():
        raise Invalid(f"“{new.value}” is not offered any more. Choose another.", key)


def pin_taken(team: Team, pin: str, by: User) -> Invalid:
    """Why the database refused a PIN: it belongs to one case of its locality.

    Says where it stands as far as the person may see it.
    """
    there = (
        TrackerRow.objects.visible_to(by)
        .filter(case__locality=team.locality_id, case__pin=pin)
        .select_related("team")
        .last()
    )
    if there is None:
        return Invalid("This PIN is already in use in this locality.", "pin")
    return Invalid(
        f"PIN {pin} is already on {there.team} ({there.get_state_display().lower()}). "
        "Look there before you add the child a second time.",
        "pin",
    )


def _keep_refused(row_id: int, key: str, typed: str, base: int, op: UUID, by: User) -> None:
    RefusedEdit.objects.get_or_create(
        op=op, row_id=row_id, field=key, defaults={"value": typed, "base": base, "by": by}
    )
