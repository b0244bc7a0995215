"""A row's own page: the form that works without script, adding a case, and the acts of its life."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import team_view
from accounts.models import Team, User
from accounts.permissions import may, rights, teams_with
from icm.http import AuthenticatedRequest, from_script, whole_number
from tracker.access import again, row_view
from tracker.changes.act import Answer as Done
from tracker.changes.edit import edit_cells
from tracker.changes.lifecycle import (
    add_case,
    close_row,
    move_row,
    remove_row,
    reopen_row,
    restore_row,
)
from tracker.changes.refusals import Invalid, Refusal, StaleCells
from tracker.choices import RowState
from tracker.durations import open_for
from tracker.fields import COLUMNS, ON_THE_FORM, Field, team_field
from tracker.forms.rows import ActForm, CloseForm, MoveForm, RowForm
from tracker.grid import columns_of, grid_for
from tracker.models import Answer, Meeting, TrackerRow
from tracker.retention import fates


@row_view("view_tracker")
@require_http_methods(["GET", "POST"])
def row_page(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """The row with all its fields; a post saves those that were changed, each against its own version."""
    if request.method == "POST":
        return _save(request, row)
    audit.viewed(request, "row", rows=[row.pk], team=row.team)
    form = _row_form(request.user, row)
    form.initial["meeting"] = _meeting_asked(request)
    return _page(request, row, form)


def _meeting_asked(request: AuthenticatedRequest) -> int | None:
    """The meeting from whose page this one was opened, as the address or the form names it."""
    return whole_number(request.POST.get("meeting", request.GET.get("meeting", "")))


def _back(row: TrackerRow, meeting: Meeting | None) -> HttpResponse:
    """To the meeting that is running, else to the tracker."""
    if meeting is not None and not meeting.is_over(timezone.now()):
        return redirect(f"{reverse('meeting', args=[row.team_id])}?row={row.pk}")
    return redirect(f"{reverse('tracker', args=[row.team_id])}#row-{row.pk}")


def _save(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    form = _row_form(request.user, row, request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    told = form.cleaned_data
    meeting = Meeting.objects.named(told["meeting"], row.team_id, timezone.now())
    try:
        edit_cells(
            row=row,
            edits=form.edits(),
            by=request.user,
            op=told["op"],
            reason=told["reason"],
            meeting=meeting,
        )
    except StaleCells as refused:
        return _page(request, again(row), _redrawn(request, row, refused), status=409, stale=refused)
    except Invalid as refused:
        form.add_error(refused.field or None, refused.message)
        return _page(request, row, form, status=422)
    except Refusal as refused:
        form.add_error(None, refused.message)
        return _page(request, row, form, status=409)
    messages.success(request, f"Saved {row.person}.")
    return _back(row, meeting)


def _redrawn(request: AuthenticatedRequest, row: TrackerRow, refused: StaleCells) -> RowForm:
    """The form with everything that was typed, drawn against the versions that stand now.

    Saving it again overwrites what the page now shows beside each field: a deliberate choice.
    """
    posted = request.POST.copy()
    for stale in refused.stale:
        posted[f"base_{stale.field}"] = str(stale.newer.rev)
    posted["op"] = str(uuid4())
    form = _row_form(request.user, again(row), posted)
    # Asked once: with the first of these sentences the form is valid no more.
    for stale in refused.stale if form.is_valid() else ():
        form.add_error(
            stale.field,
            f"{stale.newer.by_name} changed this while you were typing. Yours is below; "
            "save again to put it in place of theirs.",
        )
    return form


def _fields(team: Team) -> tuple[Field, ...]:
    return (*COLUMNS, *ON_THE_FORM, *(team_field(column) for column in columns_of(team)))


def _row_form(user: User, row: TrackerRow, data: Mapping[str, Any] | None = None) -> RowForm:
    fields = _fields(row.team)
    today = timezone.localdate()
    grid = grid_for(user, row.team, today, ())
    writable = [field.key for field in fields if not grid.cell(row, field).readonly]
    return RowForm(data, fields=fields, today=today, row=row, may_edit=writable, initial={"op": uuid4()})


def _page(
    request: AuthenticatedRequest,
    row: TrackerRow,
    form: RowForm,
    *,
    status: int = 200,
    stale: StaleCells | None = None,
    acts: dict[str, Form] | None = None,
) -> HttpResponse:
    held = rights(request.user, row.team)
    near, far = _targets(request.user, row.team)
    number = {"op": uuid4()}
    context = {
        "row": row,
        "team": row.team,
        "rights": held,
        "form": form,
        "stale": stale.stale if stale else [],
        "answer": Answer.objects.standing().filter(row=row).select_related("by", "difficulty").first(),
        "may_answer": row.state == RowState.OPEN and "answer_difficulty" in held,
        "close_form": CloseForm(
            initial={**number, "base": row.rev("stage"), "meeting": _meeting_asked(request)},
            auto_id="close_%s",
        ),
        "move_form": MoveForm(near=near, far=far, initial=number, auto_id="move_%s"),
        "act_form": ActForm(initial=number, auto_id=False),
        "fate": fates([row.case_id])[row.case_id],
        "manages_retention": may(request.user, "manage_retention"),
        "today": timezone.localdate(),
        "open_for": open_for(row.case.cin_start, timezone.localdate()) if row.case.cin_start else "",
    }
    return render(request, "tracker/row.html", context | (acts or {}), status=status)


def _targets(user: User, team: Team) -> tuple[QuerySet[Team], QuerySet[Team] | None]:
    """The teams a row of this one may move to: in its locality, and for who may move it further all."""
    working = Team.objects.open().exclude(pk=team.pk)
    further = may(user, "move_to_other_locality")
    seen = working.filter(pk__in=teams_with(user, "view_tracker").values("pk"))
    return working.filter(locality=team.locality_id), seen if further else None


@team_view("add_row")
@require_http_methods(["GET", "POST"])
def add(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """A new case, put at the end of the tracker."""
    form = RowForm(
        request.POST or None,
        fields=_fields(team),
        today=timezone.localdate(),
        initial={"op": uuid4()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer = add_case(team=team, values=form.values(), by=request.user, op=form.cleaned_data["op"])
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return redirect(f"{redirect('tracker', team_id=team.pk).url}#row-{answer.row}")
    status = 422 if form.is_bound else 200
    context = {"team": team, "form": form, "rights": rights(request.user, team)}
    return render(request, "tracker/add.html", context, status=status)


@row_view("close_row")
@require_POST
def close(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Closes the row with its outcome."""
    form = CloseForm(request.POST)
    return _act(
        request,
        row,
        form,
        "close_form",
        lambda told: close_row(
            row=row,
            outcome=told["outcome"],
            base=told["base"],
            by=request.user,
            op=told["op"],
            meeting=Meeting.objects.named(told["meeting"], row.team_id, timezone.now()),
        ),
        f"{row.person} is closed. You find the case in the Closed list.",
    )


