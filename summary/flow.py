"""How many cases were in each stage over the last year: today's numbers, and the log played backwards."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, FilteredRelation, Q, TextField
from django.db.models.functions import Coalesce, TruncMonth

from summary.queries import STAGES
from tracker.choices import RowState
from tracker.models import Change, RowQuerySet
from tracker.months import beginning, first_of_month

MONTHS = 12


@dataclass(frozen=True)
class Stood:
    """The open cases of each stage, in the order of `STAGES`, as the day began; `today` for the last one."""

    day: date
    cases: tuple[int, ...]
    today: bool = False


def stages_over_time(rows: RowQuerySet, today: date) -> tuple[Stood, ...]:
    """As each of the last twelve months began, and as it stands; three statements.

    Rows that were added by mistake and removed are left out throughout.
    """
    kept: Any = rows.exclude(state=RowState.REMOVED).order_by()
    began = beginning(first_of_month(today, 1 - MONTHS))
    stands = Counter(dict(kept.values_list("stage").annotate(Count("pk"))))
    moves = _moves(kept, began)
    told = [Stood(today, _cases(stands), today=True)]
    for back in range(MONTHS):
        month = first_of_month(today, -back)
        for old, new, cases in moves.get(month, ()):
            stands[new] -= cases
            if old is not None:
                stands[old] += cases
        told.append(Stood(month, _cases(stands)))
    return tuple(reversed(told))


def _moves(kept: Any, began: Any) -> dict[date, list[tuple[str | None, str, int]]]:
    """By the month in which it happened: from which stage (None: the row came) to which, how often."""
    entries: Any = Change.objects.filter(row__in=kept, field="stage", at__gte=began).order_by()
    came = (
        kept.filter(opened_at__gte=began)
        .annotate(move=FilteredRelation("changes", condition=Q(changes__field="stage", changes__rev=1)))
        # A row that has moved came in the stage before its first move.
        .annotate(first=Coalesce("move__old", "stage", output_field=TextField()))
    )
    moves: dict[date, list[tuple[str | None, str, int]]] = {}
    written = entries.annotate(month=TruncMonth("at")).values_list("month", "old", "new")
    for month, old, new, cases in written.annotate(Count("pk")):
        moves.setdefault(month.date(), []).append((old, new, cases))
    added = came.annotate(month=TruncMonth("opened_at")).values_list("month", "first")
    for month, stage, cases in added.annotate(Count("pk")):
        moves.setdefault(month.date(), []).append((None, stage, cases))
    return moves


def _cases(stands: Counter[str]) -> tuple[int, ...]:
    return tuple(stands[stage] for stage, _ in STAGES)
