"""The performance officers' pages about keeping: the rule, legal holds, erasing one case for good."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import council_view
from accounts.models import AuditEvent
from icm.http import AuthenticatedRequest
from tracker.changes.erasing import STANDS, erase_row
from tracker.changes.refusals import Invalid, Refusal
from tracker.changes.retention import end_hold, place_hold, set_days
from tracker.forms.retention import DaysForm, EraseForm, HoldForm
from tracker.models import LegalHold, RetentionRule, TrackerRow
from tracker.retention import WHOLE, counts_of, due, erasable


@dataclass(frozen=True)
class Held:
    """A hold with the row by which people know its case: the last one."""

    hold: LegalHold
    row: TrackerRow


@council_view("manage_retention")
@require_http_methods(["GET", "POST"])
def retention(request: AuthenticatedRequest) -> HttpResponse:
    """The rule and what it would erase today; a post saves it, or only asks what another would erase."""
    now_kept = RetentionRule.in_force()
    form = DaysForm(request.POST if request.method == "POST" else None, initial={"days": now_kept})
    asked = now_kept
    if form.is_valid():
        asked = form.cleaned_data["days"]
        if request.POST.get("act") == "save":
            set_days(days=asked, by=request.user)
            messages.success(request, f"Saved: cases are erased {asked} days after closing.")
            return redirect("retention")
    held = _held()
    audit.viewed(request, "legal holds", rows=[one.row.pk for one in held])
    context = {
        "form": form,
        "days": now_kept,
        "asked": asked,
        "due": due(timezone.localdate(), asked),
        "held": held,
        "last_run": AuditEvent.objects.filter(kind=AuditEvent.Kind.RETENTION, purpose="purge").first(),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "tracker/retention/retention.html", context, status=status)


def _held() -> list[Held]:
    holds = LegalHold.objects.filter(ended_at=None).select_related("case", "placed_by")
    rows = TrackerRow.objects.kept().filter(case__in=[hold.case_id for hold in holds])
    last = {row.case_id: row for row in rows.select_related("case", "team").order_by("pk")}
    return [Held(hold, last[hold.case_id]) for hold in holds]


def _row(row_id: int) -> TrackerRow:
    rows = TrackerRow.objects.kept().with_all().select_related("team__locality")
    return get_object_or_404(rows, pk=row_id)


@council_view("manage_retention")
@require_http_methods(["GET", "POST"])
def hold(request: AuthenticatedRequest, row_id: int) -> HttpResponse:
    """Places a legal hold on the row's case, or ends the one that is there."""
    row = _row(row_id)
    act = request.POST.get("act", "")
    form = HoldForm(request.POST if act == "place" else None)
    refused = ""
    try:
        if act == "end":
            end_hold(case=row.case, by=request.user, now=timezone.now())
            messages.success(request, "The legal hold is ended.")
            return redirect("row", row_id=row.pk)
        if form.is_valid():
            told = form.cleaned_data
            place_hold(case=row.case, reason=told["reason"], asked_by=told["asked_by"], by=request.user)
            messages.success(request, f"{row.person} is on legal hold and is kept until you end it.")
            return redirect("row", row_id=row.pk)
    except Refusal as refusal:
        refused = refusal.message
    audit.viewed(request, "legal hold", rows=[row.pk], team=row.team)
    holds = list(row.case.holds.select_related("placed_by", "ended_by"))
    context = {
        "row": row,
        "form": form,
        "refused": refused,
        "standing": next((one for one in holds if one.ended_at is None), None),
        "ended": [one for one in holds if one.ended_at],
    }
    status = 409 if refused else 422 if request.method == "POST" else 200
    return render(request, "tracker/retention/hold.html", context, status=status)


@council_view("manage_retention")
@require_http_methods(["GET", "POST"])
def erase(request: AuthenticatedRequest, row_id: int) -> HttpResponse:
    """Says what would be erased for good; a post with the reason and the typed PIN erases it."""
    row = _row(row_id)
    choices = erasable(row)
    on_hold = row.case.holds.filter(ended_at=None).exists()
    form = EraseForm(
        request.POST if request.method == "POST" and choices else None, case=row.case, choices=choices
    )
    refused = ""
    if form.is_valid():
        told = form.cleaned_data
        try:
            erase_row(row=row, whole=told["what"] == WHOLE, reason=told["reason"], by=request.user)
        except Invalid as refusal:
            form.add_error(refusal.field or None, refusal.message)
        except Refusal as refusal:
            refused = refusal.message
        else:
            messages.success(request, "Erased for good. The log says so in numbers.")
            return redirect("closed", team_id=row.team_id)
    audit.viewed(request, "erase for good", rows=[row.pk], team=row.team)
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "choices": choices,
        "on_hold": on_hold,
        "refused": refused or ("" if choices else STANDS),
        "goes": {choice: counts_of(_rows(row, choice)) for choice in choices},
    }
    status = (409 if refused else 422) if request.method == "POST" else 200
    return render(request, "tracker/retention/erase.html", context, status=status)


def _rows(row: TrackerRow, choice: str) -> Any:
    kept = TrackerRow.objects.kept().filter(case=row.case_id)
    return kept if choice == WHOLE else kept.filter(pk=row.pk)
