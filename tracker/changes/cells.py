"""Writing many cells at once: a paste, a fill, a clearing. All or nothing, one act, one undo (ADR 0016).

Reading what was pasted is in tracker/pasting.py.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from accounts.models import Team, User
from accounts.permissions import Rights, field_permission, require
from tracker.changes.act import Answer, acting, answered_once, follows, stale_edit, who_put
from tracker.changes.edit import (
    IN_USE,
    RefusedText,
    check_value,
    just_retired,
    keep_refused,
    not_offered,
    pins_taken,
)
from tracker.changes.lifecycle import new_row
from tracker.changes.refusals import Invalid, NeedsOutcome, Refusal, StaleEdit
from tracker.choices import RowState
from tracker.models import Change, Meeting, TrackerRow
from tracker.values import Cleaned

MOST_CELLS = 200


@dataclass(frozen=True)
class CellEdit:
    """One cell of several: `place` is where it stood in what was sent.

    `row_id` is None for a cell of a new case, whose cells share a `group`. `base` is the version the
    person saw, `after_op` an earlier edit of theirs to the cell that was still under way.
    """

    place: int
    row_id: int | None
    field: str
    new: Cleaned
    base: int | None = None
    group: str = ""
    after_op: UUID | None = None


@dataclass(frozen=True)
class Problem:
    """Why one cell cannot be written. `code` is for scripts, `message` for people.

    Codes: unreadable, not-listed, unknown-field, unknown-row, unknown-pin, not-allowed, needs-reason,
    needs-outcome, refused, clears, twice, pin-taken, gone, stale.
    """

    place: int
    code: str
    message: str
    nearest: str = ""
    by_name: str = ""
    at: datetime | None = None
    theirs: str = ""


class CellsRefused(Refusal):
    """None of the cells was written; `problems` says why, cell by cell."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Nothing was changed.")
        self.problems = problems

    @property
    def outcome(self) -> str:  # type: ignore[override] # it depends on the cells
        """`conflict` where others were quicker, else `refused`."""
        return "conflict" if any(one.code in ("stale", "gone") for one in self.problems) else "refused"


@dataclass
class Looked:
    """Several cells against the tracker as it is: the rows they are about, and what is in the way."""

    rows: dict[int, TrackerRow]
    problems: list[Problem] = field(default_factory=list)
    late: list[RefusedText] = field(default_factory=list)


def look_at_cells(
    *, team: Team, edits: Sequence[CellEdit], by: User, tab: str = "", reason: str = "", clear: bool = False
) -> Looked:
    """What would stand in the way of writing these cells; writes nothing.

    The number of statements does not depend on the number of cells.
    """
    held = require(by, team, "bulk_edit")
    ids = {edit.row_id for edit in edits if edit.row_id is not None}
    rows = {row.pk: row for row in TrackerRow.objects.with_all().filter(team=team, pk__in=ids)}
    return _Look(team, edits, by, tab, reason, clear, held, Looked(rows)).look()


def write_cells(
    *,
    team: Team,
    edits: Sequence[CellEdit],
    by: User,
    kind: str = "paste",
    op: UUID,
    tab: str = "",
    reason: str = "",
    clear: bool = False,
    meeting: Meeting | None = None,
) -> Answer:
    """Writes all the cells and adds the new cases, or nothing. Answers with the counts `cells` and `added`.

    `clear` says that the person has confirmed emptying filled cells. Raises `CellsRefused`, after keeping
    the texts that came too late for their author, and `Refused` without the right.
    """
    require(by, team, "bulk_edit")
    late: list[RefusedText] = []
    try:
        return _write(
            team=team,
            edits=edits,
            by=by,
            kind=kind,
            op=op,
            tab=tab,
            reason=reason,
            clear=clear,
            meeting=meeting,
            late=late,
        )
    except CellsRefused:
        keep_refused(late, op, by, team)
        raise
    except IntegrityError:
        pins = [edit for edit in edits if edit.field == "pin" and edit.new.raw]
        if not pins:
            raise
        # Two of these rows exchange their PINs, or another team took one at the same moment.
        raise CellsRefused([Problem(edit.place, "pin-taken", IN_USE) for edit in pins]) from None


