"""The past of an invented row: who wrote what on which day, from the day it was added on.

A story is data: a child and the acts on its row in order of time. tracker/changes/demonstration.py
plays it and writes what comes of it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from tracker.choices import EXPECTED_CLOSURES, Stage
from tracker.demo import writing
from tracker.demo.calendar import Calendar, days, weekday_after, weekday_before
from tracker.demo.council import Plan
from tracker.demo.families import Child, Register
from tracker.demo.names import initials
from tracker.demo.staff import Cast
from tracker.demo.texts import EXTENDED
from tracker.demo.writing import Words
from tracker.models import TeamColumn
from tracker.months import first_of_month

# The trackers began a year ago: older plans were typed in then.
BEGAN = 364
# Closed rows lie in the last half year.
CLOSED_OVER = 177
# From this age on, in days, a plan has mostly gone on from Intervention underway.
LONG_PLAN = 80
PATH = (Stage.AWAITING, Stage.UNDERWAY, Stage.IDENTIFIED, Stage.DECIDED)
MORNING = time(9, 30)
AFTERNOON = time(14, 0)
# What a meeting takes for one of its cases, on the whole: most are passed over.
SECONDS_A_CASE = 17


@dataclass(frozen=True)
class Act:
    """One act on a row, and by `kind` what it came with.

    add: its first values by field. edit: one cell. close: `outcome`. reopen: `stage`. remove: nothing.
    move: `outcome` and the team it goes `to`. answer: the `text` and the `difficulty` it is for.
    """

    at: datetime
    by: User
    kind: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """A child and what happened to its row, which begins on this team's tracker."""

    team: Team
    child: Child
    acts: list[Act]


@dataclass(frozen=True)
class Scene:
    """One team as stories need it."""

    team: Team
    cast: Cast
    calendar: Calendar
    plan: Plan
    column: TeamColumn | None = None


def tell(
    scenes: Sequence[Scene], words: Words, register: Register, today: date, rng: random.Random
) -> Iterator[Story]:
    """The stories of a locality's teams, as their plans want them. Nothing in them is of today or later."""
    for scene in scenes:
        plan, rows = scene.plan, _Rows(scene, words, register)
        moved_here = sum(other.plan.moved for other in scenes if _next_scene(scenes, other) is scene)
        special = plan.reopened + plan.drifting + plan.gone_back + moved_here
        still_open = (
            (max(0, plan.open_rows - special), _Telling.stays_open),
            (plan.drifting, _Telling.drifts),
            (plan.gone_back, _Telling.goes_back),
            (plan.reopened, _Telling.is_reopened),
        )
        for number, told in still_open:
            yield from (told(row) for row in rows.of(number, today))
        for _ in range(plan.closed_rows):
            closed = _closing_day(scene, today, rng)
            yield from (row.is_closed() for row in rows.of(1, closed))
        for _ in range(plan.moved):
            moved = _meeting_ago(scene, today, weeks=rng.randint(3, 12))
            to = _next_scene(scenes, scene)
            yield from (row.moves(to, today) for row in rows.of(1, moved))
        for row in rows.of(plan.removed, today - days(rng.randint(3, 60))):
            yield row.is_removed()


def _next_scene(scenes: Sequence[Scene], scene: Scene) -> Scene:
    return scenes[(scenes.index(scene) + 1) % len(scenes)]


def _meeting_ago(scene: Scene, today: date, *, weeks: int) -> date:
    return scene.calendar.between(today - days(7 * weeks), today)[0]


def _closing_day(scene: Scene, today: date, rng: random.Random) -> date:
    """Mostly a meeting, in which the closure is decided."""
    day = weekday_before(today - days(rng.randint(1, CLOSED_OVER)))
    if rng.random() < 0.7:
        return scene.calendar.between(day - days(6), day + days(1))[0]
    return day


