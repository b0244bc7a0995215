"""The Locality CIN Check-In: one page to print, kept with its date; and those that were held."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import locality_view
from accounts.models import Locality
from accounts.permissions import localities_with
from icm.http import AuthenticatedRequest
from summary import check_in, closures, places, queries
from summary.changes.check_ins import keep_check_in
from summary.forms import CheckInForm
from summary.ledger import ledger
from summary.models import CheckIn
from tracker.initials import initials
from tracker.models import Difficulty, TrackerRow
from tracker.months import first_of_month

# What fits on the page beside the tables.
CASES_NAMED = 12
DIFFICULTIES_NAMED = 6
CHECK_INS_LISTED = 24


@locality_view("view_tracker")
@require_safe
def page(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """The check-in as it would be kept now, to read, print and, for its head of service, to keep."""
    return _page(request, locality, CheckInForm())


@locality_view("answer_difficulty")
@require_POST
def keep(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """Keeps it with its note."""
    form = CheckInForm(request.POST)
    if not form.is_valid():
        return _page(request, locality, form, status=422)
    figures = check_in.kept_figures(_counts(locality), locality.teams.all())
    kept = keep_check_in(
        locality=locality,
        note=form.cleaned_data["note"],
        figures=figures,
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, "The check-in is kept. The next one will show what has changed since.")
    return redirect("kept_check_in", locality_id=locality.pk, check_in_id=kept.pk)


@locality_view("view_tracker")
@require_safe
def kept(request: AuthenticatedRequest, locality: Locality, check_in_id: int) -> HttpResponse:
    """A check-in as it was held: its figures are those of its day."""
    held = CheckIn.objects.filter(locality=locality, pk=check_in_id).select_related("by").first()
    if held is None:
        raise Http404
    before = CheckIn.objects.filter(locality=locality, at__lt=held.at).first()
    day = timezone.localdate(held.at)
    return render(
        request,
        "summary/kept_check_in.html",
        {"locality": locality, "held": held, "day": day, **_table(held.figures, before, day)},
    )


def _page(
    request: AuthenticatedRequest, locality: Locality, form: CheckInForm, *, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    held = list(CheckIn.objects.filter(locality=locality).select_related("by")[:CHECK_INS_LISTED])
    figures = check_in.kept_figures(_counts(locality), locality.teams.all())
    named = _named(locality, today)
    audit.viewed(
        request, "check-in of a locality", rows=[one["row"].pk for one in named["cases"]], locality=locality
    )
    context = {
        "locality": locality,
        "today": today,
        "form": form,
        "may_keep": localities_with(request.user, "answer_difficulty").filter(pk=locality.pk).exists(),
        "held": held,
        "cases_url": reverse("locality_cases", args=[locality.pk]),
        **_table(figures, held[0] if held else None, today),
        **_expectations(locality, today),
        **named,
    }
    return render(request, "summary/check_in.html", context, status=status)


def _counts(locality: Locality) -> places.Counts:
    rows = TrackerRow.objects.filter(team__locality=locality)
    return places.counts_by_team(rows, timezone.localdate())


def _table(figures: dict[str, Any], before: CheckIn | None, day: date) -> dict[str, Any]:
    lines, together = check_in.lines(figures, before.figures if before else None, day)
    return {
        "headings": check_in.HEADINGS.values(),
        "lines": lines,
        "together": together,
        "before": before,
    }


def _expectations(locality: Locality, today: date) -> dict[str, Any]:
    """The ledger of last month and of this one."""
    rows, now = TrackerRow.objects.filter(team__locality=locality), timezone.now()
    months = (first_of_month(today, -1), first_of_month(today))
    told = ledger(rows, months, now)
    return {"expectations": [{"month": month, "told": dict(places.total(told[month]))} for month in months]}


def _named(locality: Locality, today: date) -> dict[str, Any]:
    """The cases that are expected to close soonest, by PIN and initials, and the difficulties by kind."""
    rows = TrackerRow.objects.filter(team__locality=locality)
    found = closures.expected(rows)
    told = [closures.closure_of(row, today) for row in found[:CASES_NAMED]]
    difficulties = queries.difficulties(rows, Difficulty.objects.all())
    by_number = sorted(difficulties.lines, key=lambda line: -line.cases)
    return {
        "cases": [{"row": one.row, "initials": initials(one.row.person), "closure": one} for one in told],
        "difficulties": [line for line in by_number if line.cases][:DIFFICULTIES_NAMED],
    }
