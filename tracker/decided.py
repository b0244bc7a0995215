"""What a meeting decided, from the log: asks two statements for any number of cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tracker.as_it_stood import Stood, StoodRow, as_it_stood
from tracker.choices import LastAction, Result, RowState
from tracker.history import Words
from tracker.in_hand import written_in
from tracker.initials import initials
from tracker.models import ERASED, Change, Meeting, MeetingItem, TeamLog
from tracker.workbook.dates import show

NOBODY = "No owner"


@dataclass(frozen=True)
class Child:
    """Whom a line is about."""

    row_id: int
    pin: str
    person: str

    @property
    def short(self) -> str:
        """As it is written where it leaves the tracker: the PIN and initials."""
        if self.person == ERASED:
            return "an erased case"
        return f"{self.pin or 'PIN missing'} {initials(self.person)}"


@dataclass(frozen=True)
class Move:
    """A case that went from one stage to another."""

    child: Child
    old: str
    new: str


@dataclass(frozen=True)
class Task:
    """An action as the meeting left it; `extended` where only its date or owner is new."""

    child: Child
    action: str
    owner: str
    by_when: str
    extended: bool


@dataclass(frozen=True)
class Closure:
    """A case that was closed."""

    child: Child
    outcome: str


@dataclass(frozen=True)
class Decided:
    """Everything the page says; `number` is the place in the log at which the tracker stood then."""

    meeting: Meeting
    number: int
    moves: tuple[Move, ...]
    tasks: tuple[tuple[str, tuple[Task, ...]], ...]
    closures: tuple[Closure, ...]
    parked: tuple[Child, ...]
    not_reached: tuple[Child, ...]
    results: dict[str, int]
    last_actions: dict[str, int]

    @property
    def actions(self) -> int:
        """How many actions are new or have another date or owner."""
        return sum(len(tasks) for _, tasks in self.tasks)


def decided_in(meeting: Meeting, words: Words) -> Decided:
    """What the meeting wrote and what stood when it ended; of one that still goes on, what stands so far."""
    written = list(written_in(meeting).only("row_id", "field", "old", "kind", "seq"))
    ended = meeting.stood_at if meeting.stood_at is not None else TeamLog.head_of(meeting.team_id)
    # What was typed without a connection may come in after the end.
    number = max([ended, *(change.seq for change in written)])
    log = Change.objects.filter(team=meeting.team_id, seq__lte=number).order_by("seq")
    stood = as_it_stood(log.only("team_id", "seq", "row_id", "row_rev", "kind", "field", "new"))
    before: dict[tuple[int, str], str] = {}
    for change in written:
        before.setdefault((change.row_id or 0, change.field), change.old)
    items = list(meeting.items.all())
    return Decided(
        meeting=meeting,
        number=number,
        moves=_moves(stood, before, words),
        tasks=_tasks(stood, before),
        closures=_closures(stood, before, words),
        parked=_with(items, stood, Result.PARKED),
        not_reached=_with(items, stood, Result.NOT_REACHED, ""),
        results=Counter(item.result or Result.NOT_REACHED.value for item in items),
        last_actions={one.label.lower(): n for one in LastAction if (n := _times(items, one))},
    )


def _times(items: Iterable[MeetingItem], outcome: LastAction) -> int:
    return sum(item.last_action == outcome for item in items)


def _moves(stood: Stood, before: dict[tuple[int, str], str], words: Words) -> tuple[Move, ...]:
    return tuple(
        Move(
            _child(row), words.text("stage", old) or "Stage not set", words.text("stage", row.values["stage"])
        )
        for (row_id, field), old in before.items()
        for row in (stood.rows[row_id],)
        if field == "stage" and row.state == RowState.OPEN and row.values.get("stage", "") not in ("", old)
    )


def _tasks(stood: Stood, before: dict[tuple[int, str], str]) -> tuple[tuple[str, tuple[Task, ...]], ...]:
    fields = ("action", "owner", "by_when")
    ids = dict.fromkeys(
        row_id
        for (row_id, field), old in before.items()
        if field in fields and stood.rows[row_id].values.get(field, "") != old
    )
    rows = (stood.rows[row_id] for row_id in ids)
    tasks = [
        Task(
            _child(row),
            row.values["action"],
            row.values.get("owner", ""),
            show(date.fromisoformat(due)) if (due := row.values.get("by_when", "")) else "",
            extended=before.get((row.row_id, "action"), row.values["action"]) == row.values["action"],
        )
        for row in rows
        if row.state == RowState.OPEN and row.values.get("action")
    ]
    tasks.sort(key=lambda task: (not task.owner, task.owner.casefold()))
    return tuple((owner or NOBODY, tuple(of)) for owner, of in groupby(tasks, key=lambda task: task.owner))


def _closures(stood: Stood, before: dict[tuple[int, str], str], words: Words) -> tuple[Closure, ...]:
    return tuple(
        Closure(_child(row), words.text("outcome", row.values.get("outcome", "")))
        for (row_id, field) in before
        for row in (stood.rows[row_id],)
        if field == "stage" and row.state == RowState.CLOSED
    )


def _with(items: Iterable[MeetingItem], stood: Stood, *results: str) -> tuple[Child, ...]:
    return tuple(
        _child(stood.rows[item.row_id])
        for item in items
        if item.result in results and item.row_id in stood.rows
    )


def _child(row: StoodRow) -> Child:
    return Child(row.row_id, row.values.get("pin", ""), row.values.get("person", ""))