@row_view("move_row")
@require_POST
def move(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Moves the case to another team's tracker."""
    near, far = _targets(request.user, row.team)
    form = MoveForm(request.POST, near=near, far=far)
    return _act(
        request,
        row,
        form,
        "move_form",
        lambda told: move_row(
            row=row, to=told["team"], reason=told["reason"], by=request.user, op=told["op"]
        ),
        f"{row.person} has moved. The case is closed here and open on the other team's tracker.",
    )


@row_view("reopen_row")
@require_POST
def reopen(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Puts a closed row back on the tracker."""
    return _act(
        request,
        row,
        ActForm(request.POST),
        "act_form",
        lambda told: reopen_row(row=row, by=request.user, op=told["op"]),
        f"{row.person} is open again.",
    )


@row_view("remove_row")
@require_POST
def remove(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Takes a row that was added by mistake off the tracker."""
    return _act(
        request,
        row,
        ActForm(request.POST),
        "act_form",
        lambda told: remove_row(row=row, by=request.user, op=told["op"]),
        f"{row.person} is off the tracker. The Closed list can restore the row.",
    )


@row_view("reopen_row")
@require_POST
def restore(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Puts a removed row back."""
    return _act(
        request,
        row,
        ActForm(request.POST),
        "act_form",
        lambda told: restore_row(row=row, by=request.user, op=told["op"]),
        f"{row.person} is back on the tracker.",
    )


def _act(
    request: AuthenticatedRequest,
    row: TrackerRow,
    form: Form,
    name: str,
    change: Callable[[dict[str, Any]], Done],
    done: str,
) -> HttpResponse:
    """One act from its small form: done and back to the tracker, or the row's page with why not.

    Our script is told in JSON: `outcome`, and `message` where it is refused.
    """
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            answer = change(form.cleaned_data)
        except Refusal as refused:
            refusal = refused
            form.add_error(None, refused.message)
        else:
            if from_script(request):
                return JsonResponse({"outcome": answer.outcome, "seq": answer.seq})
            messages.success(request, done)
            number = form.cleaned_data.get("meeting")
            meeting = Meeting.objects.named(number, row.team_id, timezone.now())
            return _back(row, meeting) if meeting else redirect("tracker", team_id=row.team_id)
    status = 409 if refusal and not isinstance(refusal, Invalid) else 422
    if from_script(request):
        message = refusal.message if refusal else "This could not be read. Reload the page."
        return JsonResponse({"outcome": "refused", "message": message}, status=status)
    return _page(request, row, _row_form(request.user, row), status=status, acts={name: form})
