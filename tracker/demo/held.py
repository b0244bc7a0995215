"""Holds the meetings of a told past (tracker/changes/past.py): their lists, and what became of each case.

In memory, between the acts that are played: a meeting's list is the one that the page would have shown
(tracker/agenda.py), and a case that nobody wrote about was passed over, parked or not reached.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from tracker.agenda import LastTime, Step, in_order, steps_of
from tracker.choices import LastAction, Result, Why
from tracker.demo.sittings import Sitting
from tracker.models import Change, Meeting, MeetingItem, TrackerRow
from tracker.stuck import SAME_SITTING

# How many cases at the end of a list time did not suffice for.
MISSED = (0, 0, 1, 2, 3, 5)
# Acts that people do in a meeting; the coordinator's are done before it.
IN_MEETINGS = ("edit", "close")


@dataclass
class Held:
    """One meeting while it is held, and after."""

    sitting: Sitting
    meeting: Meeting
    items: list[MeetingItem]
    acted: set[int] = field(default_factory=set)

    def is_of(self, kind: str, by: User) -> bool:
        """Whether this act was done in the meeting."""
        return kind in IN_MEETINGS and by in self.sitting.chairs

    def note(self, row: TrackerRow, changes: Iterable[Change]) -> None:
        """These entries were written in the meeting: the case was talked about."""
        self.acted.add(row.pk)
        item = next(item for item in self.items if item.row_id == row.pk)
        for change in changes:
            change.meeting, item.at = self.meeting, change.at
            if change.field == "action" and change.old:
                item.last_action = LastAction.DONE
            elif change.field == "by_when" and change.old and not item.last_action:
                item.last_action = LastAction.EXTENDED

    def end(self, number: int, rng: random.Random) -> None:
        """Gives every case its result; `number` is that of the log at the end."""
        self.meeting.ended_at, self.meeting.stood_at = self.sitting.end, number
        steps = steps_of(self.items)
        reached = len(steps) - rng.choice(MISSED)
        for place, step in enumerate(steps):
            result = self._result(step, rng, reached=place < reached)
            for item in step.items:
                item.result = result
                if result == Result.NOT_REACHED:
                    item.at = None
                else:
                    item.at = item.at or self.sitting.at

    def _result(self, step: Step, rng: random.Random, *, reached: bool) -> Result:
        chance = rng.random()
        if any(item.row_id in self.acted for item in step.items):
            return Result.PARKED if chance < 0.05 else Result.DISCUSSED
        if not reached:
            return Result.NOT_REACHED
        if step.first.why == Why.REST:
            return Result.SKIPPED
        return Result.PARKED if chance < 0.05 else Result.DISCUSSED if chance < 0.25 else Result.SKIPPED


def begin(sitting: Sitting, rows: Iterable[TrackerRow], before: Held | None, number: int) -> Held:
    """Begins a meeting on these open rows; `before` is the team's last one, `number` that of the log."""
    last = LastTime()
    if before:
        missed = [item.row_id for item in before.items if item.result == Result.NOT_REACHED]
        last = LastTime(before.meeting.started_at, frozenset(missed))
    meeting = Meeting(
        team=sitting.team,
        leader=sitting.leader,
        present=sitting.present,
        started_at=sitting.at,
        started_by=sitting.chairs[0],
        began_at=number,
    )
    places = in_order(rows, sitting.at, last)
    items = [
        MeetingItem(meeting=meeting, row=one.row, place=place, why=one.why, said=one.said)
        for place, one in enumerate(places, start=1)
    ]
    return Held(sitting, meeting, items)


def know_nothing(row: TrackerRow, at: datetime) -> None:
    """Gives a row that is played what the rules of tracker/stuck.py would find in its log: nothing yet."""
    vars(row).update(stage_since=at, action_since=at, same_action_meetings=0, date_moves=0, answer_at=None)


def remember(row: TrackerRow, changes: Iterable[Change]) -> None:
    """Keeps what the rules would find, entry by entry."""
    facts: Any = row
    for change in changes:
        if change.field == "stage":
            facts.stage_since = change.at
        elif change.field == "action":
            facts.action_since, facts.same_action_meetings, facts.date_moves = change.at, 0, 0
        elif change.field == "by_when" and "" < change.old < change.new:
            facts.date_moves += change.at > facts.action_since + SAME_SITTING
        elif change.field == "answer":
            facts.answer_at = change.at


def count_meeting(rows: Iterable[TrackerRow], meeting: Meeting) -> None:
    """One more meeting at which these rows' actions stood already."""
    for row in rows:
        facts: Any = row
        facts.same_action_meetings += facts.action_since < meeting.started_at
