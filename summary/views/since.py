"""What has changed since the last meeting, or since a day: one page a team and a locality."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import locality_view, team_view
from accounts.models import Locality, Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest, asked_page
from summary.forms import SinceForm
from summary.since import changed_since
from tracker.models import Meeting, RowQuerySet, TrackerRow
from tracker.months import beginning

A_WEEK = timedelta(days=7)
CASES_A_PAGE = 50
# Asked for as a page: all of them, to print.
WHOLE = "all"


@team_view("view_tracker")
@require_safe
def team_since(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Since the team's last meeting was over, unless the address names a day."""
    meeting = Meeting.objects.over(timezone.now()).filter(team=team).first()
    last = (meeting.ended_at or meeting.next_day) if meeting else None
    where = {
        "team": team,
        "rights": rights(request.user, team),
        "name": team.name,
        "purpose": "since the last meeting",
        "last": last,
        "summary_url": reverse("team_summary", args=[team.pk]),
    }
    return _page(request, TrackerRow.objects.filter(team=team), where)


@locality_view("view_tracker")
@require_safe
def locality_since(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """Since a week ago, in which each team has met, unless the address names a day."""
    where = {
        "locality": locality,
        "name": locality.name,
        "purpose": "what changed in a locality",
        "last": None,
        "summary_url": reverse("locality_summary", args=[locality.pk]),
    }
    return _page(request, TrackerRow.objects.filter(team__locality=locality), where)


def _page(request: AuthenticatedRequest, rows: RowQuerySet, where: dict[str, Any]) -> HttpResponse:
    today = timezone.localdate()
    form = SinceForm(request.GET, today=today)
    asked: date | None = form.cleaned_data["on"] if form.is_valid() else None
    moment: datetime = beginning(asked) if asked else (where["last"] or beginning(today - A_WEEK))
    lines = changed_since(rows, moment) if form.is_valid() else []
    whole = request.GET.get("page") == WHOLE
    page = Paginator(lines, len(lines) or 1).page(1) if whole else asked_page(request, lines, CASES_A_PAGE)
    audit.viewed(
        request,
        where["purpose"],
        rows=[line.row.pk for line in page],
        team=where.get("team"),
        locality=where.get("locality"),
    )
    meeting = where["last"] is not None and asked is None
    context = {
        **where,
        "form": form,
        "moment": moment,
        "meeting": meeting,
        "page": page,
        "teams": [] if where.get("team") else Counter(line.row.team for line in lines).items(),
        "asked": f"on={asked:%Y-%m-%d}&" if asked else "",
    }
    return render(request, "summary/since.html", context, status=200 if form.is_valid() else 422)
