"""A workbook in and out: upload, preview, confirm, undo; and the export.

Files are read in a child process (tracker/workbook).
"""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.models import AuditEvent, Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest
from tracker.access import team_view
from tracker.changes.bulk import TrackerMoved, import_rows
from tracker.changes.parked import park, parked_reading, unpark
from tracker.changes.refusals import Refusal
from tracker.changes.undo import undo_operation
from tracker.exporting import tracker_sheet
from tracker.fields import COLUMNS
from tracker.importing.compare import make_plan
from tracker.importing.plan import Keep, Plan
from tracker.importing.preview import preview_of
from tracker.importing.summing_up import counted
from tracker.models import Operation, TrackerRow
from tracker.transfer_forms import ConfirmForm, ExportForm, UploadForm
from tracker.workbook.guard import Refused
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Reading
from tracker.workbook.write import write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@team_view("import_rows")
@require_http_methods(["GET", "POST"])
def import_workbook(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Asks for the file; a post reads it and goes on to the preview. Nothing is changed here."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            data = form.cleaned_data["file"].read()
            reading = read_in_child(data, today=timezone.localdate())
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            parked = park(reading=reading, team=team, by=request.user, now=timezone.now())
            return redirect("import_preview", team_id=team.pk, parked_id=parked.pk)
    context = {"team": team, "rights": rights(request.user, team), "form": form}
    return render(request, "tracker/import.html", context, status=422 if form.is_bound else 200)


@team_view("import_rows")
@require_http_methods(["GET", "POST"])
def import_preview(request: AuthenticatedRequest, team: Team, parked_id: UUID) -> HttpResponse:
    """What importing would do, row by row; a post does it, or gives it up."""
    if request.method == "POST" and (done := _done(request, team)):
        return redirect("import_done", team_id=team.pk, op=done.op)
    reading = parked_reading(parked=parked_id, team=team, by=request.user, now=timezone.now())
    if reading is None:
        raise Http404
    if request.method == "GET":
        keep: Keep = "file" if request.GET.get("keep") == "file" else "ours"
        plan = _plan(request, team, reading, keep=keep)
        return _preview(request, team, reading, plan, keep)
    if "discard" in request.POST:
        unpark(parked=parked_id, by=request.user)
        messages.success(request, "Nothing was imported.")
        return redirect("import", team_id=team.pk)
    return _confirm(request, team, parked_id, reading)


def _plan(
    request: AuthenticatedRequest,
    team: Team,
    reading: Reading,
    *,
    keep: Keep,
    form: ConfirmForm | None = None,
) -> Plan:
    return make_plan(
        reading,
        team=team,
        by=request.user,
        today=timezone.localdate(),
        keep=keep,
        chosen=form.chosen() if form else None,
    )


def _done(request: AuthenticatedRequest, team: Team) -> Operation | None:
    """The import that this very form has done before: a second press of the button changes nothing."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return None
    return Operation.objects.filter(
        op=form.cleaned_data["op"], by=request.user, team=team, kind="import"
    ).first()


def _confirm(request: AuthenticatedRequest, team: Team, parked_id: UUID, reading: Reading) -> HttpResponse:
    """Does what was shown. Where something else would happen by now, that is shown instead."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        plan = _plan(request, team, reading, keep="ours")
        return _preview(request, team, reading, plan, "ours", status=422)
    keep: Keep = "file" if form.cleaned_data["keep"] == "file" else "ours"
    plan = _plan(request, team, reading, keep=keep, form=form)
    try:
        if plan.digest != form.cleaned_data["digest"]:
            raise TrackerMoved
        answer = import_rows(team=team, plan=plan, by=request.user, op=form.cleaned_data["op"])
    except Refusal as refused:
        plan = _plan(request, team, reading, keep=keep, form=form)
        return _preview(request, team, reading, plan, keep, status=409, refused=refused)
    unpark(parked=parked_id, by=request.user)
    if not answer.seq:
        messages.success(request, "The tracker has all of it already: nothing was changed.")
        return redirect("tracker", team_id=team.pk)
    return redirect("import_done", team_id=team.pk, op=form.cleaned_data["op"])


def _preview(
    request: AuthenticatedRequest,
    team: Team,
    reading: Reading,
    plan: Plan,
    keep: Keep,
    *,
    status: int = 200,
    refused: Refusal | None = None,
) -> HttpResponse:
    known = [row.row_id for row in plan.rows if row.row_id]
    audit.viewed(request, "import preview", rows=[*known, *(row.row_id for row in plan.missing)], team=team)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "plan": plan,
        "preview": preview_of(plan, reading),
        "columns": COLUMNS,
        "counted": counted(plan.counts),
        "keep": keep,
        "refused": refused,
        "form": ConfirmForm(initial={"op": uuid4(), "digest": plan.digest, "keep": keep}),
    }
    return render(request, "tracker/import_preview.html", context, status=status)


@team_view("import_rows")
@require_http_methods(["GET", "POST"])
def import_done(request: AuthenticatedRequest, team: Team, op: UUID) -> HttpResponse:
    """What the person's own import has done; a post undoes all of it."""
    operation = Operation.objects.filter(op=op, by=request.user, team=team, kind="import").first()
    if operation is None:
        raise Http404
    if request.method == "POST":
        try:
            undo_operation(operation=operation, by=request.user)
        except Refusal as refused:
            messages.error(request, refused.message)
            return redirect("import_done", team_id=team.pk, op=op)
        messages.success(request, "The import is undone. Its rows are in the Closed list, under Removed.")
        return redirect("tracker", team_id=team.pk)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "operation": operation,
        "counted": counted(operation.answer["counts"]),
    }
    return render(request, "tracker/import_done.html", context)


@team_view("export_rows")
@require_http_methods(["GET", "POST"])
def export(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Asks how persons are to be named; a post answers with the workbook and leaves its entry in the log."""
    held = rights(request.user, team)
    form = ExportForm(request.POST if request.method == "POST" else None, held=held)
    if not form.is_valid():
        total = TrackerRow.objects.open().filter(team=team).count()
        context = {"team": team, "rights": held, "form": form, "total": total}
        return render(request, "tracker/export.html", context, status=422 if form.is_bound else 200)
    now = timezone.localtime()
    sheet = tracker_sheet(team, names=form.chosen_names, exported_by=request.user.name, at=now)
    audit.record(
        AuditEvent.Kind.EXPORT,
        by=request.user,
        purpose="export workbook",
        request=request,
        team=team,
        row_ids=[row.row_id for row in sheet.rows],
        names=sheet.names,
        reason=form.cleaned_data.get("reason", ""),
    )
    answer = HttpResponse(write_workbook(sheet), content_type=XLSX)
    name = f"{slugify(team.name) or 'team'}-tracker-{now:%Y-%m-%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