@answered_once
def _write(
    *,
    team: Team,
    edits: Sequence[CellEdit],
    by: User,
    kind: str,
    op: UUID,
    tab: str,
    reason: str,
    clear: bool,
    meeting: Meeting | None,
    late: list[RefusedText],
) -> Answer:
    with acting(kind, teams=[team], by=by, op=op, tab=tab, reason=reason, meeting=meeting) as act:
        looked = look_at_cells(team=team, edits=edits, by=by, tab=tab, reason=reason, clear=clear)
        late += looked.late
        if looked.problems:
            raise CellsRefused(looked.problems)
        written = 0
        for edit in edits:
            row = looked.rows.get(edit.row_id or 0)
            if row and row.raw(edit.field) != edit.new.raw:
                act.set(row, edit.field, edit.new.raw, edit.new.value)
                written += 1
        new = [new_row(team, values) for values in new_cases(edits).values()]
        if new:
            act.add(team, new)
        act.answer = Answer(
            "saved" if written or new else "same", counts={"cells": written, "added": len(new)}
        )
    return act.answer


def new_cases(edits: Sequence[CellEdit]) -> dict[str, dict[str, Cleaned]]:
    """The filled values of each new case by its group, in the order in which they were sent."""
    cases: dict[str, dict[str, Cleaned]] = {}
    for edit in edits:
        if edit.row_id is None:
            values = cases.setdefault(edit.group, {})
            if edit.new.raw:
                values[edit.field] = edit.new
    return {group: values for group, values in cases.items() if values}


