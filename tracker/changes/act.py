"""The engine under every write: lock the team's log, check, write rows and history, keep the act."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from itertools import groupby
from typing import Any, ParamSpec
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max

from accounts import write_lock
from accounts.models import Team, User
from tracker.changes.many import insert, overwrite
from tracker.changes.refusals import Newer, OperationTaken, Refusal, RowGone, StaleEdit
from tracker.choices import ChangeKind, RowState
from tracker.fields import FIELDS
from tracker.live.announce import announce
from tracker.models import Case, Change, Meeting, Operation, TeamLog, TrackerRow
from tracker.sealing import sign

P = ParamSpec("P")

# Who wrote what an operator brought in by a command.
COMMAND_LINE = "Command line"

# Which entries tell who put a row into its state. A row can come in closed.
PUT_INTO = {
    RowState.OPEN: (ChangeKind.ADD, ChangeKind.REOPEN, ChangeKind.RESTORE),
    RowState.CLOSED: (ChangeKind.ADD, ChangeKind.CLOSE),
    RowState.REMOVED: (ChangeKind.REMOVE,),
}


@dataclasses.dataclass(frozen=True)
class Answer:
    """What an act did, in numbers only: it is stored, and given again when the same act arrives twice."""

    outcome: str
    row: int | None = None
    field: str = ""
    rev: int = 0
    row_rev: int = 0
    seq: int = 0
    counts: dict[str, int] = dataclasses.field(default_factory=dict)


def answered_once(change: Callable[P, Answer]) -> Callable[P, Answer]:
    """Makes a change safe to repeat: an `op` that was applied before gives its stored answer again.

    The look-up happens only where the act did not go through: a repeat is refused by the version check
    or by the unique number of the operation, or finds its values there; a first time that writes costs no
    extra statement. Raises `OperationTaken` where the number belongs to another person's act.
    """

    @wraps(change)
    def once(*args: P.args, **kwargs: P.kwargs) -> Answer:
        try:
            answer = change(*args, **kwargs)
        except (Refusal, IntegrityError):
            stored = _stored(kwargs)
            if stored is None:
                raise
            return stored
        return _stored(kwargs) or answer if answer.outcome == "same" else answer

    return once


def _stored(kwargs: Mapping[str, Any]) -> Answer | None:
    """The answer of the act that has this `op` already; None where there is none."""
    op, by = kwargs.get("op"), kwargs["by"]
    stored = Operation.objects.filter(op=op).first() if op else None
    if stored is None:
        return None
    if stored.by_id != (by.pk if by else None):
        raise OperationTaken("This number belongs to somebody else's change.") from None
    return Answer(**stored.answer)


@dataclasses.dataclass
class Act:
    """One act in progress: rows are read under the lock, writes and history wait for the end.

    `by` is None for what an operator does from the command line, who signs in to the machine and not here.
    """

    by: User | None
    reason: str = ""
    meeting: Meeting | None = None
    changes: list[Change] = dataclasses.field(default_factory=list)
    answer: Answer = dataclasses.field(default_factory=lambda: Answer("same"))
    operation: Operation | None = None
    _rows: dict[int, tuple[TrackerRow, set[str]]] = dataclasses.field(default_factory=dict)
    _cases: dict[int, tuple[Case, set[str]]] = dataclasses.field(default_factory=dict)

    @property
    def by_name(self) -> str:
        """Who acts, as the history says it."""
        return self.by.name if self.by else COMMAND_LINE

    def row(
        self,
        row_id: int,
        *,
        state: RowState | None = RowState.OPEN,
        asked: Mapping[str, Exists] | None = None,
    ) -> TrackerRow:
        """The row as it stands under the lock; `RowGone` where it is not in the wanted state."""
        return self.rows([row_id], state=state, asked=asked)[0]

    def rows(
        self,
        row_ids: Sequence[int],
        *,
        state: RowState | None = RowState.OPEN,
        asked: Mapping[str, Exists] | None = None,
    ) -> list[TrackerRow]:
        """The rows as they stand under the lock, in the given order; `asked` is answered on each by name."""
        wanted = TrackerRow.objects.with_case().filter(pk__in=row_ids).annotate(**asked or {}).order_by()
        found = {row.pk: row for row in wanted}
        cases: dict[int, Case] = {}
        for row in found.values():
            # Two rows of one case share it: what is written on the one is seen on the other.
            row.case = cases.setdefault(row.case_id, row.case)
            if state and row.state != state:
                raise gone(row)
        return [found[row_id] for row_id in row_ids]

    def set(
        self, row: TrackerRow, key: str, new: str, value: Any, kind: ChangeKind = ChangeKind.SET
    ) -> Change:
        """Writes one field: `new` is its raw text for the history, `value` what the record keeps."""
        old = row.raw(key)
        if key in FIELDS and FIELDS[key].on_case:
            setattr(row.case, key, value)
            self._cases.setdefault(row.case_id, (row.case, set()))[1].add(key)
        elif hasattr(TrackerRow, key):
            setattr(row, key, value)
            if key == "difficulty":
                vars(row).pop("answer_at", None)  # it was an answer to the one before
            self.touch(row, key)
        else:
            row.extra[key] = new  # JSON knows no dates
            self.touch(row, "extra")
        return self.note(row, kind, key, old, new)

    def touch(self, row: TrackerRow, *columns: str) -> None:
        """Has these columns of the row written at the end."""
        self._rows.setdefault(row.pk, (row, set()))[1].update(columns)

    def touch_case(self, case: Case, *columns: str) -> None:
        """Has these columns of the case written at the end."""
        self._cases.setdefault(case.pk, (case, set()))[1].update(columns)

    def note(self, row: TrackerRow, kind: ChangeKind, key: str = "", old: str = "", new: str = "") -> Change:
        """One history entry; raises the version of the field and of the row."""
        row.row_rev += 1
        if key:
            row.field_rev[key] = row.rev(key) + 1
        self.touch(row, "row_rev", "field_rev")
        change = self._entry(row, kind, field=key, old=old, new=new, rev=row.rev(key) if key else 0)
        self.changes.append(change)
        return change

    def add(self, team: Team, rows: Sequence[TrackerRow]) -> None:
        """Puts new rows at the end of the team's tracker. Each carries its case, saved or not.

        One history entry a row, whose `new` holds its first values ({field: raw text}) as JSON.
        """
        last = TrackerRow.objects.filter(team=team).aggregate(last=Max("order"))["last"] or 0
        fresh = [row.case for row in rows if row.case._state.adding]
        insert(fresh)
        for number, row in enumerate(rows, start=last + 1):
            row.team, row.order, row.case, row.row_rev = team, number, row.case, 1
        insert(rows)
        for row in rows:
            first = json.dumps(first_values(row), ensure_ascii=False)
            self.changes.append(self._entry(row, ChangeKind.ADD, new=first))

    def _entry(self, row: TrackerRow, kind: ChangeKind, **said: str | int) -> Change:
        """Links are given as numbers: an import makes thousands of entries, and nobody follows them."""
        return Change(
            team_id=row.team_id,
            row_id=row.pk,
            kind=kind,
            row_rev=row.row_rev,
            by_id=self.by.pk if self.by else None,
            by_name=self.by_name,
            reason=self.reason,
            meeting_id=self.meeting.pk if self.meeting else None,
            **said,
        )

    def write(self) -> None:
        """Sends the touched rows and cases to the database, only the columns that were touched."""
        _update(Case, list(self._cases.values()))
        _update(TrackerRow, list(self._rows.values()))
        self._cases.clear()
        self._rows.clear()


def first_values(row: TrackerRow) -> dict[str, str]:
    """The raw text of every field that a new row came with; one that came in closed has its outcome."""
    keys = [*FIELDS, "outcome", *row.extra]
    return {key: raw for key in keys if (raw := row.raw(key))}


@contextmanager
def acting(
    kind: str,
    *,
    teams: Sequence[Team],
    by: User | None,
    op: UUID | None = None,
    tab: str = "",
    reason: str = "",
    meeting: Meeting | None = None,
) -> Iterator[Act]:
    """One act of `by` on the trackers of these teams: all of it happens, or nothing.

    The logs of the teams are locked first, by number, so that no two acts wait for each other, and
    the numbers of the log come in the order of commits, without a gap. What the body raises undoes all.
    Raises `write_lock.Busy` where too many wait for a lock already.
    """
    with ExitStack() as queue:
        queue.enter_context(write_lock.waiting())
        with transaction.atomic():
            heads = {team.pk: TeamLog.take(team.pk, 1) for team in sorted(teams, key=lambda team: team.pk)}
            queue.close()  # the lock is there
            act = Act(by=by, reason=reason, meeting=meeting)
            yield act
            act.write()
            for team_id, head in heads.items():
                numbered = [change for change in act.changes if change.team_id == team_id]
                _number(numbered, team_id, head)
                if numbered:
                    announce(team_id, numbered[-1].seq)
            if act.changes:
                _keep(act, kind, teams[0], op, tab)


def _number(changes: list[Change], team_id: int, first: int) -> None:
    """Numbers the team's changes from the one taken at the start on, and takes or gives back the rest."""
    for seq, change in enumerate(changes, start=first):
        change.seq = seq
    if len(changes) != 1:
        TeamLog.take(team_id, len(changes) - 1)


