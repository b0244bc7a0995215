"""The cases that are expected to close, one by one: since when, what for, by when, and how it went so far."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tracker.choices import EXPECTED_CLOSURES, OPEN_STAGES
from tracker.models import Change, RowQuerySet, TrackerRow
from tracker.months import first_of_month
from tracker.stuck import in_effect

EARLIER_STAGES = ("", *(stage for stage in OPEN_STAGES if stage not in EXPECTED_CLOSURES))


@dataclass(frozen=True)
class Closure:
    """One case that is expected to close.

    `month` is its first day, `source` which field says so: the typed month, or else a date of the row.
    """

    row: TrackerRow
    since: datetime
    month: date | None
    source: str
    passed: bool
    moved: int
    went_back: int

    @property
    def typed(self) -> bool:
        """Whether somebody has said the month."""
        return self.row.expected_month is not None

    @property
    def rev(self) -> int:
        """The version of the month that stands here."""
        return self.row.rev("expected_month")


def expected(rows: RowQuerySet) -> RowQuerySet:
    """The cases in the two closing stages, the soonest first, with what their history says; one statement."""
    moves = in_effect().filter(field="expected_month", old__gt="", new__gt=F("old"))
    returns = in_effect().filter(field="stage", old__in=EXPECTED_CLOSURES, new__in=EARLIER_STAGES)
    found = rows.expected_to_close().since("stage").with_all().select_related("team__locality")
    return found.annotate(
        times_moved=_times(moves),
        times_back=_times(returns),
        expected_day=Coalesce("expected_month", "next_meeting", "by_when"),
    ).order_by(F("expected_day").asc(nulls_last=True), "team__name", "order", "pk")


def closure_of(row: TrackerRow, today: date) -> Closure:
    """A row that was read by `expected`."""
    facts: Any = row  # the annotations are the query's, not the model's
    day, source = _day(row)
    month = first_of_month(day) if day else None
    return Closure(
        row=row,
        since=facts.stage_since,
        month=month,
        source=source,
        passed=month is not None and month < first_of_month(today),
        moved=facts.times_moved,
        went_back=facts.times_back,
    )


def _day(row: TrackerRow) -> tuple[date | None, str]:
    if row.expected_month:
        return row.expected_month, "typed"
    if row.next_meeting:
        return row.next_meeting, "from the next CIN meeting"
    return (row.by_when, "from By when") if row.by_when else (None, "")


def _times(entries: QuerySet[Change]) -> Coalesce:
    of_row = entries.filter(row=OuterRef("pk")).order_by().values("row")
    return Coalesce(Subquery(of_row.annotate(times=Count("pk")).values("times")), 0)
