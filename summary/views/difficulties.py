"""Difficulties across the teams of a locality, or all localities: by kind, and one by one with answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import council_view, locality_view
from accounts.models import Locality, Team
from accounts.permissions import localities_with
from icm.http import AuthenticatedRequest, asked_page
from summary import queries
from tracker.models import Answer, Difficulty, RowQuerySet, TrackerRow
from tracker.months import beginning
from tracker.narrowing import UNANSWERED_FOR

CASES_A_PAGE = 100
# More columns than this fit no page: then only the sums are told.
PLACES_ACROSS = 12


@dataclass(frozen=True)
class Line:
    """One case with a difficulty: since when it waits, and its answer. `op` numbers the act of answering."""

    row: TrackerRow
    since: datetime
    late: bool
    answer: Answer | None
    op: UUID

    @property
    def rev(self) -> int:
        """The version of the answer that stands here, or that stood here last."""
        return self.row.rev("answer")


@locality_view("view_tracker")
@require_safe
def locality_difficulties(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """The locality's; its head of service answers them here."""
    teams = list(locality.teams.all())
    where = {
        "locality": locality,
        "name": locality.name,
        "purpose": "difficulties of a locality",
        "cases_url": reverse("locality_cases", args=[locality.pk]),
        "summary_url": reverse("locality_summary", args=[locality.pk]),
        "may_answer": localities_with(request.user, "answer_difficulty").filter(pk=locality.pk).exists(),
    }
    return _page(request, TrackerRow.objects.filter(team__locality=locality), "team", teams, where)


@council_view("view_council")
@require_safe
def council_difficulties(request: AuthenticatedRequest) -> HttpResponse:
    """Those of all localities, to read."""
    where = {
        "name": "All localities",
        "purpose": "difficulties of all localities",
        "cases_url": reverse("council_cases"),
        "summary_url": reverse("council_summary"),
    }
    return _page(request, TrackerRow.objects.all(), "team__locality", list(Locality.objects.all()), where)


def _page(
    request: AuthenticatedRequest,
    rows: RowQuerySet,
    column: str,
    across: Sequence[Team | Locality],
    where: dict[str, Any],
) -> HttpResponse:
    if set(request.GET) - {"page"}:
        raise Http404
    page = asked_page(request, queries.waiting_first(rows), CASES_A_PAGE)
    lines = [_line(row) for row in page]
    audit.viewed(
        request,
        where["purpose"],
        rows=[line.row.pk for line in lines],
        locality=where.get("locality"),
    )
    across = across if len(across) <= PLACES_ACROSS else ()
    context = {
        **where,
        "page": page,
        "lines": lines,
        "across": across,
        "kinds": _kinds(rows, column, across),
    }
    return render(request, "summary/difficulties.html", context)


def _kinds(rows: RowQuerySet, column: str, across: Sequence[Team | Locality]) -> list[dict[str, Any]]:
    """A line for each kind, whose numbers stand beside the address of their place's list."""
    urls = [_cases_of(place) for place in across]
    kinds = queries.difficulties_across(rows, Difficulty.objects.all(), column, [one.pk for one in across])
    return [
        {"label": kind.label, "places": list(zip(kind.places, urls, strict=True)), "total": kind.total}
        for kind in kinds
    ]


def _cases_of(place: Team | Locality) -> str:
    name = "tracker" if isinstance(place, Team) else "locality_cases"
    return reverse(name, args=[place.pk])


def _line(row: TrackerRow) -> Line:
    facts: Any = row  # the annotations are the query's, not the model's
    answer = row.answer if row.answered_at else None
    late = answer is None and facts.difficulty_since < beginning(timezone.localdate() - UNANSWERED_FOR)
    return Line(row, facts.difficulty_since, late, answer, uuid4())
