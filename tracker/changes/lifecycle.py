"""A row's life: added, closed with an outcome, reopened, removed and restored, moved to another team."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from accounts.models import Team, User
from accounts.permissions import Refused, require, require_global, rights
from tracker.changes.act import Act, Answer, acting, answered_once, check_version, gone
from tracker.changes.edit import check_offered, check_value, pin_taken, telling_of_pins
from tracker.changes.refusals import Invalid, NeedsReason
from tracker.choices import ChangeKind, RowState, Stage
from tracker.fields import FIELDS
from tracker.models import Case, Change, Meeting, Outcome, TrackerRow
from tracker.values import Cleaned

MOVED = "moved"
# What a move takes along beside the stage; colour and team columns stay behind.
CARRIED = (
    "needed", "action", "owner", "by_when", "update", "difficulty", "next_meeting", "expected_month",
)  # fmt: skip
# The reason of an entry that only takes over what another row of the case has written.
MEANWHILE = "changed meanwhile on another tracker"


def add_case(
    *, team: Team, values: dict[str, Cleaned], by: User, op: UUID | None = None, tab: str = ""
) -> Answer:
    """Puts a new case at the end of the team's tracker. `values` holds clean values by field key.

    Raises `Invalid` where the PIN is taken or the name missing, and `Refused` without the right.
    """
    require(by, team, "add_row")
    for key, new in values.items():
        check_value(None, key, new)
    if "person" not in values or not values["person"].value:
        raise Invalid("A case needs a name.", "person")
    try:
        return _add(team=team, values=values, by=by, op=op, tab=tab)
    except IntegrityError:
        if "pin" not in values:
            raise
        raise pin_taken(team, values["pin"].raw, by) from None


@answered_once
def _add(*, team: Team, values: dict[str, Cleaned], by: User, op: UUID | None, tab: str) -> Answer:
    with acting("add", teams=[team], by=by, op=op, tab=tab) as act:
        check_offered(values)
        act.add(team, [new_row(team, values)])
    return act.answer


def new_row(team: Team, values: dict[str, Cleaned]) -> TrackerRow:
    """A row with its case, not saved yet, from clean values; those of team columns go under their keys."""
    row = TrackerRow(team=team, case=Case(locality_id=team.locality_id))
    for key, new in values.items():
        if key not in FIELDS:
            row.extra[key] = new.raw
        elif FIELDS[key].on_case:
            setattr(row.case, key, new.value)
        else:
            setattr(row, key, new.value)
    return row


@answered_once
def close_row(
    *,
    row: TrackerRow,
    outcome: Outcome,
    by: User,
    base: int | None = None,
    op: UUID | None = None,
    tab: str = "",
    meeting: Meeting | None = None,
) -> Answer:
    """Sets the stage Closed with its outcome; the row leaves the tracker for the Closed list.

    `base` is the version of the stage it was decided on, where a person saw one. A second close of the
    same row answers "same". Raises `StaleEdit`, `RowGone`, `Refused`.
    """
    require(by, row.team, "close_row")
    with acting("close", teams=[row.team], by=by, op=op, tab=tab, meeting=meeting) as act:
        current = act.row(row.pk, state=None)
        if current.state == RowState.CLOSED:
            return act.answer
        if current.state != RowState.OPEN:
            raise gone(current)
        if base is not None:
            check_version(current, "stage", typed=Stage.CLOSED, base=base, by=by, tab=tab, after_op=None)
        check_offered({"outcome": Cleaned(str(outcome.pk), outcome)})
        close(act, current, outcome)
    return act.answer


def close(
    act: Act,
    row: TrackerRow,
    outcome: Outcome,
    *,
    at: datetime | None = None,
    closed_by: User | None = None,
) -> None:
    """Closes a row within an act that is under way: now and by who acts, unless it had been closed before."""
    act.set(row, "outcome", str(outcome.pk), outcome)
    change = act.set(row, "stage", Stage.CLOSED, Stage.CLOSED, ChangeKind.CLOSE)
    row.state, row.closed_at, row.closed_by = RowState.CLOSED, at or change.at, closed_by or act.by
    act.touch(row, "state", "closed_at", "closed_by")


@answered_once
def reopen_row(*, row: TrackerRow, by: User, op: UUID | None = None, tab: str = "") -> Answer:
    """Puts a closed row back on the tracker, with the stage it had.

    Raises `Invalid` where the case is open elsewhere.
    """
    require(by, row.team, "reopen_row")
    with (
        telling_of_pins(row.team, row.pin, by),
        acting("reopen", teams=[row.team], by=by, op=op, tab=tab) as act,
    ):
        current = act.row(row.pk, state=None)
        if current.state == RowState.OPEN:
            return act.answer
        if current.state != RowState.CLOSED:
            raise gone(current)
        check_not_open_elsewhere(current, by)
        take_over_case(act, [current], {row.team_id: row.team})
        closed = current.changes.filter(kind=ChangeKind.CLOSE).order_by("-row_rev").first()
        reopen(act, current, closed.old if closed else "")
    return act.answer


def reopen(act: Act, row: TrackerRow, stage: str) -> None:
    """Reopens a closed row at this stage, within an act that is under way."""
    check_not_erased(row)
    act.set(row, "outcome", "", None)
    row.state, row.closed_at, row.closed_by = RowState.OPEN, None, None
    act.touch(row, "state", "closed_at", "closed_by")
    act.set(row, "stage", stage, stage, ChangeKind.REOPEN)


@answered_once
def remove_row(*, row: TrackerRow, by: User, op: UUID | None = None, tab: str = "") -> Answer:
    """Takes a row that was added by mistake off the tracker; its history stays and it can be restored."""
    require(by, row.team, "remove_row")
    with acting("remove", teams=[row.team], by=by, op=op, tab=tab) as act:
        current = act.row(row.pk, state=None)
        if current.state == RowState.REMOVED:
            return act.answer
        if current.state != RowState.OPEN:
            raise gone(current)
        remove(act, current)
    return act.answer


def remove(act: Act, row: TrackerRow) -> None:
    """Removes a row within an act that is under way."""
    row.state = RowState.REMOVED
    act.touch(row, "state")
    act.note(row, ChangeKind.REMOVE)


@answered_once
def restore_row(*, row: TrackerRow, by: User, op: UUID | None = None, tab: str = "") -> Answer:
    """Puts a removed row back on the tracker as it was. Raises `Invalid` where the case is open elsewhere."""
    require(by, row.team, "reopen_row")
    with (
        telling_of_pins(row.team, row.pin, by),
        acting("restore", teams=[row.team], by=by, op=op, tab=tab) as act,
    ):
        current = act.row(row.pk, state=None)
        if current.state == RowState.OPEN:
            return act.answer
        if current.state != RowState.REMOVED:
            raise gone(current)
        check_not_open_elsewhere(current, by)
        take_over_case(act, [current], {row.team_id: row.team})
        restore(act, current)
    return act.answer


def restore(act: Act, row: TrackerRow) -> None:
    """Restores a removed row within an act that is under way; one that came in closed is closed again."""
    check_not_erased(row)
    row.state = RowState.CLOSED if row.stage == Stage.CLOSED else RowState.OPEN
    act.touch(row, "state")
    act.note(row, ChangeKind.RESTORE)


@answered_once
def move_row(
    *,
    row: TrackerRow,
    to: Team,
    by: User,
    reason: str = "",
    op: UUID | None = None,
    tab: str = "",
) -> Answer:
    """Closes the row here with the outcome "moved" and opens the case's next row on the other team's tracker.

    Values of the ten fields go along; those of this team's own columns stay. Another locality takes a
    performance officer and a reason. Answers with the new row. Raises `Invalid`, `NeedsReason`, `Refused`.
    """
    _may_move(row, to, by, reason)
    moved = Outcome.objects.get(code=MOVED)
    try:
        with acting("move", teams=[row.team, to], by=by, op=op, tab=tab, reason=reason) as act:
            current = act.row(row.pk)
            stage = current.stage
            close(act, current, moved)
            # The case may have one open row: this one must be closed before the next is made.
            act.write()
            act.add(to, [next_row(act, current, to, stage)])
    except IntegrityError:
        raise Invalid(f"PIN {row.pin} is already in use in {to.locality}.", "pin") from None
    return act.answer


def _may_move(row: TrackerRow, to: Team, by: User, reason: str) -> None:
    require(by, row.team, "move_row")
    if to.pk == row.team_id:
        raise Invalid("The case is on this team's tracker already.", "team")
    if to.closed_at:
        raise Invalid(f"{to} is closed: nothing is written on its tracker. Choose a team that works.", "team")
    if to.locality_id == row.team.locality_id:
        return
    require_global(by, "move_to_other_locality")
    if not reason:
        raise NeedsReason("Say why the case moves to another locality.", "reason")
    if "view_tracker" not in rights(by, to):
        raise Refused("move_to_other_locality", row.team)


def next_row(act: Act, row: TrackerRow, to: Team, stage: str) -> TrackerRow:
    """The line on the other team's tracker, with the same working values."""
    case = row.case
    if case.locality_id != to.locality_id:
        case.locality = to.locality
        act.touch_case(case, "locality")
    values = {name: getattr(row, name) for name in CARRIED}
    return TrackerRow(case=case, team=to, stage=stage, **values)


