"""Writing cells: one, or several of one row, each against the version it was typed on (specs 4.3)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.db.models import Exists
from django.utils import timezone

from accounts.models import Team, User
from accounts.permissions import Refused, field_permission, may_edit, rights
from tracker.changes.act import Act, Answer, acting, answered_once, check_version
from tracker.changes.hitches import count_hitches
from tracker.changes.refusals import (
    Invalid,
    NeedsOutcome,
    NeedsReason,
    RowGone,
    StaleCells,
    StaleEdit,
)
from tracker.choices import Stage
from tracker.models import Case, Change, Meeting, RefusedEdit, TrackerRow, Word
from tracker.values import Cleaned

IN_USE = "This PIN is already in use in this locality."


@dataclass(frozen=True)
class Edit:
    """One cell to write: the new value, and the version of the field it was typed against.

    `after_op` names an earlier edit of the same person to this field that was still under way.
    """

    field: str
    new: Cleaned
    base: int
    after_op: UUID | None = None


@dataclass(frozen=True)
class RefusedText:
    """A text that was typed into one cell against a version that stands no more."""

    row_id: int
    field: str
    typed: str
    base: int


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
    meeting: Meeting | None = None,
) -> Answer:
    """Writes one cell. Answers "saved", or "same" where the value stood there already.

    Brings `row` up to date. Raises `StaleEdit`, `RowGone`, `Invalid`, `NeedsOutcome`, `NeedsReason`, and
    `Refused` without the right.
    """
    edit = Edit(field, new, base, after_op)
    try:
        return edit_cells(row=row, edits=[edit], by=by, op=op, tab=tab, reason=reason, meeting=meeting)
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
    meeting: Meeting | None = None,
) -> Answer:
    """Writes several cells of one row in one act: all of them, or none.

    A text that meets a newer one is kept as a `RefusedEdit` of its author, then `StaleCells` is raised.
    Raises as `edit_cell` does besides.
    """
    op = op or uuid4()
    try:
        return _write(row=row, edits=edits, by=by, op=op, tab=tab, reason=reason, meeting=meeting)
    except StaleCells as refused:
        keep_refused(
            [RefusedText(one.row_id, one.field, one.typed, one.base) for one in refused.stale],
            op,
            by,
            row.team,
        )
        raise
    except RowGone as refused:
        texts = [RefusedText(refused.row_id, edit.field, edit.new.raw, edit.base) for edit in edits]
        keep_refused(texts, op, by, row.team)
        raise
    except IntegrityError:
        pins = [edit.new.raw for edit in edits if edit.field == "pin"]
        if not pins:
            raise
        raise pin_taken(row.team, pins[0], by) from None


@answered_once
def _write(
    *,
    row: TrackerRow,
    edits: Sequence[Edit],
    by: User,
    op: UUID,
    tab: str,
    reason: str,
    meeting: Meeting | None,
) -> Answer:
    needs_reason = [key for key in (edit.field for edit in edits) if _ask(by, row, key)]
    if needs_reason and not reason:
        raise NeedsReason("Say why: your role changes this with a reason only.", needs_reason[0])
    for edit in edits:
        if row.raw(edit.field) != edit.new.raw:
            check_value(row, edit.field, edit.new)
    with acting("edit", teams=[row.team], by=by, op=op, tab=tab, reason=reason, meeting=meeting) as act:
        current, retired = _under_the_lock(act, row, edits)
        for edit in edits:
            if retired and edit.new.value in retired and current.raw(edit.field) != edit.new.raw:
                raise Invalid(not_offered(edit.new.value), edit.field)
        stale = [refused for edit in edits if (refused := _apply(act, current, edit, by, tab))]
        if stale:
            raise StaleCells(stale)
    # The caller's row is as it was before the lock; from here on it is as it stands.
    current.team = row.team
    row.__dict__.update(current.__dict__)
    return act.answer


def _under_the_lock(act: Act, row: TrackerRow, edits: Sequence[Edit]) -> tuple[TrackerRow, set[Word]]:
    """The row as it stands, and which words to be written were just retired; one statement for both."""
    words = [edit.new.value for edit in edits if isinstance(edit.new.value, Word) and edit.new.value.offered]
    asked = {
        f"retired_{place}": Exists(type(word)._default_manager.filter(pk=word.pk, retired=True))
        for place, word in enumerate(words)
    }
    current = act.row(row.pk, asked=asked)
    return current, {word for place, word in enumerate(words) if getattr(current, f"retired_{place}")}


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
    if isinstance(new.value, Word) and not new.value.offered:
        _check_was_here(row, key, new)


def _check_was_here(row: TrackerRow | None, key: str, new: Cleaned) -> None:
    """A word that the list no longer offers may come back only to a row that had it."""
    if row is None or not Change.objects.filter(row=row, field=key, old=new.raw).exists():
        raise Invalid(not_offered(new.value), key)


def not_offered(word: Word) -> str:
    """The sentence for a word that was on offer when the page was drawn."""
    return f"“{word}” is not offered any more. Choose another."


def check_offered(values: Mapping[str, Cleaned]) -> None:
    """Asked under the lock: raises `Invalid` for a word that was taken off its list a moment ago."""
    gone = just_retired(new.value for new in values.values())
    for key, new in values.items():
        if gone and new.value in gone:
            raise Invalid(not_offered(new.value), key)


def just_retired(values: Iterable[Any]) -> set[Word]:
    """Asked under the lock: the words among these that were on offer when they were read, and are not now.

    Merging words locks every log and rewrites the rows: nobody may write the old word after that.
    """
    words = {value for value in values if isinstance(value, Word) and value.offered}
    gone: set[Word] = set()
    for model in {type(word) for word in words}:
        of_list = {word for word in words if type(word) is model}
        here = model._default_manager.filter(pk__in=[word.pk for word in of_list], retired=True)
        retired = set(here.values_list("pk", flat=True))
        gone |= {word for word in of_list if word.pk in retired}
    return gone


def pin_taken(team: Team, pin: str, by: User) -> Invalid:
    """Why the database refused a PIN: it belongs to one case of its locality."""
    return pins_taken(team, [pin], by).get(pin) or Invalid(IN_USE, "pin")


def pins_taken(team: Team, pins: Iterable[str], by: User) -> dict[str, Invalid]:
    """Which of these PINs stand on a case of the team's locality, and for each why it is refused.

    Says where it stands as far as the person may see it.
    """
    cases = Case.objects.filter(locality=team.locality_id, pin__in=[pin for pin in pins if pin])
    taken = {pin: Invalid(IN_USE, "pin") for pin in cases.values_list("pin", flat=True)}
    there = TrackerRow.objects.visible_to(by).filter(case__locality=team.locality_id, case__pin__in=taken)
    for row in there.select_related("team", "case").order_by("pk") if taken else ():
        taken[row.pin] = Invalid(
            f"PIN {row.pin} is already on {row.team} ({row.get_state_display().lower()}). "
            "Look there before you add the child a second time.",
            "pin",
        )
    return taken


@contextmanager
def telling_of_pins(team: Team, pin: str, by: User) -> Iterator[None]:
    """Turns the database's refusal of a PIN into the sentence for the person."""
    try:
        yield
    except IntegrityError:
        if not pin:
            raise
        raise pin_taken(team, pin, by) from None


def keep_refused(texts: Sequence[RefusedText], op: UUID, by: User, team: Team) -> None:
    """Keeps typed texts that came too late, for their author; a repeat keeps and counts them once."""
    if not texts:
        return
    kept = set(RefusedEdit.objects.filter(op=op).values_list("row", "field"))
    fresh = [one for one in texts if (one.row_id, one.field) not in kept]
    if not fresh:
        return
    RefusedEdit.objects.bulk_create(
        (
            RefusedEdit(op=op, row_id=one.row_id, field=one.field, value=one.typed, base=one.base, by=by)
            for one in fresh
        ),
        ignore_conflicts=True,
    )
    count_hitches(team_id=team.pk, on=timezone.localdate(), conflicts=len(fresh))
