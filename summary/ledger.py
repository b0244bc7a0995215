"""How good expectations were: what was expected to close in a month, as it stood when the month began.

Computed from the log alone: how a field stood at a moment is what the first entry after it says was there
before, or what stands there now. Nothing is kept for it, so nobody can have written it down kindly.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf

from tracker.choices import EXPECTED_CLOSURES, ChangeKind, RowState, Stage
from tracker.models import Change, Outcome, RowQuerySet
from tracker.models.cases import NO_CLOSURE
from tracker.months import beginning, first_of_month

EXPECTED = "expected"
CLOSED, SLIPPED, BACK, LEFT, UNEXPECTED = "closed", "slipped", "back", "left", "unexpected"
OF_THE_EXPECTED = (CLOSED, SLIPPED, BACK, LEFT)
FATES = (
    (EXPECTED, "Expected to close"),
    (CLOSED, "Expected and closed"),
    (SLIPPED, "Expected and still to close"),
    (BACK, "Expected and gone back"),
    (LEFT, "Expected and left otherwise"),
    (UNEXPECTED, "Closed and not expected"),
)

NOTHING = Value("", output_field=TextField())
DAYS = ("expected_month", "next_meeting", "by_when")


def ledger(rows: RowQuerySet, month: date, now: datetime) -> Mapping[int, Mapping[str, int]]:
    """By team, how many cases had each fate in the month, and how many were expected; one statement.

    In a month that is still running, what is still to close has time left.
    """
    counted: dict[int, Counter[str]] = {}
    found: Any = _with_fate(rows, month, now).order_by()  # knows of a fate, which the model does not
    for team, fate, cases in found.values_list("team", "fate").annotate(Count("pk")):
        counted.setdefault(team, Counter())[fate] = cases
        if fate in OF_THE_EXPECTED:
            counted[team][EXPECTED] += cases
    return counted


def of_fate(rows: RowQuerySet, month: date, fate: str, now: datetime) -> RowQuerySet:
    """The rows that the ledger counts under this fate; with `EXPECTED`, all that were expected."""
    fates = OF_THE_EXPECTED if fate == EXPECTED else (fate,)
    return _with_fate(rows, month, now).filter(Q(("fate__in", fates)))


def _with_fate(rows: RowQuerySet, month: date, now: datetime) -> RowQuerySet:
    """Rows that have a fate in the month, with it.

    Expected is an open case in one of the two closing stages whose expected month, or else whose next CIN
    meeting or By when, lies in the month or before it: what was due earlier and is still open is due now.
    """
    begins, ends = beginning(month), beginning(first_of_month(month, 1))
    over = ends <= now
    stage, outcome = _stood("stage", ends, over=over), _stood("outcome", ends, over=over)
    day = Coalesce(*(NullIf(_stood(key, begins), NOTHING) for key in DAYS), NOTHING)
    moved = [str(pk) for pk in Outcome.objects.filter(code__in=NO_CLOSURE).values_list("pk", flat=True)]
    expected = Q(
        opened_at__lt=begins,
        stage_then__in=EXPECTED_CLOSURES,
        day_then__gt="",
        day_then__lt=first_of_month(month, 1).isoformat(),
    )
    ended = Q(stage_after=Stage.CLOSED)
    otherwise = Q(outcome_after__in=moved)
    closing = Change.objects.filter(row=OuterRef("pk"), field="stage", kind=ChangeKind.CLOSE)
    here = Exists(closing.filter(at__gte=begins, at__lt=ends))
    fate = Case(
        When(expected & ended & otherwise, then=Value(LEFT)),
        When(expected & ended, then=Value(CLOSED)),
        When(expected & Q(stage_after__in=EXPECTED_CLOSURES), then=Value(SLIPPED)),
        When(expected, then=Value(BACK)),
        When(ended & ~otherwise & here, then=Value(UNEXPECTED)),
        default=Value(""),
    )
    return (
        _may_have_fate(rows, begins)
        .annotate(stage_then=_stood("stage", begins), day_then=day, stage_after=stage, outcome_after=outcome)
        .annotate(fate=fate)
        .filter(~Q(fate=""))
    )


def _may_have_fate(rows: RowQuerySet, begins: datetime) -> RowQuerySet:
    """Leaves out what cannot have one, before the log is asked row by row."""
    moved_since = Change.objects.filter(field="stage", at__gte=begins).values("row")
    kept = rows.exclude(state=RowState.REMOVED)
    return kept.filter(Q(stage__in=EXPECTED_CLOSURES) | Q(pk__in=moved_since))


def _stood(field_key: str, moment: datetime, *, over: bool = True) -> Coalesce | Cast:
    """The field's raw text as it stood at the moment; as it stands now where the moment is to come."""
    column = "outcome_id" if field_key == "outcome" else field_key
    now = Cast(F(column), TextField())
    if not over:
        return Coalesce(now, NOTHING)
    later = Change.objects.filter(row=OuterRef("pk"), field=field_key, at__gte=moment).order_by("rev")
    return Coalesce(Subquery(later.values("old")[:1]), now, NOTHING)
