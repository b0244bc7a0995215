"""The step that a meeting has in hand: why it is here, what stood there before, the dates to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from tracker.agenda import LastTime, Step, reasons
from tracker.choices import RowState
from tracker.models import Change, Meeting, MeetingItem, TrackerRow
from tracker.workbook.dates import show

WEEK = timedelta(weeks=1)
WEEKDAYS = (("M", "Mon"), ("T", "Tue"), ("W", "Wed"), ("H", "Thu"), ("F", "Fri"))


@dataclass(frozen=True)
class LastAction:
    """The action that stood there when the meeting began."""

    action: str
    owner: str
    by_when: date | None
    days_over: int


@dataclass(frozen=True)
class InHand:
    """One case of the step."""

    row: TrackerRow
    item: MeetingItem
    last: LastAction
    reasons: tuple[str, ...]
    moved: str

    @property
    def is_open(self) -> bool:
        """Whether it is on the tracker."""
        return self.row.state == RowState.OPEN


@dataclass(frozen=True)
class DateChoice:
    """A date that one key sets."""

    key: str
    label: str
    day: date


@dataclass(frozen=True)
class Hand:
    """The step with its place on the list."""

    step: Step
    number: int
    of: int
    cases: tuple[InHand, ...]
    dates: tuple[DateChoice, ...]

    @property
    def ids(self) -> str:
        """The rows, for the script."""
        return ",".join(str(one.row.pk) for one in self.cases)

    @property
    def first(self) -> InHand:
        """The case that gave the step its place."""
        return self.cases[0]


def written_in(meeting: Meeting) -> QuerySet[Change]:
    """What the meeting wrote and nobody took back, in order."""
    return Change.objects.filter(meeting=meeting, operation__undone_by=None).order_by("seq")


def hand_of(
    meeting: Meeting,
    steps: Sequence[Step],
    step: Step,
    rows: dict[int, TrackerRow],
    now: datetime,
    last: LastTime,
) -> Hand:
    """The step as the page shows it; `rows` were read with what the rules of being stuck ask."""
    today = timezone.localtime(now).date()
    before = _before(meeting, [item.row_id for item in step.items])
    cases = tuple(
        InHand(
            row=row,
            item=item,
            last=_last_action(row, before, today),
            reasons=_reasons(row, item, now, last),
            moved=_moved(row),
        )
        for item in step.items
        for row in (rows.get(item.row_id, item.row),)
    )
    return Hand(step, steps.index(step) + 1, len(steps), cases, _dates(cases[0].row, meeting, today))


def _reasons(row: TrackerRow, item: MeetingItem, now: datetime, last: LastTime) -> tuple[str, ...]:
    """Why it is taken, as things are now; else as the list said it."""
    now_said = [said for _, said in reasons(row, now, last)] if row.state == RowState.OPEN else []
    return tuple(now_said) or ((item.said,) if item.said else ())


def _before(meeting: Meeting, row_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """What stood in the action's cells before the meeting wrote them."""
    found: dict[tuple[int, str], str] = {}
    for change in written_in(meeting).filter(row__in=row_ids, field__in=("action", "owner", "by_when")):
        found.setdefault((change.row_id or 0, change.field), change.old)
    return found


def _last_action(row: TrackerRow, before: dict[tuple[int, str], str], today: date) -> LastAction:
    def was(field: str) -> str:
        return before.get((row.pk, field), row.raw(field))

    due = date.fromisoformat(was("by_when")) if was("by_when") else None
    return LastAction(was("action"), was("owner"), due, max(0, (today - due).days) if due else 0)


def _moved(row: TrackerRow) -> str:
    """Says how often the date was put off, from the second time on."""
    moves: int = getattr(row, "date_moves", 0)
    if moves < 2:
        return ""
    if moves == 2:
        return "The date has moved twice: change the action, not only the date."
    return f"The date has moved {moves} times: this case is drifting."


def _dates(row: TrackerRow, meeting: Meeting, today: date) -> tuple[DateChoice, ...]:
    following = timezone.localtime(meeting.started_at).date() + WEEK
    later = max(today, row.by_when or today) + WEEK
    days = [today + timedelta(days=n) for n in range(1, 8)]
    by_weekday = {day.weekday(): day for day in days}
    return (
        DateChoice("N", f"Next meeting {_short(following)}", following),
        DateChoice("+", f"+1 week {_short(later)}", later),
        *(
            DateChoice(key, f"{name} {_short(by_weekday[n])}", by_weekday[n])
            for n, (key, name) in enumerate(WEEKDAYS)
        ),
    )


def _short(day: date) -> str:
    return show(day)[:5]
