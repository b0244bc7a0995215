"""Writes told pasts (tracker/demo/stories.py) in a few large statements.

Nobody is asked for a right, as in twins.py: nobody is acting, the acts are told. Each goes through the same
`Act` as a real one, in memory, so that it leaves the same entries behind.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from accounts.models import Team, User
from tracker.changes.act import Act, first_values
from tracker.changes.act import Answer as ActAnswer
from tracker.changes.lifecycle import CARRIED, close, remove, reopen
from tracker.changes.many import BATCH, insert, overwrite
from tracker.choices import ChangeKind, RowState
from tracker.demo import held, stories
from tracker.demo.held import Held
from tracker.demo.sittings import Sitting
from tracker.demo.stories import Story
from tracker.fields import FIELDS
from tracker.models import (
    Answer,
    Case,
    Change,
    Family,
    Meeting,
    MeetingItem,
    Operation,
    TeamColumn,
    TeamLog,
    TrackerRow,
)
from tracker.models.cases import DATES, WORDS
from tracker.sealing import sign

# What playing changes of a row and of a case.
PLAYED = [
    *CARRIED, "stage", "colour", "extra",
    "state", "field_rev", "row_rev", "closed_at", "closed_by", "outcome",
]  # fmt: skip
PLAYED_ON_CASE = ["pin", "person"]


@dataclass
class Past:
    """One locality's past while it is played: what is still to come, and what is not written yet."""

    rng: random.Random
    to_come: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    # The entries of each operation, in the same order.
    changes: list[list[Change]] = field(default_factory=list)
    rows: dict[int, list[TrackerRow]] = field(default_factory=dict)
    heads: Counter[int] = field(default_factory=Counter)
    meetings: dict[int, list[Held]] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)

    def keep(self, kind: str, team: Team, by: User, at: datetime, changes: list[Change]) -> None:
        """One act of the past, numbered on from where each team's log stands."""
        for change in changes:
            self.heads[change.team_id] += 1
            change.at, change.seq = at, self.heads[change.team_id]
        self.operations.append(Operation(kind=kind, by=by, team=team, at=at))
        self.changes.append(changes)

    def opened(self, team: Team) -> list[TrackerRow]:
        """The rows on the team's tracker, where playing is."""
        return [row for row in self.rows.get(team.pk, []) if row.state == RowState.OPEN]

    def meeting_of(self, team: Team) -> Held | None:
        """The team's meeting that goes on, where playing is."""
        last = self.meetings.get(team.pk, [])[-1:]
        return last[0] if last and last[0].meeting.ended_at is None else None


def add_column(past: Past, column: TeamColumn, by: User, at: datetime) -> None:
    """The entry of a column that the team added; the column is written already."""
    change = Change(
        team_id=column.team_id,
        kind=ChangeKind.COLUMN,
        field=column.key,
        new=column.heading,
        by=by,
        by_name=by.name,
    )
    past.keep("column", column.team, by, at, [change])


def prepare(past: Past, told: Sequence[Story], sittings: Iterable[Sitting]) -> None:
    """Puts acts and meetings into the order of time, and writes the rows, which are on no tracker yet."""
    lines = [(story, list(_lines(story))) for story in told]
    sittings = list(sittings)
    meeting = {sitting.team.pk for sitting in sittings}
    _pick_siblings([line for line in lines if line[0].team.pk in meeting])
    _write_lines([row for _, rows in lines for row in rows])
    for story, rows in lines:
        following = iter(rows)
        row = next(following)
        for act in story.acts:
            to = next(following) if act.kind == "move" else row
            past.to_come.append((act.at, partial(_play, past, row, to, act)))
            row = to
    for sitting in sittings:
        past.to_come.append((sitting.at, partial(_begin, past, sitting)))
        past.to_come.append((sitting.end, partial(_end, past, sitting)))
    past.to_come.sort(key=itemgetter(0))
    past.to_come.reverse()


def play(past: Past, until: datetime | None = None) -> None:
    """Does in memory what is told of the time before the moment, or all of it."""
    while past.to_come and (until is None or past.to_come[-1][0] < until):
        _, happens = past.to_come.pop()
        happens()


def write(past: Past) -> None:
    """Writes what was played since the last time, within a transaction, on trackers that were empty."""
    rows = [row for some in past.rows.values() for row in some]
    # A case that moved leaves the one tracker before it comes onto the other.
    rows.sort(key=lambda row: row.state == RowState.OPEN)
    overwrite(list({row.case_id: row.case for row in rows}.values()), PLAYED_ON_CASE)
    overwrite(rows, PLAYED)
    _write_meetings([one for some in past.meetings.values() for one in some])
    for team_id, head in sorted(past.heads.items()):
        TeamLog.take(team_id, head - TeamLog.head_of(team_id))
    for operation, some in zip(past.operations, past.changes, strict=True):
        # Out of the generator, so that two loads with one seed are the same in every byte.
        operation.op = UUID(int=past.rng.getrandbits(128), version=4)
        operation.answer = asdict(_answer(some[-1]))
    Operation.objects.bulk_create(past.operations, batch_size=BATCH)
    for operation, some in zip(past.operations, past.changes, strict=True):
        for change in some:
            # The meeting too has its number only since it was written.
            change.operation, change.meeting = operation, change.meeting
    changes = [change for some in past.changes for change in some]
    sign(changes)
    insert(changes)
    Answer.objects.bulk_create([one for one in past.answers.values() if one._state.adding], batch_size=BATCH)
    past.operations, past.changes = [], []


