"""A team's meeting: begun, gone through, ended.

What is typed in a meeting goes the way of every edit (edit.py, cells.py), with the meeting on its entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from accounts.permissions import require
from tracker.agenda import LastTime, Step, in_order, steps_of
from tracker.changes.act import Answer
from tracker.changes.cells import CellEdit, CellsRefused, Problem, write_cells
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import Invalid
from tracker.choices import Result, Why
from tracker.live.announce import announce_meeting
from tracker.models import Change, Meeting, MeetingItem, TeamLog, TrackerRow
from tracker.stuck import with_stuck
from tracker.values import Cleaned

# What is typed once for siblings: an action is one thing to do, with one owner and one date.
SHARED = ("action", "owner", "by_when")
ENDED = "This meeting has ended."


@dataclass(frozen=True)
class Room:
    """What is said of a sitting when it begins, and may be mended while it goes on."""

    leader: str = ""
    present: str = ""
    minutes: int = 30
    initials: bool = True


def start_meeting(*, team: Team, by: User, room: Room | None = None, now: datetime | None = None) -> Meeting:
    """Begins the team's meeting, or gives the one that is running: two people who start get the same."""
    require(by, team, "run_meeting")
    now, room = now or timezone.now(), room or Room()
    with transaction.atomic():
        # The team's log is its lock: whoever comes second finds the first one's meeting.
        head = TeamLog.take(team.pk, 0)
        running = Meeting.objects.running(now).filter(team=team).first()
        if running:
            return running
        for left_open in Meeting.objects.filter(team=team, ended_at=None):
            _end(left_open, left_open.next_day)
        order = in_order(rows_for(team, now), now, last_time(team, now))
        meeting = Meeting.objects.create(
            team=team, started_at=now, started_by=by, began_at=head, **vars(room)
        )
        MeetingItem.objects.bulk_create(
            MeetingItem(meeting=meeting, row=one.row, place=number, why=one.why, said=one.said)
            for number, one in enumerate(order, start=1)
        )
    return meeting


def rows_for(team: Team, now: datetime) -> list[TrackerRow]:
    """The team's open rows with all that the order of a meeting asks."""
    return list(with_stuck(TrackerRow.objects.open().filter(team=team).with_all(), now))


def last_time(team: Team, now: datetime) -> LastTime:
    """What the team's last meeting left behind; nothing where there was none."""
    last = Meeting.objects.over(now).filter(team=team).first()
    if last is None:
        return LastTime()
    missed = last.items.filter(result__in=("", Result.NOT_REACHED)).values_list("row", flat=True)
    return LastTime(last.started_at, frozenset(missed))


def set_room(*, meeting: Meeting, room: Room, by: User) -> None:
    """Who leads, who is there, how long, and whether names are shown."""
    require(by, meeting.team, "run_meeting")
    Meeting.objects.filter(pk=meeting.pk).update(**vars(room))
    announce_meeting(meeting.team_id)


def mark(
    *,
    meeting: Meeting,
    rows: Sequence[TrackerRow],
    by: User,
    result: str | None = None,
    last_action: str | None = None,
    now: datetime | None = None,
) -> None:
    """Says what became of the cases of a step, of their last action, or of both; a blank takes it back.

    The last word counts, whoever says it. Raises `Invalid` where the meeting is over.
    """
    require(by, meeting.team, "run_meeting")
    now = now or timezone.now()
    with transaction.atomic():
        _put_on_list(meeting, rows, now)
        items = MeetingItem.objects.filter(meeting=meeting, row__in=rows)
        if result is not None:
            items.update(result=result, at=now if result else None)
        if last_action is not None:
            items.update(last_action=last_action)
        announce_meeting(meeting.team_id)


def _put_on_list(meeting: Meeting, rows: Sequence[TrackerRow], now: datetime) -> None:
    """Puts cases that came during the meeting on its list, under the lock of the team's log."""
    TeamLog.take(meeting.team_id, 0)
    if Meeting.objects.get(pk=meeting.pk).is_over(now):
        raise Invalid(ENDED)
    places = dict(meeting.items.values_list("row", "place"))
    came = {row.pk for row in rows} - places.keys()
    if TrackerRow.objects.open().filter(team=meeting.team_id, pk__in=came).count() < len(came):
        raise Invalid("This case is not open on the tracker of this meeting.")
    last = max(places.values(), default=0)
    MeetingItem.objects.bulk_create(coming(meeting, (row for row in rows if row.pk in came), after=last))


