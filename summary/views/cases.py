"""The lists of cases that the numbers of the Summary open, to read; each is changed in its team's tracker."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import council_view, locality_view, team_view
from accounts.models import Locality, Team
from icm.http import AuthenticatedRequest, neighbours, with_told
from summary.forms import CasesFilter
from tracker.fields import COLUMNS
from tracker.models import Difficulty, Need, RowQuerySet, TrackerRow

CASES_A_PAGE = 100


@team_view("view_tracker")
@require_safe
def team_cases(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The team's cases under the address's filter: also those that its tracker does not show any more."""
    where = {
        "purpose": "cases of a team",
        "team": team,
        "name": team.name,
        "summary_url": reverse("team_summary", args=[team.pk]),
    }
    return _cases(request, TrackerRow.objects.filter(team=team), where)


@locality_view("view_tracker")
@require_safe
def locality_cases(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """The same for all teams of the locality."""
    rows = TrackerRow.objects.filter(team__locality=locality)
    where = {
        "purpose": "cases of a locality",
        "locality": locality,
        "name": locality.name,
        "summary_url": reverse("locality_summary", args=[locality.pk]),
    }
    return _cases(request, rows, where)


@council_view("view_council")
@require_safe
def council_cases(request: AuthenticatedRequest) -> HttpResponse:
    """The same for all localities."""
    where = {
        "purpose": "cases of all localities",
        "name": "All localities",
        "summary_url": reverse("council_summary"),
    }
    return _cases(request, TrackerRow.objects.all(), where)


@dataclass(frozen=True)
class Line:
    """A case as the list prints it."""

    row: TrackerRow
    days_over: int
    meeting_days_ago: int


@dataclass(frozen=True)
class Heading:
    """A column's heading: its link sorts by the column, a second time the other way round."""

    label: str
    address: str
    sorted: str


def _cases(request: AuthenticatedRequest, rows: RowQuerySet, where: dict[str, Any]) -> HttpResponse:
    """A page of the list; an address with something unknown is refused in words and shows nobody."""
    today = timezone.localdate()
    address = request.GET.copy()
    wanted_page = address.pop("page", ["1"])[-1]
    choices = CasesFilter(
        address, needs=Need.objects.all(), difficulties=Difficulty.objects.all(), columns=COLUMNS
    )
    context: dict[str, Any] = {**where, "choices": choices, "here": request.path}
    if not choices.is_valid():
        return _refused(request, context, [str(text) for texts in choices.errors.values() for text in texts])
    base = choices.base(rows, timezone.now())
    found = _in_order(choices, choices.narrow(base, today))
    pages = Paginator(found.with_all().select_related("team__locality"), CASES_A_PAGE)
    try:
        page = pages.page(wanted_page)
    except InvalidPage:
        return _refused(request, context, [f"This list has no page {wanted_page}."])
    lines = [Line(row, row.days_over(today), row.meeting_days_ago(today)) for row in page]
    audit.viewed(
        request,
        where["purpose"],
        rows=[line.row.pk for line in lines],
        team=where.get("team"),
        locality=where.get("locality"),
    )
    total = base.count()
    context |= {
        "lines": lines,
        "page": page,
        "shown": pages.count,
        "total": total,
        "hidden": total - pages.count,
        "headings": [_heading(address, choices, field.key, field.label) for field in COLUMNS],
        **neighbours(address, page),
    }
    return render(request, "summary/cases.html", context)


def _refused(
    request: AuthenticatedRequest, context: dict[str, Any], sentences: Iterable[str]
) -> HttpResponse:
    return render(request, "summary/cases.html", {**context, "refused": sentences}, status=400)


def _in_order(choices: CasesFilter, rows: RowQuerySet) -> RowQuerySet:
    """As the address sorts; without a sort team by team, each in its tracker's order."""
    if choices.sorted_by[0]:
        return choices.ordered(rows)
    return rows.order_by("team__locality__name", "team__name", "order", "pk")


def _heading(address: QueryDict, choices: CasesFilter, key: str, label: str) -> Heading:
    column, way = choices.sorted_by
    sort = f"-{key}" if (column, way) == (key, "ascending") else key
    return Heading(label, with_told(address, sort=sort), way if column == key else "")