class _Rows:
    """Begins the stories of one team; its meetings talk about them in this order."""

    def __init__(self, scene: Scene, words: Words, register: Register) -> None:
        self._scene, self._words, self._register = scene, words, register
        self._told = 0

    def of(self, number: int, end: date) -> Iterator["_Telling"]:
        """So many children's rows, which are told up to the day `end`."""
        workers = self._scene.cast.workers
        for child in self._register.children(number, workers=workers, end=end):
            self._told += 1
            yield _Telling(self._scene, self._words, child, end, self._told)


class _Telling:
    """One row's story while it is told: what its cells hold, and how late it is."""

    def __init__(self, scene: Scene, words: Words, child: Child, end: date, slot: int) -> None:
        self.scene, self.words, self.child, self.end, self.slot = scene, words, child, end, slot
        # Siblings with one thread have the same luck, and so the same actions and dates.
        self.rng = random.Random(child.thread)  # noqa: S311 - invented pasts need no secrecy
        self.team = scene.team
        self.cells: dict[str, Any] = {}
        self.acts: list[Act] = []
        self.clock = self.action_at = datetime.min.replace(tzinfo=timezone.get_current_timezone())
        began = max(child.cin_start + days(1), end - days(BEGAN))
        self.meetings = scene.calendar.between(began, end)

    def stays_open(self) -> Story:
        """A row of the tracker."""
        rng, age = self.rng, (self.end - self.child.cin_start).days
        stage = _stage_at(rng, age)
        overdue = rng.random() < 0.16
        self._work(stage, overdue=overdue)
        self._wait_for_an_answer()
        return self._story()

    def drifts(self) -> Story:
        """A row whose one action is put off at meeting after meeting."""
        self._begin_weeks_ago(8)
        first, *later = self.meetings[-6:]
        self._visit(first, due=weekday_after(first + days(7)))
        for meeting in later:
            self._turn_to(meeting, MORNING)
            self._extend(self._chair(), self.cells["by_when"], meeting, weekday_after(meeting + days(7)))
        return self._story()

    def goes_back(self) -> Story:
        """A row that was to close in the month in which something happened: it goes on."""
        self._begin_weeks_ago(10, Stage.IDENTIFIED)
        first, back = self.meetings[0], self.meetings[-2]
        self._visit(first, due=weekday_after(first + days(14)))
        self._write(self._chair(), "expected_month", first_of_month(back))
        self._turn_to(back, MORNING)
        chair = self._chair()
        self._write(chair, "stage", Stage.UNDERWAY)
        self._write(chair, "expected_month", None)
        self._visit(back, due=self._due_soon())
        self._write(chair, "update", writing.new_worry(self.rng))
        return self._story()

    def is_closed(self) -> Story:
        """A row of the Closed list: worked on, then closed on the last day."""
        stage = self.rng.choices(PATH[1:], weights=(15, 15, 70))[0]
        self._work(stage)
        self._close()
        return self._story()

    def is_reopened(self) -> Story:
        """A row that was closed too early: back after two weeks, and worked on since."""
        self._begin_weeks_ago(10, Stage.IDENTIFIED)
        self._visit(self.meetings[0], due=self.meetings[1])
        self._turn_to(self.meetings[1], MORNING)
        stage = self.cells["stage"]
        self._act("close", self.scene.cast.manager, {"outcome": writing.outcome(self.rng, self.words)})
        self._turn_to(self.meetings[3], AFTERNOON)
        self._act("reopen", self.scene.cast.coordinator, {"stage": stage})
        self._write(self.scene.cast.supervisor, "stage", Stage.UNDERWAY)
        self._visit(self.meetings[-1], due=self._due_soon())
        return self._story()

    def moves(self, to: Scene, today: date) -> Story:
        """A row that went to another team of the locality on the day `end`, and is worked on there."""
        self._work(self.rng.choice((Stage.UNDERWAY, Stage.UNDERWAY, Stage.IDENTIFIED)))
        self._turn_to(self.end, MORNING)
        going = {"outcome": self.words.moved, "to": to.team}
        self._act("move", self.scene.cast.coordinator, going)
        # Colour and team columns mean something on the old tracker only.
        self.cells = {key: self.cells[key] for key in self.cells if key != "colour" and key[0] != "x"}
        self.scene, self.end = to, today
        self.meetings = to.calendar.between(_the_day(self.clock) + days(1), today)
        self._visit(self.meetings[-1], due=self._due_soon())
        return self._story()

    def is_removed(self) -> Story:
        """A row that was added by mistake and taken off again the next working day."""
        self._turn_to(weekday_before(self.end - days(1)), AFTERNOON)
        self._add(Stage.AWAITING, due_from=self.end)
        self._turn_to(weekday_after(self.end), MORNING)
        self._act("remove", self.scene.cast.coordinator)
        return self._story()

    def _story(self) -> Story:
        return Story(self.team, self.child, self.acts)

    def _work(self, stage: Stage | None, *, overdue: bool = False) -> None:
        """Adds the row and takes it through some meetings to this stage (None: it was never set)."""
        # What is to be overdue was last talked about more than a week ago.
        before = self.end - days(8) if overdue else self.end
        visits = self._some([day for day in self.meetings if day < before])
        target = PATH.index(stage) if stage else 0
        moves = min(target, len(visits), self.rng.choice((0, 1, 1, 1, 1, 2)))
        moves_at = sorted(self.rng.sample(range(len(visits)), moves))
        if moves and moves == target:
            # A first CIN meeting is not awaited for long.
            early = self.meetings[self.rng.randrange(min(3, len(self.meetings)))]
            moves_at[0] = 0
            if early < visits[0]:
                visits = [early, *visits]
                moves_at[1:] = [number + 1 for number in moves_at[1:]]
        self._begin(PATH[target - moves] if stage else None, talked_about=visits[0] if visits else None)
        # Some next CIN meetings are never brought up to date, and pass.
        forgotten = self.rng.random() < 0.12
        dates_at = 0 if forgotten else len(visits) - 1
        for number, day in enumerate(visits):
            if number == dates_at:
                self._prepare(day, forgotten=forgotten)
            self._turn_to(day, MORNING)
            if number in moves_at:
                onwards = PATH[PATH.index(self.cells["stage"]) + 1]
                self._write(self._chair(), "stage", onwards)
            if number < len(visits) - 1:
                # Most actions are due about when they are talked about again.
                due = max(day + days(2), visits[number + 1] + days(self.rng.randint(-4, 9)))
                self._visit(day, due=weekday_after(due))
            else:
                self._visit(day, due=self._last_due(day, overdue=overdue))
                self._decorate()

    def _some(self, meetings: Sequence[date]) -> list[date]:
        """A few of the meetings in order: mostly the last one, and some of the seven weeks before."""
        if not meetings:
            return []
        number = self.rng.randint(*self.scene.plan.visits)
        last = len(meetings) - 1 - self.rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 2)) % len(meetings)
        earlier = list(meetings[max(0, last - 6) : last])
        chosen = self.rng.sample(earlier, min(number - 1, len(earlier)))
        return sorted([*chosen, meetings[last]])

    def _begin(self, stage: Stage | None, *, talked_about: date | None = None) -> None:
        """The coordinator brings the case in the day before its first meeting, or yesterday."""
        day = self.meetings[0] if self.meetings else self.end
        self._turn_to(weekday_before(day - days(1)), AFTERNOON)
        # A row that no meeting has seen yet cannot be late already.
        self._add(stage, due_from=talked_about or self.end + days(5))

    def _begin_weeks_ago(self, weeks: int, stage: Stage = Stage.UNDERWAY) -> None:
        """Adds a row that many meetings have seen."""
        first = self.end - days(7 * weeks)
        self.child = replace(self.child, cin_start=min(self.child.cin_start, first - days(5)))
        self.meetings = self.scene.calendar.between(first, self.end)
        self._begin(stage, talked_about=self.meetings[0])

    def _add(self, stage: Stage | None, *, due_from: date) -> None:
        rng = self.rng
        what = writing.need(rng, self.words, stage or Stage.AWAITING)
        unreviewed = self.words.unreviewed if rng.random() < 0.015 else None
        values: dict[str, Any] = {
            "person": self.child.person,
            "pin": self.child.pin if rng.random() > 0.05 else "",
            "stage": stage or "",
            "needed": unreviewed[0] if unreviewed else what,
            "difficulty": unreviewed[1] if unreviewed else None,
            "action": writing.action(rng, what),
            "owner": self._owner(),
            "by_when": weekday_after(due_from + days(rng.randint(0, 8))),
            "next_meeting": weekday_after(due_from + days(rng.randint(8, 30))),
        }
        if self.scene.column and rng.random() < 0.8:
            values[self.scene.column.key] = rng.choice(self.scene.column.options)
        for key in ("by_when", "next_meeting"):
            if rng.random() < 0.2:
                values[key] = None
        self.cells = {key: value for key, value in values.items() if value}
        self.action_at = self.clock
        self._act("add", self.scene.cast.coordinator, dict(self.cells))

    def _prepare(self, meeting: date, *, forgotten: bool) -> None:
        """What the coordinator keeps true, the day before a meeting: PIN and next CIN meeting."""
        rng, coordinator = self.rng, self.scene.cast.coordinator
        self._turn_to(meeting - days(1), AFTERNOON)
        if "pin" not in self.cells and rng.random() < 0.6:
            self._write(coordinator, "pin", self.child.pin)
        chance = rng.random()
        following: date | None = weekday_after(self.end + days(rng.randint(0, 38)))
        if forgotten:
            following = weekday_after(meeting + days(rng.randint(7, 32)))
        elif chance < 0.09:
            following = None
        elif chance < 0.14:
            following = weekday_after(self.end + days(rng.randint(45, 80)))
        self._write(coordinator, "next_meeting", following)

    def _visit(self, day: date, *, due: date | None) -> None:
        """The meeting talks about the case: a new action with its date, or the old one gets longer."""
        rng, chair = self.rng, self._chair()
        self._turn_to(day, MORNING)
        self._think_of_month(chair, day)
        old = self.cells.get("by_when")
        # Three meetings with one action are what a team watches for: mostly it finds another in time.
        fresh = day - _the_day(self.action_at) < days(18) or rng.random() < 0.1
        if old and due and old < due and fresh and rng.random() < 0.3:
            self._extend(chair, old, day, due)
            return
        what = self.cells["needed"]
        if what.reviewed and rng.random() < 0.8:
            what = writing.need(rng, self.words, self.cells.get("stage", ""))
        self._write(chair, "update", writing.update(rng))
        self._write(chair, "needed", what)
        self._write(chair, "action", writing.action(rng, what))
        self.action_at = self.clock
        self._write(chair, "owner", self._owner())
        self._write(chair, "by_when", due)
        self._think_of_difficulty(chair)

    def _extend(self, chair: User, old: date, day: date, due: date) -> None:
        """By whole weeks where that comes out as late (or as overdue in the end) as it is meant to be."""
        weeks = 7 if self.rng.random() < 0.7 else 14
        longer = old + days(weeks)
        if longer > day and (longer < self.end) == (due < self.end):
            self._write(chair, "by_when", longer)
            self._write(chair, "update", EXTENDED[weeks])
        else:
            self._write(chair, "by_when", due)
            self._write(chair, "update", writing.update(self.rng, done=False))

    def _think_of_month(self, chair: User, day: date) -> None:
        """Says by when a case will close, or puts the month off that has come."""
        rng, this = self.rng, first_of_month(day)
        said = self.cells.get("expected_month")
        if self.cells.get("stage") not in EXPECTED_CLOSURES:
            return
        if said is None and rng.random() < 0.5:
            self._write(chair, "expected_month", first_of_month(day, rng.choice((0, 0, 1, 1, 2))))
        elif said and said <= this and rng.random() < 0.6:
            self._write(chair, "expected_month", first_of_month(day, rng.choice((1, 1, 2))))

    def _wait_for_an_answer(self) -> None:
        """The head of service answers half of the difficulties within a week or so; the others wait."""
        difficulty, day = self.cells.get("difficulty"), _the_day(self.clock)
        day = weekday_after(day + days(self.rng.randint(1, 6)))
        # Without meetings nobody would read an answer (and none is copied for measuring, changes/twins.py).
        asked = difficulty and self.scene.plan.weeks_of_meetings
        if asked and day < self.end and self.rng.random() < 0.6:
            self._turn_to(day, AFTERNOON)
            text = writing.answer(self.rng)
            self._act("answer", self.scene.cast.head, {"text": text, "difficulty": difficulty})

    def _think_of_difficulty(self, chair: User) -> None:
        chance = self.rng.random()
        if "difficulty" in self.cells and chance < 0.4:
            self._write(chair, "difficulty", None)
        elif chance > 0.82:
            stage = self.cells.get("stage", "")
            self._write(chair, "difficulty", writing.difficulty(self.rng, self.words, stage))

    def _decorate(self) -> None:
        """What only some rows have: a colour of the legend, a changed team column."""
        rng, chair = self.rng, self._chair()
        if self.scene.plan.legend and rng.random() < 0.3:
            self._write(chair, "colour", rng.choice(self.scene.plan.legend)[0])
        if self.scene.column and rng.random() < 0.1:
            self._write(chair, self.scene.column.key, rng.choice(self.scene.column.options))

    def _last_due(self, day: date, *, overdue: bool) -> date | None:
        """The date that stands at the end: past, to come, or blank."""
        if overdue:
            furthest = (self.end - day).days - 2
            return weekday_before(self.end - days(self.rng.randint(1, min(24, furthest))))
        return None if self.rng.random() < 0.05 else self._due_soon()

    def _due_soon(self) -> date:
        return weekday_after(self.end + days(self.rng.randint(0, 17)))

    def _close(self) -> None:
        self._turn_to(self.end, MORNING)
        chair = self._chair()
        self._act("close", chair, {"outcome": writing.outcome(self.rng, self.words)})

    def _chair(self) -> User:
        """Whoever types in the meeting."""
        cast = self.scene.cast
        return self.rng.choices((cast.supervisor, cast.manager), weights=(3, 1))[0]

    def _owner(self) -> str:
        """Mostly the child's worker; now and then somebody else, or nobody."""
        chance = self.rng.random()
        if chance < 0.03:
            return ""
        if chance < 0.12:
            return self.scene.cast.supervisor.initials
        if chance < 0.15:
            return "School"
        return initials(self.child.worker)

    def _turn_to(self, day: date, hour: time) -> None:
        """Goes on at this time of the day; rows are talked about one after another."""
        at = datetime.combine(day, hour, timezone.get_current_timezone())
        self.clock = max(self.clock, at + timedelta(seconds=SECONDS_A_CASE * self.slot))

    def _write(self, by: User, key: str, value: Any) -> None:
        """One cell, unless it holds this already."""
        if (self.cells.get(key) or None) == (value or None):
            return
        self.cells.pop(key, None)
        if value:
            self.cells[key] = value
        self._act("edit", by, {key: value})

    def _act(self, kind: str, by: User, values: dict[str, Any] | None = None) -> None:
        self.clock += timedelta(seconds=self.rng.randint(4, 25))
        self.acts.append(Act(self.clock, by, kind, values or {}))


def _stage_at(rng: random.Random, age: int) -> Stage | None:
    """The stage of a plan of so many days."""
    if rng.random() < 0.01:
        return None
    if rng.random() < (0.85 if age < 30 else 0.4 if age < 55 else 0):
        return Stage.AWAITING
    # Most long plans near their end: who stays longest where they are is what a team asks about.
    return rng.choices(PATH[1:], weights=(80, 13, 7) if age < LONG_PLAN else (30, 40, 30))[0]


def _the_day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
