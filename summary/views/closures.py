"""Expected closures of a team, a locality, the council: case by case, and how good expectations were."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.core.paginator import Page
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import council_view, locality_view, team_view
from accounts.models import Locality, Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest, asked_page
from summary import closures, places
from summary.charts import FOR_PLOTLY, closures_figure
from summary.forms import ExpectedMonthForm
from summary.ledger import CLOSED, EXPECTED, FATES, ledger
from tracker.access import row_view
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import Refusal
from tracker.filters import address_of
from tracker.models import RowQuerySet, TrackerRow
from tracker.months import first_of_month

CASES_A_PAGE = 100
# The months that the ledger shows: the one that is running, and those before it.
MONTHS = 6
TEAMS_LISTED = 200
HEADINGS = {
    "expected": "Expected when it began",
    "closed": "Closed",
    "slipped": "Still to close",
    "back": "Gone back",
    "left": "Left otherwise",
    "unexpected": "Closed unexpectedly",
}


@csp_update(FOR_PLOTLY)
@team_view("view_tracker")
@require_safe
def team_closures(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """A team's expected closures; who may edit its rows types the month here."""
    return _team_page(request, team)


@csp_update(FOR_PLOTLY)
@locality_view("view_tracker")
@require_safe
def locality_closures(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """Those of all teams of a locality."""
    rows = TrackerRow.objects.filter(team__locality=locality)
    where = {
        "locality": locality,
        "name": locality.name,
        "purpose": "expected closures of a locality",
        "cases_url": reverse("locality_cases", args=[locality.pk]),
        "summary_url": reverse("locality_summary", args=[locality.pk]),
    }
    return _page(request, rows, list(locality.teams.all()), where)


@csp_update(FOR_PLOTLY)
@council_view("view_council")
@require_safe
def council_closures(request: AuthenticatedRequest) -> HttpResponse:
    """Those of all localities."""
    where = {
        "name": "All localities",
        "purpose": "expected closures of all localities",
        "cases_url": reverse("council_cases"),
        "summary_url": reverse("council_summary"),
    }
    return _page(request, TrackerRow.objects.all(), list(Team.objects.all()), where)


@csp_update(FOR_PLOTLY)
@row_view("edit_row")
@require_POST
def expected_month(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Writes the month in which the case is expected to close; back to the page, or the page with why not."""
    form = ExpectedMonthForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        told = form.cleaned_data
        try:
            edit_cell(row=row, field="expected_month", new=told["month"], base=told["base"], by=request.user)
        except Refusal as refused:
            form.add_error("month", refused.message)
        else:
            messages.success(request, f"Saved the expected month of {row.person}.")
            return redirect(f"{reverse('team_closures', args=[row.team_id])}#row-{row.pk}")
    refused_row = {"row": row.pk, "typed": request.POST.get("month", ""), "errors": _errors(form)}
    return _team_page(request, row.team, refused=refused_row)


def _errors(form: ExpectedMonthForm) -> list[str]:
    return [str(text) for texts in form.errors.values() for text in texts]


def _team_page(
    request: AuthenticatedRequest, team: Team, *, refused: dict[str, Any] | None = None
) -> HttpResponse:
    rows, held = TrackerRow.objects.filter(team=team), rights(request.user, team)
    where = {
        "team": team,
        "rights": held,
        "name": team.name,
        "purpose": "expected closures of a team",
        "cases_url": reverse("team_cases", args=[team.pk]),
        "summary_url": reverse("team_summary", args=[team.pk]),
        "may_edit": "edit_row" in held,
        "refused": refused,
    }
    return _page(request, rows, [team], where, status=422 if refused else 200)


def _page(
    request: AuthenticatedRequest,
    rows: RowQuerySet,
    teams: Sequence[Team],
    where: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    today, now = timezone.localdate(), timezone.now()
    page = _cases(request, rows)
    lines = [closures.closure_of(row, today) for row in page]
    audit.viewed(
        request,
        where["purpose"],
        rows=[line.row.pk for line in lines],
        team=where.get("team"),
        locality=where.get("locality"),
    )
    months = [first_of_month(today, -back) for back in range(MONTHS)]
    ledgers = ledger(rows, months, now)
    context = {
        **where,
        "today": today,
        "page": page,
        "lines": lines,
        "months": [_month_line(month, places.total(ledgers[month])) for month in months],
        "headings": HEADINGS,
        "teams": _by_team(months[:2], ledgers, teams) if 1 < len(teams) <= TEAMS_LISTED else [],
        "figure": closures_figure([(month, places.total(ledgers[month])) for month in reversed(months)]),
    }
    return render(request, "summary/closures.html", context, status=status)


def _cases(request: AuthenticatedRequest, rows: RowQuerySet) -> "Page[TrackerRow]":
    if set(request.GET) - {"page"}:
        raise Http404
    return asked_page(request, closures.expected(rows), CASES_A_PAGE)


def _month_line(month: date, told: Any) -> dict[str, Any]:
    """One month of the ledger as the table prints it."""
    expected = told.get(EXPECTED, 0)
    return {
        "month": month,
        "numbers": places.numbers(_measures(month), told),
        "kept": round(100 * told.get(CLOSED, 0) / expected) if expected else None,
    }


def _measures(month: date) -> list[places.Measure]:
    return [
        places.Measure(fate, HEADINGS[fate], address_of(ledger=f"{month:%Y-%m}", fate=fate), listed=True)
        for fate, _ in FATES
    ]


def _by_team(
    months: Sequence[date], ledgers: Mapping[date, places.Counts], teams: Sequence[Team]
) -> list[places.PlaceTable]:
    return [
        places.teams_table(
            f"ledger-{month:%Y-%m}",
            f"{month:%B %Y}",
            [places.Group("What was expected, and what became of it", tuple(_measures(month)))],
            ledgers[month],
            teams,
        )
        for month in months
    ]
