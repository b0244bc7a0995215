"""Which cases are due to be erased, and when the others will be; asks and writes nothing.

A case is kept until its last row has been off the trackers for the days of the rule: all that is said of a
child goes together (docs/data-protection.md). A legal hold keeps it until it is ended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AuditEvent
from tracker.choices import ChangeKind, RowState
from tracker.models import (
    Answer,
    Case,
    Change,
    LegalHold,
    MeetingItem,
    RefusedEdit,
    RetentionRule,
    RowQuerySet,
    TrackerRow,
)
from tracker.months import beginning

# What an officer may erase by hand: this row, or all that is kept of its case.
ROW, WHOLE = "row", "case"


@dataclass(frozen=True)
class Fate:
    """When a case goes: on this day, or not while it is held or open somewhere."""

    on: date | None = None
    held: bool = False


@dataclass(frozen=True)
class Counts:
    """How much of what an erasure takes; numbers only, so that it can be printed and logged."""

    cases: int = 0
    rows: int = 0
    changes: int = 0
    refused_texts: int = 0
    answers: int = 0
    meeting_records: int = 0
    holds: int = 0
    mentions: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: number + getattr(other, name) for name, number in vars(self).items()})


@dataclass(frozen=True)
class Due:
    """What the rule would erase today, and what would be due but for a legal hold."""

    counts: Counts = field(default_factory=Counts)
    held: int = 0


def leaving(rows: RowQuerySet) -> RowQuerySet:
    """With `left_at`: when a row that is off its tracker left it."""
    removed = Change.objects.filter(row=OuterRef("pk"), kind=ChangeKind.REMOVE).order_by("-row_rev")
    return rows.annotate(
        left_at=Choose(
            When(state=RowState.CLOSED, then=F("closed_at")),
            When(state=RowState.REMOVED, then=Coalesce(Subquery(removed.values("at")[:1]), "opened_at")),
        )
    )


def due_cases(today: date, days: int, *, held: bool = False) -> QuerySet[Case]:
    """The cases that are to be erased today under a rule of so many days; `held` asks for those on hold."""
    kept = TrackerRow.objects.kept().filter(case=OuterRef("pk"))
    # Told by days: what left in the morning and what left at night go on the same one.
    still = leaving(kept).filter(Q(state=RowState.OPEN) | Q(("left_at__gte", _from(today, days))))
    hold = LegalHold.objects.filter(case=OuterRef("pk"), ended_at=None)
    return Case.objects.filter(Exists(kept), ~Exists(still), Exists(hold) if held else ~Exists(hold))


def _from(today: date, days: int) -> datetime:
    """What left its tracker from this moment on is kept."""
    return beginning(today - timedelta(days=days - 1))


def due(today: date, days: int) -> Due:
    """What a run on this day would erase."""
    cases = due_cases(today, days)
    rows = TrackerRow.objects.kept().filter(case__in=cases.values("pk"))
    counts = counts_of(rows, cases=cases.count(), holds=LegalHold.objects.filter(case__in=cases).count())
    return Due(counts, due_cases(today, days, held=True).count())


def counts_of(rows: RowQuerySet, *, cases: int = 0, holds: int = 0) -> Counts:
    """How much hangs on these rows."""
    of_them = {"row__in": rows.order_by().values("pk")}
    return Counts(
        cases=cases,
        rows=rows.count(),
        changes=Change.objects.filter(**of_them).count(),
        refused_texts=RefusedEdit.objects.filter(**of_them).count(),
        answers=Answer.objects.filter(**of_them).count(),
        meeting_records=MeetingItem.objects.filter(**of_them).count(),
        holds=holds,
    )


def erasable(row: TrackerRow) -> tuple[str, ...]:
    """What may be erased now: a case none of whose rows is open, or one of its rows that was an error."""
    kept = TrackerRow.objects.kept().filter(case=row.case_id)
    states = dict(kept.values_list("pk", "state"))
    one = len(states) > 1 and states.get(row.pk) == RowState.REMOVED
    whole = row.pk in states and RowState.OPEN not in states.values()
    return (ROW,) * one + (WHOLE,) * whole


def erased_by_hand() -> dict[str, list[int]]:
    """The rows that officers erased, by `ROW` or `WHOLE`; from the log, which keeps their numbers."""
    found: dict[str, list[int]] = {}
    for how in (ROW, WHOLE):
        purposes = [f"erase {how}", f"erase {how} again"]
        entries = AuditEvent.objects.filter(kind=AuditEvent.Kind.RETENTION, purpose__in=purposes)
        found[how] = sorted({row for rows in entries.values_list("row_ids", flat=True) for row in rows})
    return found


def held_cases() -> list[tuple[int, int]]:
    """The cases on hold, each with the number of the officer who placed it."""
    holds = LegalHold.objects.filter(ended_at=None).order_by("case")
    return list(holds.values_list("case", "placed_by"))


def fates(case_ids: Iterable[int]) -> Mapping[int, Fate]:
    """When each of the cases goes, by its number; three statements for any number of them."""
    ids = set(case_ids)
    days = RetentionRule.in_force()
    held = set(LegalHold.objects.filter(case__in=ids, ended_at=None).values_list("case", flat=True))
    left: dict[int, list[datetime | None]] = {}
    # `left_at` is the query's, not the model's: Any.
    kept: Any = leaving(TrackerRow.objects.kept().filter(case__in=ids)).order_by()
    for case, at in kept.values_list("case", "left_at"):
        left.setdefault(case, []).append(at)
    return {case: Fate(_on(moments, days), case in held) for case, moments in left.items()}


def _on(moments: list[datetime | None], days: int) -> date | None:
    """The day on which a case goes whose rows left at these moments; None where one has not left."""
    gone = [at for at in moments if at]
    if len(gone) < len(moments):
        return None
    return timezone.localtime(max(gone)).date() + timedelta(days=days)
