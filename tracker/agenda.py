"""The order of a meeting: why each case stands where it stands, and which cases walk as one step.

Pure: takes rows that were read `with_stuck` (tracker/stuck.py) and asks no database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from tracker.choices import Why
from tracker.models import MeetingItem, TrackerRow
from tracker.stuck import why_stuck
from tracker.workbook.dates import show

CIN_MEETING_NEAR = 14
# What is new where the team has not met before.
FIRST_TIME = timedelta(weeks=1)


@dataclass(frozen=True)
class LastTime:
    """What the team's meeting before left behind: when it began, and the rows it did not reach."""

    began: datetime | None = None
    missed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Place:
    """A row on the list, with why it stands there, in words."""

    row: TrackerRow
    why: Why
    said: str


@dataclass
class Step:
    """What the meeting takes at once: one case, or siblings."""

    items: list[MeetingItem] = field(default_factory=list)

    @property
    def first(self) -> MeetingItem:
        """The case that gave the step its place."""
        return self.items[0]

    @property
    def result(self) -> str:
        """What became of it; blank while any of its cases has no result."""
        return "" if any(not item.result for item in self.items) else self.first.result

    @property
    def is_open(self) -> bool:
        """Whether one of its cases is still on the tracker."""
        return any(item.row.state == "open" for item in self.items)


def reasons(row: TrackerRow, now: datetime, last: LastTime) -> list[tuple[Why, str]]:
    """Every reason to take the case early, the weightiest first; none where it is on track."""
    today = timezone.localtime(now).date()
    found = [
        (Why.OVERDUE, _overdue(row, today)),
        (Why.NOT_REACHED, _missed(row, last)),
        (Why.ANSWERED, _answered(row, last)),
        (Why.CIN_MEETING, _cin_meeting(row, today)),
        (Why.INCOMPLETE, _incomplete(row)),
        (Why.STUCK, ", ".join(why_stuck(row, now))),
        (Why.NEW, _new(row, now, last)),
    ]
    return [(why, said) for why, said in found if said]


def in_order(rows: Iterable[TrackerRow], now: datetime, last: LastTime) -> list[Place]:
    """The rows as the meeting takes them; siblings follow the one of them that stands highest."""
    places = [_place(row, now, last) for row in rows]
    places.sort(key=lambda place: _weight(place, last))
    families: dict[int, list[Place]] = {}
    for place in places:
        families.setdefault(_family(place.row), []).append(place)
    return [place for family in families.values() for place in family]


def steps_of(items: Iterable[MeetingItem]) -> list[Step]:
    """The items in their order, those of one family together where the first of them stands."""
    steps: dict[int, Step] = {}
    for item in items:
        steps.setdefault(_family(item.row), Step()).items.append(item)
    return list(steps.values())


def _family(row: TrackerRow) -> int:
    """A number that siblings share. Rows without a family get one of their own, below those of families."""
    return row.case.family_id or -row.pk


def _place(row: TrackerRow, now: datetime, last: LastTime) -> Place:
    why, said = next(iter(reasons(row, now, last)), (Why.REST, ""))
    return Place(row, why, said)


def _weight(place: Place, last: LastTime) -> tuple[int, int, int, int]:
    """Sorts by reason; within one the longest overdue and the nearest meeting first, then as the tracker."""
    row = place.row
    within = 0
    if place.why == Why.OVERDUE and row.by_when:
        within = row.by_when.toordinal()
    elif place.why == Why.CIN_MEETING and row.next_meeting:
        within = row.next_meeting.toordinal()
    missed_first = 0 if row.pk in last.missed else 1
    return list(Why).index(place.why), missed_first, within, row.order


def _overdue(row: TrackerRow, today: date) -> str:
    days = row.days_over(today)
    return f"action {_days(days)} over" if days else ""


def _missed(row: TrackerRow, last: LastTime) -> str:
    return "not reached last time" if row.pk in last.missed else ""


def _answered(row: TrackerRow, last: LastTime) -> str:
    at = row.answered_at
    if at is None or (last.began and at < last.began):
        return ""
    return f"difficulty answered {show(timezone.localtime(at).date())}"


def _cin_meeting(row: TrackerRow, today: date) -> str:
    if row.next_meeting is None:
        return ""
    days = (row.next_meeting - today).days
    if days < 0:
        return f"CIN meeting passed {_days(-days)} ago"
    if days == 0:
        return "CIN meeting today"
    return f"CIN meeting in {_days(days)}" if days <= CIN_MEETING_NEAR else ""


def _incomplete(row: TrackerRow) -> str:
    kept = {"action": row.action, "owner": row.owner, "date": row.by_when}
    missing = [name for name, value in kept.items() if not value]
    return _listed([f"no {name}" for name in missing]) if missing else ""


def _new(row: TrackerRow, now: datetime, last: LastTime) -> str:
    since = last.began or now - FIRST_TIME
    return f"new since {show(timezone.localtime(since).date())}" if row.opened_at > since else ""


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"
