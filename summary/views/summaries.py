"""The Summary of a team, a locality, the council.

Nothing here takes a POST: figures are computed, so there is nothing to edit or to lock (ADR 0012).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import council_view, locality_view, team_view
from accounts.models import Locality, Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest, asked_page
from summary import check_in, places, queries
from summary.charts import FOR_PLOTLY, durations_figure, flow_figure, stage_by_need_figure
from summary.flow import stages_over_time
from summary.models import CheckIn
from tracker.models import Difficulty, Need, RowQuerySet, TeamLog, TrackerRow

# Above this the council's page lists localities only, whose own pages list their teams.
TEAMS_LISTED = 200
LOCALITIES_A_PAGE = 50


@csp_update(FOR_PLOTLY)
@team_view("view_tracker")
@require_safe
def team_summary(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The second tab: every number opens the team's tracker filtered to its rows."""
    heads = TeamLog.heads_of([team.pk])
    rows = TrackerRow.objects.filter(team=team)
    place = {
        "team": team,
        "rights": rights(request.user, team),
        "cases_url": reverse("tracker", kwargs={"team_id": team.pk}),
        "heads": heads,
    }
    counts = places.counts_by_team(rows, timezone.localdate())
    tables = {"teams": _teams(counts, [team])}
    return render(request, "summary/team.html", {**_figures(rows, counts), **place, **tables})


@csp_update(FOR_PLOTLY)
@locality_view("view_tracker")
@require_safe
def locality_summary(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """All teams of a locality, together and team by team."""
    teams = list(locality.teams.all())
    # The numbers are read before the rows: what is counted twice is only fetched once more.
    heads = TeamLog.heads_of(team.pk for team in teams)
    rows, today = TrackerRow.objects.filter(team__locality=locality), timezone.localdate()
    counts = places.counts_by_team(rows, today)
    place = {
        "locality": locality,
        "cases_url": reverse("locality_cases", kwargs={"locality_id": locality.pk}),
        "teams": _teams(counts, teams),
        "heads": heads,
        **_since_check_in(locality, counts, teams, today),
    }
    return render(request, "summary/locality.html", {**_figures(rows, counts), **place})


def _since_check_in(
    locality: Locality, counts: places.Counts, teams: Sequence[Team], today: date
) -> dict[str, Any]:
    """The locality's main figures with their change since the last check-in; nothing before the first."""
    before = CheckIn.objects.filter(locality=locality).first()
    if before is None:
        return {}
    _, together = check_in.lines(check_in.kept_figures(counts, teams), before.figures, today)
    return {"since": together, "before": before, "since_headings": check_in.HEADINGS.values()}


@csp_update(FOR_PLOTLY)
@council_view("view_council")
@require_safe
def council_summary(request: AuthenticatedRequest) -> HttpResponse:
    """All localities, together, by locality (a page of them) and, up to `TEAMS_LISTED`, by team."""
    rows, today = TrackerRow.objects.all(), timezone.localdate()
    teams = list(Team.objects.all())
    page = asked_page(request, Locality.objects.all(), LOCALITIES_A_PAGE)
    counts = places.counts_by_team(rows, today)
    place = {
        "cases_url": reverse("council_cases"),
        "localities": [
            places.localities_table(name, caption, groups, counts, page, teams)
            for name, caption, groups in _tables()
        ],
        "page": page,
        "teams": _teams(counts, teams) if len(teams) <= TEAMS_LISTED else (),
    }
    return render(request, "summary/council.html", {**_figures(rows, counts), **place})


def _tables() -> Sequence[tuple[str, str, Sequence[places.Group]]]:
    """The name, caption and columns of the tables that set places side by side."""
    return (
        ("cases", "Open cases", places.case_groups()),
        ("attention", "What moves and what waits", places.attention_groups(timezone.localdate())),
    )


def _teams(counts: places.Counts, teams: Sequence[Team]) -> list[places.PlaceTable]:
    return [places.teams_table(name, caption, groups, counts, teams) for name, caption, groups in _tables()]


def _figures(rows: RowQuerySet, counts: places.Counts) -> dict[str, Any]:
    """The answers that every Summary gives, over rows of whatever place."""
    today = timezone.localdate()
    needs = list(Need.objects.all())
    cross = queries.stage_by_need(rows, needs)
    stages = queries.rows_by_stage(rows)
    open_cases = stages.foot[0]
    expected = queries.expected_closures(rows)
    both = (expected.identified, expected.decided)
    overdue = queries.overdue_actions(rows, today)
    over_time = stages_over_time(rows, today)
    passed, durations = queries.meetings_passed(rows, today), places.by_duration(counts)
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
        "durations": durations,
        "durations_figure": durations_figure(durations),
        "flow": over_time,
        "flow_figure": flow_figure(over_time),
        "stage_names": queries.STAGES,
    }