def _keep(act: Act, kind: str, team: Team, op: UUID | None, tab: str) -> None:
    """Stores the operation with its answer, then its changes."""
    last = act.changes[-1]
    act.answer = Answer(
        outcome=act.answer.outcome if act.answer.outcome != "same" else "saved",
        row=act.answer.row or last.row_id,
        field=act.answer.field or last.field,
        rev=last.rev,
        row_rev=last.row_rev,
        seq=last.seq,
        counts=act.answer.counts,
    )
    act.operation = Operation.objects.create(
        op=op or uuid4(), kind=kind, by=act.by, team=team, tab=tab, answer=dataclasses.asdict(act.answer)
    )
    for change in act.changes:
        change.operation_id = act.operation.pk
    sign(act.changes)
    insert(act.changes)


def _update(record: type[TrackerRow] | type[Case], touched: list[tuple[Any, set[str]]]) -> None:
    """One UPDATE for one record; for many, one statement a batch of those with the same touched columns."""
    if len(touched) == 1:
        one, columns = touched[0]
        record.objects.filter(pk=one.pk).update(**{name: getattr(one, name) for name in columns})
        return
    by_columns = sorted(touched, key=lambda pair: sorted(pair[1]))
    for names, pairs in groupby(by_columns, key=lambda pair: sorted(pair[1])):
        overwrite([one for one, _ in pairs], names)