@dataclass
class _Look:
    """One look at several cells, question by question."""

    team: Team
    edits: Sequence[CellEdit]
    by: User
    tab: str
    reason: str
    clear: bool
    held: Rights
    looked: Looked

    def look(self) -> Looked:
        known = [edit for edit in self.edits if edit.row_id is None or edit.row_id in self.looked.rows]
        for edit in self.edits:
            if edit.row_id is not None and edit.row_id not in self.looked.rows:
                self._problem(edit, "unknown-row", "This case is not on this tracker.")
        self._twice(known)
        self._new_cases(known)
        there = [edit for edit in known if edit.row_id is not None]
        left = self._gone(there)
        # What stands there already is no change: nothing is asked about it.
        changing = [edit for edit in left if self._row(edit).raw(edit.field) != edit.new.raw]
        self._stale(changing)
        for edit in changing:
            self._check(edit)
        new = [edit for edit in known if edit.row_id is None]
        self._words([*changing, *new])
        self._pins([*changing, *new])
        self.looked.problems.sort(key=lambda one: one.place)
        return self.looked

    def _row(self, edit: CellEdit) -> TrackerRow:
        return self.looked.rows[edit.row_id or 0]

    def _problem(self, edit: CellEdit, code: str, message: str) -> None:
        self.looked.problems.append(Problem(edit.place, code, message))

    def _twice(self, edits: Sequence[CellEdit]) -> None:
        met = set()
        for edit in edits:
            cell = (edit.row_id, edit.group if edit.row_id is None else "", edit.field)
            if cell in met:
                self._problem(edit, "twice", "This cell is there twice: leave one of them out.")
            met.add(cell)

    def _new_cases(self, edits: Sequence[CellEdit]) -> None:
        cases = new_cases(edits)
        for edit in edits:
            if edit.row_id is not None or edit.group not in cases:
                continue
            if "add_row" not in self.held:
                self._problem(edit, "not-allowed", "You cannot add a case here.")
            elif edit.new.raw and (problem := _refused_value(None, edit)):
                self.looked.problems.append(problem)
        for group, values in cases.items():
            if "person" not in values:
                first = next(edit for edit in edits if edit.row_id is None and edit.group == group)
                self._problem(first, "refused", "A case needs a name.")

    def _gone(self, edits: Sequence[CellEdit]) -> list[CellEdit]:
        """Tells of rows that left the tracker; gives the cells of the others."""
        gone = who_put(row for row in self.looked.rows.values() if row.state != RowState.OPEN)
        for edit in edits:
            if refused := gone.get(edit.row_id or 0):
                self.looked.problems.append(
                    Problem(edit.place, "gone", refused.told, by_name=refused.by_name, at=refused.at)
                )
                self.looked.late.append(RefusedText(refused.row_id, edit.field, edit.new.raw, edit.base or 0))
        return [edit for edit in edits if edit.row_id not in gone]

    def _stale(self, edits: Sequence[CellEdit]) -> None:
        for edit, stale in self._overtaken(edits):
            newer = stale.newer
            who = "You" if newer.by_me else newer.by_name or "Somebody"
            self.looked.problems.append(
                Problem(
                    edit.place,
                    "stale",
                    f"{who} changed this after you had opened it.",
                    by_name=newer.by_name,
                    at=newer.at,
                    theirs=newer.value,
                )
            )
            self.looked.late.append(RefusedText(stale.row_id, edit.field, edit.new.raw, stale.base))

    def _overtaken(self, edits: Sequence[CellEdit]) -> Iterator[tuple[CellEdit, StaleEdit]]:
        old = [
            edit for edit in edits if edit.base is not None and edit.base != self._row(edit).rev(edit.field)
        ]
        entries: dict[tuple[int | None, str], list[Change]] = {}
        found = Change.objects.select_related("operation").filter(
            row__in={edit.row_id for edit in old}, field__in={edit.field for edit in old}
        )
        for change in found.order_by("rev") if old else ():
            entries.setdefault((change.row_id, change.field), []).append(change)
        for edit in old:
            row, changes = self._row(edit), entries.get((edit.row_id, edit.field), [])
            newest = changes[-1] if changes else None
            if follows(newest, edit.after_op, self.by):
                continue
            base = edit.base or 0
            began = next((change for change in changes if change.rev > base), None)
            yield (
                edit,
                stale_edit(
                    row,
                    edit.field,
                    typed=edit.new.raw,
                    base=base,
                    by=self.by,
                    tab=self.tab,
                    newest=newest,
                    began=began,
                ),
            )

    def _check(self, edit: CellEdit) -> None:
        row = self._row(edit)
        permission = field_permission(edit.field, row)
        if permission not in self.held:
            self._problem(edit, "not-allowed", "You cannot change this here.")
        elif self.held.needs_reason(permission) and not self.reason:
            self._problem(edit, "needs-reason", "Your role changes this with a reason only.")
        elif problem := _refused_value(row, edit):
            self.looked.problems.append(problem)
        elif not edit.new.raw and not self.clear:
            self._problem(edit, "clears", "This would empty a filled cell.")

    def _words(self, edits: Sequence[CellEdit]) -> None:
        gone = just_retired(edit.new.value for edit in edits)
        for edit in edits if gone else ():
            if edit.new.value in gone:
                self._problem(edit, "refused", not_offered(edit.new.value))

    def _pins(self, edits: Sequence[CellEdit]) -> None:
        cells = [edit for edit in edits if edit.field == "pin" and edit.new.raw]
        if not cells:
            return
        taken = pins_taken(self.team, [edit.new.raw for edit in cells], self.by)
        times = Counter(edit.new.raw for edit in cells)
        for edit in cells:
            pin = edit.new.raw
            if pin in taken:
                self._problem(edit, "pin-taken", taken[pin].message)
            elif times[pin] > 1:
                self._problem(edit, "twice", f"PIN {pin} is here {times[pin]} times: it belongs to one case.")


def _refused_value(row: TrackerRow | None, edit: CellEdit) -> Problem | None:
    try:
        check_value(row, edit.field, edit.new)
    except NeedsOutcome:
        return Problem(
            edit.place, "needs-outcome", "A case is closed by itself, with its outcome: it cannot be pasted."
        )
    except Invalid as refused:
        return Problem(edit.place, "refused", refused.message)
    return None