def take_over_case(act: Act, rows: Sequence[TrackerRow], teams: dict[int, Team]) -> None:
    """Makes rows that come back the rows of their cases again, within an act that is under way.

    While a row was away its case may have gone on under another: PIN and name as they are now are told
    in the row's own history too, so that a team's log says all of its tracker (ADR 0016), and the case
    belongs to the locality of the team that has it open.
    """
    others = TrackerRow.objects.filter(case__in={row.case_id for row in rows})
    shared = set(others.exclude(pk__in=[row.pk for row in rows]).values_list("case", flat=True))
    gone_on = {row.pk: row for row in rows if row.case_id in shared}
    if not gone_on:
        return
    told = _last_told(list(gone_on))
    for row in gone_on.values():
        for key in ("pin", "person"):
            if told[row.pk].get(key, "") != row.raw(key):
                change = act.note(row, ChangeKind.SET, key, told[row.pk].get(key, ""), row.raw(key))
                change.reason = MEANWHILE
        locality = teams[row.team_id].locality
        if row.case.locality_id != locality.pk:
            row.case.locality = locality
            act.touch_case(row.case, "locality")


def _last_told(row_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """PIN and name of each row as its own history last told them."""
    told: dict[int, dict[str, str]] = {row_id: {} for row_id in row_ids}
    changes = Change.objects.filter(row__in=row_ids).order_by("row", "row_rev")
    for change in changes.filter(kind=ChangeKind.ADD) | changes.filter(field__in=("pin", "person")):
        first = (
            json.loads(change.new or "{}") if change.kind == ChangeKind.ADD else {change.field: change.new}
        )
        told[change.row_id or 0].update(first)
    return told


def check_not_erased(row: TrackerRow) -> None:
    """Raises `Invalid` for a row of which nothing is left that could come back."""
    if row.erased_at:
        raise Invalid("This case was erased: it cannot come back. Add it as a new case.")


def check_not_open_elsewhere(row: TrackerRow, by: User) -> None:
    """A case has at most one open row; says where it stands as far as the person may see it."""
    elsewhere = TrackerRow.objects.open().filter(case=row.case_id).exclude(pk=row.pk)
    if not elsewhere.exists():
        return
    there = elsewhere.visible_to(by).select_related("team").first()
    where = f"on {there.team}" if there else "on another tracker"
    raise Invalid(f"This case is open {where}: it can be open once only.")
