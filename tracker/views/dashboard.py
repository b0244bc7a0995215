"""The dashboard's list on its page: upload or paste, what differs, what is chosen, undo."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import part_of_locality_view
from accounts.models import Locality, Team
from icm.http import AuthenticatedRequest
from tracker.changes.bulk import TrackerMoved
from tracker.changes.dashboard import DASHBOARD, bring_in
from tracker.changes.parked_lists import park_list, parked_list, unpark_list
from tracker.changes.refusals import Refusal
from tracker.changes.undo import undo_operation
from tracker.dashboard.compare import Comparison, compare, usual_pin_width
from tracker.dashboard.preview import chosen_in, done_in_words, preview_of
from tracker.dashboard.read import read_in_child
from tracker.dashboard.reading import DashboardList
from tracker.forms.dashboard import BringInForm, ListForm
from tracker.models import Operation
from tracker.workbook.guard import Refused


@part_of_locality_view("import_rows")
@require_http_methods(["GET", "POST"])
def ask(request: AuthenticatedRequest, locality: Locality) -> HttpResponse:
    """Asks for the list; a post reads it and goes on to the comparison. Nothing is changed here."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_valid():
        field = "file" if form.cleaned_data["file"] else "pasted"
        try:
            width = usual_pin_width(locality)
            reading = read_in_child(form.data_read, today=timezone.localdate(), pin_width=width)
        except Refused as refused:
            form.add_error(field, str(refused))
        else:
            parked = park_list(reading=reading, locality=locality, by=request.user, now=timezone.now())
            return redirect("dashboard_preview", locality_id=locality.pk, parked_id=parked.pk)
    context = {"locality": locality, "form": form}
    return render(request, "tracker/dashboard.html", context, status=422 if form.is_bound else 200)


@part_of_locality_view("import_rows")
@require_http_methods(["GET", "POST"])
def preview(request: AuthenticatedRequest, locality: Locality, parked_id: UUID) -> HttpResponse:
    """What differs, case by case; a post does what was chosen, or gives it up."""
    if request.method == "POST" and (done := _done(request)):
        return redirect("dashboard_done", locality_id=locality.pk, op=done.op)
    reading = parked_list(parked=parked_id, locality=locality, by=request.user, now=timezone.now())
    if reading is None:
        raise Http404
    found = compare(reading, locality=locality, by=request.user)
    if request.method == "GET":
        return _page(request, found, reading)
    if "discard" in request.POST:
        unpark_list(parked=parked_id, by=request.user)
        messages.success(request, "Nothing was changed.")
        return redirect("dashboard", locality_id=locality.pk)
    return _confirm(request, found, reading, parked_id)


def _done(request: AuthenticatedRequest) -> Operation | None:
    """What this very form has done before: a second press of the button changes nothing."""
    form = BringInForm(request.POST)
    if not form.is_valid():
        return None
    return Operation.objects.filter(op=form.cleaned_data["op"], by=request.user, kind=DASHBOARD).first()


def _confirm(
    request: AuthenticatedRequest, found: Comparison, reading: DashboardList, parked_id: UUID
) -> HttpResponse:
    """Does what was chosen. Where something else is offered by now, that is shown, with the choices kept."""
    form = BringInForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reading, status=422)
    told = form.cleaned_data
    try:
        if told["digest"] != found.digest:
            raise TrackerMoved
        chosen = chosen_in(found, request.POST)
        answer = bring_in(found=found, chosen=chosen, facts=told["facts"], by=request.user, op=told["op"])
    except Refusal as refused:
        again = compare(reading, locality=found.locality, by=request.user)
        return _page(request, again, reading, status=409, refused=refused)
    if not answer.seq:
        messages.info(request, "Nothing was chosen, so nothing was changed.")
        return redirect("dashboard_preview", locality_id=found.locality.pk, parked_id=parked_id)
    unpark_list(parked=parked_id, by=request.user)
    return redirect("dashboard_done", locality_id=found.locality.pk, op=told["op"])


def _page(
    request: AuthenticatedRequest,
    found: Comparison,
    reading: DashboardList,
    *,
    status: int = 200,
    refused: Refusal | None = None,
) -> HttpResponse:
    rows = {one.mine.pk for one in found.findings if one.mine} | {fact.mine.pk for fact in found.facts}
    audit.viewed(request, "dashboard list", rows=sorted(rows), locality=found.locality)
    posted = request.POST if status != 200 else None
    context: dict[str, Any] = {
        "locality": found.locality,
        "found": found,
        "total": len(reading.rows),
        "preview": preview_of(found, reading, posted),
        "both": sum(len(one.pins["on_both"]) for one in found.teams),
        "facts": posted is None or "facts" in posted,
        "refused": refused,
        "form": BringInForm(initial={"op": uuid4(), "digest": found.digest}),
    }
    return render(request, "tracker/dashboard_preview.html", context, status=status)


@part_of_locality_view("import_rows")
@require_http_methods(["GET", "POST"])
def done(request: AuthenticatedRequest, locality: Locality, op: UUID) -> HttpResponse:
    """What the person's own list has done; a post undoes all of it."""
    mine = Operation.objects.filter(op=op, by=request.user, kind=DASHBOARD, team__locality=locality)
    operation = mine.select_related("team").first()
    if operation is None:
        raise Http404
    if request.method == "POST":
        try:
            undo_operation(operation=operation, by=request.user)
        except Refusal as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "All of it is undone.")
        return redirect("dashboard_done", locality_id=locality.pk, op=op)
    teams = Team.objects.filter(pk__in=operation.changes.values("team")).order_by("name")
    context = {
        "locality": locality,
        "operation": operation,
        "did": done_in_words(operation.answer["counts"]),
        "teams": teams,
    }
    return render(request, "tracker/dashboard_done.html", context)
