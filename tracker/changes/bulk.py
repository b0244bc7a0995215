"""Importing a workbook as one act: what a plan says, all of it or nothing (ADR 0013).

What a plan is and how it comes about is in tracker/importing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Team, User
from accounts.permissions import field_permission, require
from tracker.changes.act import Act, Answer, acting, answered_once
from tracker.changes.columns import make_column
from tracker.changes.lifecycle import check_not_open_elsewhere, reopen, take_over_case
from tracker.changes.refusals import NeedsReason, Refusal
from tracker.choices import ColumnKind, RowState, Stage
from tracker.fields import FIELDS
from tracker.importing.plan import NEW_COLUMN, WORD_FIELDS, Cell, NewWord, Plan, RowPlan
from tracker.models import Case, Outcome, TeamLog, TrackerRow, Word

NOT_RECORDED = "not_recorded"


class TrackerMoved(Refusal):
    """Something was changed since the plan was made: it has to be made again."""

    outcome = "conflict"

    def __init__(self) -> None:
        super().__init__("Somebody has just changed this tracker. Look at the preview again.")


def import_rows(
    *,
    team: Team,
    plan: Plan,
    by: User | None,
    op: UUID | None = None,
    planned_anew: Callable[[], Plan] | None = None,
) -> Answer:
    """Carries out the plan as one act that can be undone. Answers with the four counts.

    `by` is None for an operator at the command line. Where the plan is not of this moment any more it is made
    again by `planned_anew` while nobody else writes: in a meeting somebody always does. Raises `TrackerMoved`
    where that is not given or offers something else, `Refused` without the right, and `NeedsReason` for a
    PIN that the person changes with a reason only.
    """
    try:
        return _import_rows(team=team, plan=plan, by=by, op=op, planned_anew=planned_anew)
    except IntegrityError:
        # Another team of the locality took one of the PINs at the same moment.
        raise TrackerMoved from None


@answered_once
def _import_rows(
    *,
    team: Team,
    plan: Plan,
    by: User | None,
    op: UUID | None,
    planned_anew: Callable[[], Plan] | None,
) -> Answer:
    if by:
        require(by, team, "import_rows")
    with acting("import", teams=[team], by=by, op=op) as act:
        # The act has taken one number already.
        if TeamLog.head_of(team.pk) != plan.head + 1:
            plan = _of_this_moment(plan, planned_anew)
        _Import(act, team, plan).run()
        act.answer = Answer("saved", counts=plan.counts)
        audit.record(
            AuditEvent.Kind.IMPORT,
            by=by,
            purpose="import workbook",
            team=team,
            row_ids=sorted({change.row_id for change in act.changes if change.row_id}),
            counts=plan.counts,
        )
    return act.answer


def _of_this_moment(plan: Plan, planned_anew: Callable[[], Plan] | None) -> Plan:
    """The plan as it is now, under the lock; TrackerMoved where that is not what was offered."""
    now = planned_anew() if planned_anew else None
    if now is None or now.digest != plan.digest:
        raise TrackerMoved
    return now


class _Import:
    """One plan on its way onto the tracker, within an act."""

    def __init__(self, act: Act, team: Team, plan: Plan) -> None:
        self.act, self.team, self.plan = act, team, plan
        self.asked: set[str] = set()

    def run(self) -> None:
        """Words and columns first: cells refer to them. Then the changed rows, then the new ones."""
        self.words = {key: make_words(key, labels) for key, labels in self.plan.new_words.items()}
        # The plan may be older than a merging of words that did not touch this tracker.
        self.merged: dict[Word, Word | None] = {
            word: word.merged_into
            for model in WORD_FIELDS.values()
            for word in model.objects.exclude(merged_into=None).select_related("merged_into")
        }
        self.columns = {
            f"{NEW_COLUMN}{heading}": make_column(self.act, self.team, heading, ColumnKind.TEXT, []).key
            for heading in self.plan.new_columns
        }
        changed = self.plan.rows_to_be("changed")
        self._reopen([row for row in changed if row.reopens])
        self._change([row for row in changed if not row.reopens])
        self._add(self.plan.rows_to_be("added"))

    def _reopen(self, planned: list[RowPlan]) -> None:
        """Closed rows that the person lets come back: at the stage that the file has for them."""
        if not planned or self.act.by is None:
            return
        require(self.act.by, self.team, "reopen_row")
        rows = self.act.rows([row.row_id for row in planned if row.row_id], state=RowState.CLOSED)
        take_over_case(self.act, rows, {self.team.pk: self.team})
        for row, plan in zip(rows, planned, strict=True):
            check_not_open_elsewhere(row, self.act.by)
            stage = next((cell.given.value for cell in plan.cells if cell.key == "stage"), "")
            reopen(self.act, row, stage)
            self._write(row, [cell for cell in plan.cells if cell.key != "stage"])

    def _change(self, planned: list[RowPlan]) -> None:
        rows = self.act.rows([row.row_id for row in planned if row.row_id])
        for row, plan in zip(rows, planned, strict=True):
            self._write(row, plan.cells)

    def _write(self, row: TrackerRow, cells: Iterable[Cell]) -> None:
        for cell in cells:
            if cell.take:
                self._check_right(row, cell)
                key, value = self._value(cell)
                self.act.set(row, key, _raw(value), value)

    def _check_right(self, row: TrackerRow, cell: Cell) -> None:
        """Each right is asked for once: a file may change thousands of cells."""
        permission = field_permission(cell.key, row)
        if self.act.by is None or permission in self.asked:
            return
        held = require(self.act.by, self.team, permission)
        if held.needs_reason(permission):
            raise NeedsReason("Your role changes this with a reason only: change it in the case.", cell.key)
        self.asked.add(permission)

    def _add(self, planned: list[RowPlan]) -> None:
        known = {plan.case_id for plan in planned if plan.case_id}
        cases = {case.pk: case for case in Case.objects.filter(pk__in=known)}
        outcome = Outcome.objects.get(code=NOT_RECORDED)
        rows = []
        for plan in planned:
            row = TrackerRow(team=self.team, case=self._case(plan, cases))
            for cell in plan.cells:
                self._fill(row, *self._value(cell))
            if row.stage == Stage.CLOSED:
                row.state, row.outcome = RowState.CLOSED, outcome
                row.closed_at, row.closed_by = timezone.now(), self.act.by
            rows.append(row)
        self.act.add(self.team, rows)

    def _case(self, plan: RowPlan, cases: Mapping[int, Case]) -> Case:
        if plan.case_id is None:
            return Case(locality_id=self.team.locality_id)
        self.act.touch_case(cases[plan.case_id], "person")
        return cases[plan.case_id]

    def _fill(self, row: TrackerRow, key: str, value: Any) -> None:
        if key not in FIELDS:
            row.extra[key] = _raw(value)
        else:
            setattr(row.case if FIELDS[key].on_case else row, key, value)

    def _value(self, cell: Cell) -> tuple[str, Any]:
        """The key under which the cell is kept, and what is kept: new words and columns are made by now."""
        value = cell.given.value
        if isinstance(value, NewWord):
            value = self.words[cell.key][value.label]
        if isinstance(value, Word):
            value = self.merged.get(value, value)
        return self.columns.get(cell.key, cell.key), value


def _raw(value: Any) -> str:
    if isinstance(value, Word):
        return str(value.pk)
    return "" if value is None else str(value)


def make_words(key: str, labels: Sequence[str]) -> dict[str, Word]:
    """Unreviewed words, last in their list: kept and counted, not on offer until an officer takes them."""
    model = WORD_FIELDS[key]
    last = model.objects.aggregate(last=Max("order"))["last"] or 0
    made: dict[str, Word] = {}
    for label in labels:
        # Another import may have brought the same word in a moment ago.
        made[label], _ = model.objects.get_or_create(
            label__iexact=label, defaults={"label": label, "order": last + 10, "reviewed": False}
        )
    return made