def coming(meeting: Meeting, rows: Iterable[TrackerRow], *, after: int) -> list[MeetingItem]:
    """The items, not saved yet, of cases that came during the meeting: they stand after this place."""
    return [
        MeetingItem(meeting=meeting, row=row, place=number, why=Why.NEW, said="added during the meeting")
        for number, row in enumerate(rows, start=after + 1)
    ]


def move_step(*, meeting: Meeting, row: TrackerRow, to: str, by: User) -> None:
    """Moves the row's step on the list: `up`, `down`, or `first` of those that are still to come."""
    require(by, meeting.team, "run_meeting")
    now = timezone.now()
    with transaction.atomic():
        _put_on_list(meeting, [row], now)
        steps = steps_of(meeting.items.select_related("row__case"))
        at = next(n for n, step in enumerate(steps) if any(item.row_id == row.pk for item in step.items))
        step = steps.pop(at)
        steps.insert(_target(steps, at, to), step)
        changed = []
        for number, item in enumerate((item for one in steps for item in one.items), start=1):
            item.by_hand = item.by_hand or item in step.items
            item.place = number
            changed.append(item)
        MeetingItem.objects.bulk_update(changed, ["place", "by_hand"])
        announce_meeting(meeting.team_id)


def _target(others: Sequence[Step], at: int, to: str) -> int:
    if to == "first":
        return next((n for n, step in enumerate(others) if not step.result), len(others))
    return max(0, at - 1) if to == "up" else min(len(others), at + 1)


def end_meeting(*, meeting: Meeting, by: User, now: datetime | None = None) -> Meeting:
    """Ends the meeting with a snapshot, the number of the log. The first end stands.

    One left open on an earlier day ended with that day. Cases without a result were not reached.
    """
    require(by, meeting.team, "run_meeting")
    now = now or timezone.now()
    with transaction.atomic():
        TeamLog.take(meeting.team_id, 0)
        current = Meeting.objects.select_related("team__locality").get(pk=meeting.pk)
        if current.ended_at is None:
            _end(current, min(now, current.next_day))
            announce_meeting(meeting.team_id)
    return current


def _end(meeting: Meeting, at: datetime) -> None:
    written = Change.objects.filter(team=meeting.team_id, at__lt=at).order_by("-seq")
    meeting.ended_at = at
    meeting.stood_at = written.values_list("seq", flat=True).first() or 0
    meeting.save(update_fields=["ended_at", "stood_at"])
    meeting.items.filter(result="").update(result=Result.NOT_REACHED)


def edit_siblings(
    *,
    row: TrackerRow,
    bases: dict[int, int],
    field: str,
    new: Cleaned,
    base: int,
    by: User,
    op: UUID,
    tab: str = "",
    after_op: UUID | None = None,
    meeting: Meeting | None = None,
) -> Answer:
    """Writes what was typed for one case to its siblings too: one act, one undo, all of them or none.

    `bases` holds the versions that were seen on the siblings' rows. Raises as `edit_cell` does for the row
    itself, and `Invalid` where a sibling's cell is in the way.
    """
    edits = [CellEdit(0, row.pk, field, new, base, after_op=after_op)]
    edits += [CellEdit(n, pk, field, new, seen) for n, (pk, seen) in enumerate(bases.items(), start=1)]
    try:
        return write_cells(
            team=row.team, edits=edits, by=by, kind="edit", op=op, tab=tab, clear=True, meeting=meeting
        )
    except CellsRefused as refused:
        first = refused.problems[0]
        if first.place:
            raise Invalid(_in_the_way(first, row.team, edits[first.place].row_id or 0), field) from None
    # The row's own cell is in the way: refused alone, it asks as it does everywhere.
    return edit_cell(
        row=row, field=field, new=new, base=base, by=by, op=op, tab=tab, after_op=after_op, meeting=meeting
    )


def _in_the_way(problem: Problem, team: Team, row_id: int) -> str:
    """Names the sibling; a row of another team, which no page of ours sends, has no name here."""
    sibling = TrackerRow.objects.select_related("case").filter(team=team, pk=row_id).first()
    name = sibling.person if sibling else "a sibling"
    return f"{name}: {problem.message} Nothing was saved; look there, then save again."