def gone(row: TrackerRow) -> RowGone:
    """Says who closed, removed, moved or reopened the row, and when."""
    return who_put([row])[row.pk]


def who_put(rows: Iterable[TrackerRow]) -> dict[int, RowGone]:
    """Of each row by its number, who put it into the state in which it is: the refusal to write in it."""
    states = {row.pk: RowState(row.state) for row in rows}
    kinds = {kind for state in states.values() for kind in PUT_INTO[state]}
    last: dict[int | None, Change] = {}
    for change in Change.objects.filter(row__in=states, kind__in=kinds).order_by("row_rev"):
        if change.kind in PUT_INTO[states[change.row_id or 0]]:
            last[change.row_id] = change
    return {
        row_id: RowGone(
            row_id=row_id,
            state=state.label.lower(),
            by_name=last[row_id].by_name if row_id in last else "",
            at=last[row_id].at if row_id in last else None,
        )
        for row_id, state in states.items()
    }


def follows(newest: Change | None, after_op: UUID | None, person: User) -> bool:
    """Whether this person's earlier edit, which was under way then, made the version that stands now."""
    if newest is None or after_op is None:
        return False
    return newest.operation.op == after_op and newest.by_id == person.pk


def check_version(
    row: TrackerRow, key: str, *, typed: str, base: int, by: User, tab: str, after_op: UUID | None
) -> None:
    """Raises `StaleEdit` where the field was written since version `base`.

    `after_op` is an earlier edit of the same person that was still on its way: where it made the
    version that stands now, this one follows it and is no conflict (specs 4.1, 5).
    """
    if base == row.rev(key):
        return
    newest = Change.objects.select_related("operation").filter(row=row, field=key, rev=row.rev(key)).first()
    if follows(newest, after_op, by):
        return
    began = Change.objects.filter(row=row, field=key, rev__gt=base).order_by("rev").first()
    raise stale_edit(row, key, typed=typed, base=base, by=by, tab=tab, newest=newest, began=began)


def stale_edit(
    row: TrackerRow,
    key: str,
    *,
    typed: str,
    base: int,
    by: User,
    tab: str,
    newest: Change | None,
    began: Change | None,
) -> StaleEdit:
    """The refusal that tells what stands there: `newest` made it, `began` is the first after `base`."""
    mine = newest is not None and newest.by_id == by.pk
    return StaleEdit(
        row_id=row.pk,
        field=key,
        typed=typed,
        base=base,
        newer=Newer(
            value=row.raw(key),
            rev=row.rev(key),
            by_name=newest.by_name if newest else "",
            by_me=mine,
            other_tab=mine and newest is not None and newest.operation.tab != tab,
            at=newest.at if newest else None,
            before=began.old if began else "",
        ),
    )