def _lines(story: Story) -> Iterator[TrackerRow]:
    """The row that the story begins with, and one for each team that it moves to."""
    child, team = story.child, story.team
    case = Case(
        locality_id=team.locality_id,
        person=child.person,
        cin_start=child.cin_start,
        allocated_worker=child.worker,
        last_sign_off=child.last_sign_off,
        last_visit=child.last_visit,
    )
    for act in story.acts:
        if act.kind in ("add", "move"):
            team = act.values.get("to", team)
            row = TrackerRow(team=team, case=case, opened_at=act.at, state=RowState.REMOVED)
            held.know_nothing(row, act.at)
            yield row


def _pick_siblings(lines: Iterable[tuple[Story, list[TrackerRow]]]) -> None:
    """Makes children with one thread of one team families, as a team that meets would."""
    threads: dict[tuple[int, int], list[Case]] = {}
    for story, rows in lines:
        threads.setdefault((story.team.pk, story.child.thread), []).append(rows[0].case)
    siblings = {key: cases for key, cases in threads.items() if len(cases) > 1}
    families = Family.objects.bulk_create(Family(team_id=team_id) for team_id, _ in siblings)
    for family, cases in zip(families, siblings.values(), strict=True):
        for case in cases:
            case.family = family


def _write_lines(rows: list[TrackerRow]) -> None:
    """Writes the rows in the order of their addition, so that they have numbers while they are played."""
    rows.sort(key=lambda row: row.opened_at)
    places: Counter[int] = Counter()
    for row in rows:
        places[row.team_id] += 1
        row.order = places[row.team_id]
    # A case that moved has two rows.
    Case.objects.bulk_create({id(row.case): row.case for row in rows}.values(), batch_size=BATCH)
    TrackerRow.objects.bulk_create(rows, batch_size=BATCH)


def _write_meetings(meetings: Iterable[Held]) -> None:
    fresh = [one for one in meetings if one.meeting._state.adding]
    Meeting.objects.bulk_create([one.meeting for one in fresh], batch_size=BATCH)
    MeetingItem.objects.bulk_create([item for one in fresh for item in one.items], batch_size=BATCH)


def _answer(last: Change) -> ActAnswer:
    """The stored answer of an act, told by its last entry."""
    return ActAnswer(
        outcome="saved",
        row=last.row_id,
        field=last.field,
        rev=last.rev,
        row_rev=last.row_rev,
        seq=last.seq,
    )


def _begin(past: Past, sitting: Sitting) -> None:
    team = sitting.team
    before = past.meetings.setdefault(team.pk, [])
    last = before[-1] if before else None
    before.append(held.begin(sitting, past.opened(team), last, past.heads[team.pk]))


def _end(past: Past, sitting: Sitting) -> None:
    meeting = past.meetings[sitting.team.pk][-1]
    meeting.end(past.heads[sitting.team.pk], past.rng)
    held.count_meeting(past.opened(sitting.team), meeting.meeting)


def _play(past: Past, row: TrackerRow, to: TrackerRow, told: stories.Act) -> None:
    """One act on the row; a move goes on with the row `to`."""
    act, meeting = Act(by=told.by), past.meeting_of(row.team)
    if told.kind == "move":
        _move(past, act, row, to, told)
    else:
        DO[told.kind](past, act, row, told)
    past.keep(told.kind, row.team, told.by, told.at, act.changes)
    held.remember(row, act.changes)
    if meeting and meeting.is_of(told.kind, told.by):
        meeting.note(row, act.changes)


def _add(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    for key, value in told.values.items():
        if key not in FIELDS:
            row.extra[key] = value
        else:
            setattr(row.case if FIELDS[key].on_case else row, key, value)
    _open(past, act, row, told)


def _open(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    """Begins a line, with the one entry that `Act.add` makes of it."""
    row.state, row.row_rev = RowState.OPEN, 1
    past.rows.setdefault(row.team_id, []).append(row)
    act.changes.append(
        Change(
            team_id=row.team_id,
            row=row,
            kind=ChangeKind.ADD,
            new=json.dumps(first_values(row), ensure_ascii=False),
            row_rev=row.row_rev,
            by=told.by,
            by_name=told.by.name,
        )
    )


def _edit(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    for key, value in told.values.items():
        act.set(row, key, _raw(value), _kept(key, value))


def _close(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    close(act, row, told.values["outcome"], at=told.at)


def _reopen(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    reopen(act, row, told.values["stage"])


def _remove(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    remove(act, row)


def _answer_difficulty(past: Past, act: Act, row: TrackerRow, told: stories.Act) -> None:
    text, difficulty = told.values["text"], told.values["difficulty"]
    act.note(row, ChangeKind.ANSWER, "answer", "", text)
    past.answers[row.pk] = Answer(row=row, difficulty=difficulty, text=text, by=told.by, at=told.at)


def _move(past: Past, act: Act, row: TrackerRow, to: TrackerRow, told: stories.Act) -> None:
    carried = {key: getattr(row, key) for key in ("stage", *CARRIED)}
    _close(past, act, row, told)
    for key, value in carried.items():
        setattr(to, key, value)
    _open(past, act, to, told)


def _raw(value: Any) -> str:
    """The raw text of what a record keeps (see TrackerRow.raw)."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value.pk if hasattr(value, "pk") else value or "")


def _kept(key: str, value: Any) -> Any:
    """What the record keeps: a blank is no word and no date, but an empty text."""
    return value or (None if key in WORDS or key in DATES else "")


DO: dict[str, Callable[[Past, Act, TrackerRow, stories.Act], None]] = {
    "add": _add,
    "edit": _edit,
    "close": _close,
    "reopen": _reopen,
    "remove": _remove,
    "answer": _answer_difficulty,
}
