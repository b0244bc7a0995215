"""The Summary of a team, a locality, the council; the lists of cases that the latter two open.

Nothing here takes a POST: figures are computed, so there is nothing to edit or to lock (ADR 0012).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_update
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import council_view, locality_view
from accounts.models import Locality, Team
from icm.http import AuthenticatedRequest
from summary import queries
from summary.charts import stage_by_need_figure
from tracker.access import team_view
from tracker.fields import COLUMNS
from tracker.filters import RowFilter
from tracker.models import Difficulty, Need, RowQuerySet, TeamLog, TrackerRow

# Plotly makes two style elements by script; the browser lets exactly these two contents pass. A new
# release of Plotly may change the second: tests/browser/test_summary_chart.py then says so.
FOR_PLOTLY = {
    "style-src": [
        "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
        "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
    ]
}
CASES_A_PAGE = 100
# Above this the council's page lists localities only, whose own pages list their teams.
TEAMS_LISTED = 200


@csp_update(FOR_PLOTLY)
@team_view("view_tracker")
@require_safe
def team_summary(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The second tab: every number opens the team's tracker filtered to its rows."""
    heads = TeamLog.heads_of([team.pk])
    rows = TrackerRow.objects.filter(team=team)
    place = {"team": team, "cases_url": reverse("tracker", kwargs={"team_id": team.pk}), "heads": heads}
    return render(request, "summary/team.html", {**_figures(rows), **place})


@csp_update(FOR_PLOTLY)
@locality_view("view_tracker")
@require_safe
def locality_summary(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """All teams of a locality, together and team by team."""
    teams = list(locality.teams.all())
    # The numbers are read before the rows: what is counted twice is only fetched once more.
    heads = TeamLog.heads_of(team.pk for team in teams)
    rows = TrackerRow.objects.filter(team__locality=locality)
    place = {
        "locality": locality,
        "cases_url": reverse("locality_cases", kwargs={"locality_id": locality.pk}),
        "teams": queries.by_team(rows, teams, timezone.localdate()),
        "heads": heads,
        "headings": queries.PLACE_HEADINGS,
    }
    return render(request, "summary/locality.html", {**_figures(rows), **place})


@csp_update(FOR_PLOTLY)
@council_view("view_council")
@require_safe
def council_summary(request: AuthenticatedRequest) -> HttpResponse:
    """All localities, together, locality by locality and, up to `TEAMS_LISTED`, team by team."""
    rows, today = TrackerRow.objects.all(), timezone.localdate()
    teams = list(Team.objects.all()[: TEAMS_LISTED + 1])
    place = {
        "cases_url": reverse("council_cases"),
        "localities": queries.by_locality(rows, list(Locality.objects.all()), today),
        "teams": queries.by_team(rows, teams, today) if len(teams) <= TEAMS_LISTED else (),
        "headings": queries.PLACE_HEADINGS,
    }
    return render(request, "summary/council.html", {**_figures(rows), **place})


@locality_view("view_tracker")
@require_safe
def locality_cases(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """The locality's open cases under the address's filter, to read."""
    rows = TrackerRow.objects.filter(team__locality=locality)
    return _cases(request, rows, locality)


@council_view("view_council")
@require_safe
def council_cases(request: AuthenticatedRequest) -> HttpResponse:
    """All open cases under the address's filter, to read."""
    return _cases(request, TrackerRow.objects.all(), None)


def _figures(rows: RowQuerySet) -> dict[str, Any]:
    """The answers that every Summary gives, over rows of whatever place."""
    today = timezone.localdate()
    needs = list(Need.objects.all())
    cross = queries.stage_by_need(rows, needs)
    stages = queries.rows_by_stage(rows)
    open_cases = stages.foot[0]
    expected = queries.expected_closures(rows)
    both = (expected.identified, expected.decided)
    overdue = queries.overdue_actions(rows, today)
    passed = queries.meetings_passed(rows, today)
    return {
        "today": today,
        "open_cases": open_cases,
        "stages": stages,
        "needs": queries.rows_by_need(rows, needs),
        "cross": cross,
        "difficulties": queries.difficulties(rows, Difficulty.objects.all()),
        "expected": expected,
        "closures": queries.Numbers(both, (expected.together,), open_cases.cases),
        "overdue": overdue,
        "dates": queries.Numbers((overdue, passed), whole=open_cases.cases),
        "figure": stage_by_need_figure(cross),
    }


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


def _cases(request: AuthenticatedRequest, rows: RowQuerySet, locality: Locality | None) -> HttpResponse:
    """A page of the list; an address with something unknown is refused in words and shows nobody."""
    today = timezone.localdate()
    address = request.GET.copy()
    wanted_page = address.pop("page", ["1"])[-1]
    choices = RowFilter(address, needs=Need.objects.all(), difficulties=Difficulty.objects.all())
    context: dict[str, Any] = {"locality": locality, "choices": choices, "here": request.path}
    if not choices.is_valid():
        return _refused(request, context, [str(text) for texts in choices.errors.values() for text in texts])
    found = _in_order(choices, choices.narrow(rows.open(), today))
    pages = Paginator(found.with_all().select_related("team__locality"), CASES_A_PAGE)
    try:
        page = pages.page(wanted_page)
    except InvalidPage:
        return _refused(request, context, [f"This list has no page {wanted_page}."])
    lines = [Line(row, row.days_over(today), row.meeting_days_ago(today)) for row in page]
    audit.viewed(
        request,
        "cases of a locality" if locality else "cases of all localities",
        rows=[line.row.pk for line in lines],
        locality=locality,
    )
    total = rows.open().count()
    context |= {
        "lines": lines,
        "page": page,
        "shown": pages.count,
        "total": total,
        "hidden": total - pages.count,
        "headings": [_heading(address, choices, field.key, field.label) for field in COLUMNS],
        **_neighbours(address, page),
    }
    return render(request, "summary/cases.html", context)


def _refused(
    request: AuthenticatedRequest, context: dict[str, Any], sentences: Iterable[str]
) -> HttpResponse:
    return render(request, "summary/cases.html", {**context, "refused": sentences}, status=400)


def _in_order(choices: RowFilter, rows: RowQuerySet) -> RowQuerySet:
    """As the address sorts; without a sort team by team, each in its tracker's order."""
    if choices.sorted_by[0]:
        return choices.ordered(rows)
    return rows.order_by("team__locality__name", "team__name", "order", "pk")


def _heading(address: QueryDict, choices: RowFilter, key: str, label: str) -> Heading:
    column, way = choices.sorted_by
    sort = f"-{key}" if (column, way) == (key, "ascending") else key
    return Heading(label, _with(address, sort=sort), way if column == key else "")


def _neighbours(address: QueryDict, page: "Page[TrackerRow]") -> dict[str, str]:
    """The addresses of the pages before and after, empty where there is none."""
    before = _with(address, page=str(page.number - 1)) if page.has_previous() else ""
    after = _with(address, page=str(page.number + 1)) if page.has_next() else ""
    return {"before": before, "after": after}


def _with(address: QueryDict, **wanted: str) -> str:
    """The address's query with these parameters set."""
    changed = address.copy()
    for name, value in wanted.items():
        changed[name] = value
    return f"?{changed.urlencode()}"
