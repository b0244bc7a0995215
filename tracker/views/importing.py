"""A workbook in: upload, the question about it if there is one, preview, confirm, undo.

Files are read in a child process (tracker/workbook).
"""

from dataclasses import asdict
from functools import partial
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import audit
from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import rights
from icm.http import MEGABYTE, AuthenticatedRequest, takes_at_most, whole_number
from tracker.changes.bulk import TrackerMoved, import_rows
from tracker.changes.parked import (
    answer_question,
    decisions_of,
    keep_decisions,
    park,
    park_question,
    parked_import,
    question_of,
    reading_of,
    unpark,
)
from tracker.changes.refusals import Refusal
from tracker.changes.undo import undo_operation
from tracker.fields import COLUMNS
from tracker.forms.transfer import PreviewForm, QuestionForm, UploadForm
from tracker.importing.compare import make_plan
from tracker.importing.decisions import Decisions
from tracker.importing.plan import Plan
from tracker.importing.preview import preview_of
from tracker.importing.summing_up import counted
from tracker.models import Operation, ParkedImport
from tracker.workbook.guard import FILE_BYTES, ColumnsUnclear, Question, Refused, SheetsUnclear
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Reading
from tracker.workbook.table import Answer


@takes_at_most(FILE_BYTES + MEGABYTE)
@team_view("import_rows")
@require_http_methods(["GET", "POST"])
def import_workbook(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Asks for the file; a post reads it and goes on to the preview, or to what has to be asked first."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            found = _read(data, Answer())
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return _go_on(request, team, data, found)
    context = {"team": team, "rights": rights(request.user, team), "form": form}
    return render(request, "tracker/import.html", context, status=422 if form.is_bound else 200)


def _read(data: bytes, answer: Answer) -> Reading | Question:
    """The reading, or what has to be asked. Raises Refused where no answer would help."""
    try:
        return read_in_child(data, today=timezone.localdate(), **asdict(answer))
    except (ColumnsUnclear, SheetsUnclear) as question:
        return question


def _go_on(request: AuthenticatedRequest, team: Team, data: bytes, found: Reading | Question) -> HttpResponse:
    if isinstance(found, Reading):
        parked = park(reading=found, team=team, by=request.user, now=timezone.now())
        return redirect("import_preview", team_id=team.pk, parked_id=parked.pk)
    parked = park_question(question=found, file=data, team=team, by=request.user, now=timezone.now())
    return redirect("import_question", team_id=team.pk, parked_id=parked.pk)


def _parked(request: AuthenticatedRequest, team: Team, parked_id: UUID) -> ParkedImport:
    parked = parked_import(parked=parked_id, team=team, by=request.user, now=timezone.now())
    if parked is None:
        raise Http404
    return parked


@team_view("import_rows")
@require_http_methods(["GET", "POST"])
def import_question(request: AuthenticatedRequest, team: Team, parked_id: UUID) -> HttpResponse:
    """Asks which sheet or which columns are meant; a post reads the file again with the answer."""
    parked = _parked(request, team, parked_id)
    asked = question_of(parked)
    if asked is None:
        return redirect("import_preview", team_id=team.pk, parked_id=parked_id)
    question, before = asked
    form = QuestionForm(request.POST if request.method == "POST" else None, question=question)
    if form.is_valid():
        answer = form.answer(before)
        try:
            found = _read(bytes(parked.file or b""), answer)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            answer_question(parked=parked, answer=answer, found=found, by=request.user, now=timezone.now())
            return redirect("import_question", team_id=team.pk, parked_id=parked_id)
    context = {"team": team, "rights": rights(request.user, team), "form": form, "question": question}
    return render(request, "tracker/import_question.html", context, status=422 if form.is_bound else 200)


@team_view("import_rows")
@require_http_methods(["GET", "POST"])
def import_preview(request: AuthenticatedRequest, team: Team, parked_id: UUID) -> HttpResponse:
    """What importing would do, row by row; a post decides about cells and rows, does it, or gives it up."""
    if request.method == "POST" and (done := _done(request, team)):
        return redirect("import_done", team_id=team.pk, op=done.op)
    parked = _parked(request, team, parked_id)
    reading = reading_of(parked)
    if reading is None:
        return redirect("import_question", team_id=team.pk, parked_id=parked_id)
    before = decisions_of(parked)
    if request.method == "GET":
        return _preview(request, team, _plan(request, team, reading, before), before)
    if "discard" in request.POST:
        unpark(parked=parked_id, by=request.user)
        messages.success(request, "Nothing was imported.")
        return redirect("import", team_id=team.pk)
    form = PreviewForm(request.POST)
    decisions = form.decided(before, reading)
    keep_decisions(parked=parked, decisions=decisions, by=request.user)
    if decisions.mends != before.mends or {"again", "keep", "page"} & request.POST.keys():
        return _again(request, team, parked_id)
    return _confirm(request, team, parked_id, reading, form, decisions)


def _again(request: AuthenticatedRequest, team: Team, parked_id: UUID) -> HttpResponse:
    """The preview anew, after something was decided: what is confirmed is always what was shown."""
    if "page" not in request.POST:
        messages.info(request, "Nothing is imported yet. This is what would happen now.")
    address = reverse("import_preview", args=[team.pk, parked_id])
    page = request.POST.get("page") or request.POST.get("this_page", "")
    return redirect(f"{address}?page={page}" if page.isdecimal() else address)


def _plan(request: AuthenticatedRequest, team: Team, reading: Reading, decisions: Decisions) -> Plan:
    return make_plan(reading, team=team, by=request.user, today=timezone.localdate(), decisions=decisions)


def _done(request: AuthenticatedRequest, team: Team) -> Operation | None:
    """The import that this very form has done before: a second press of the button changes nothing."""
    form = PreviewForm(request.POST)
    if not form.is_valid():
        return None
    return Operation.objects.filter(
        op=form.cleaned_data["op"], by=request.user, team=team, kind="import"
    ).first()


def _confirm(
    request: AuthenticatedRequest,
    team: Team,
    parked_id: UUID,
    reading: Reading,
    form: PreviewForm,
    decisions: Decisions,
) -> HttpResponse:
    """Does what was shown. Where something else would happen by now, that is shown instead."""
    planned = partial(_plan, request, team, reading, decisions)
    plan = planned()
    if not form.is_valid():
        return _preview(request, team, plan, decisions, status=422)
    try:
        if plan.digest != form.cleaned_data["digest"]:
            raise TrackerMoved
        op = form.cleaned_data["op"]
        answer = import_rows(team=team, plan=plan, by=request.user, op=op, planned_anew=planned)
    except Refusal as refused:
        return _preview(request, team, planned(), decisions, status=409, refused=refused)
    unpark(parked=parked_id, by=request.user)
    if not answer.seq:
        messages.success(request, "The tracker has all of it already: nothing was changed.")
        return redirect("tracker", team_id=team.pk)
    return redirect("import_done", team_id=team.pk, op=op)


def _preview(
    request: AuthenticatedRequest,
    team: Team,
    plan: Plan,
    decisions: Decisions,
    *,
    status: int = 200,
    refused: Refusal | None = None,
) -> HttpResponse:
    audit.viewed(request, "import preview", rows=plan.rows_told, team=team)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "plan": plan,
        "preview": preview_of(plan, decisions=decisions, page=whole_number(request.GET.get("page")) or 1),
        "columns": COLUMNS,
        "counted": counted(plan.counts),
        "keep": decisions.keep,
        "refused": refused,
        "form": PreviewForm(initial={"op": uuid4(), "digest": plan.digest}),
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
