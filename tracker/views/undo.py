"""Undo and redo of one's own acts: which comes next, and doing it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import team_view
from accounts.models import Team
from accounts.sign_in import signed_in_at
from icm.http import AuthenticatedRequest, a_line
from tracker.changes.act import Answer
from tracker.changes.refusals import Overtaken, Refusal
from tracker.changes.undo import redo_operation, undo_operation
from tracker.forms.past import StepForm
from tracker.models import Change, Operation
from tracker.steps import Steps, name_of, steps_of

Which = Literal["undo", "redo"]


@team_view("edit_row")
@require_http_methods(["GET", "POST"])
def undo(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Names the person's next undo and redo in `?tab=`; a post takes the next act back.

    Answers JSON: `undo` and `redo`, each with the `op` of the act and its `name`, or null. A post takes
    `op` (the number of this new act), `tab`, and `step`, the op of the act that the button named, and
    answers `outcome`, `done` (the name), `seq` and `rows` (row numbers to fetch). Refused: 409 with
    `message`, and where a row was written since `history`, its address. Nothing to undo: 422.
    """
    if request.method == "GET":
        return JsonResponse(_named(_steps(request, team, a_line(request.GET.get("tab", ""), 36))))
    return _step(request, team, "undo", undo_operation)


@team_view("edit_row")
@require_POST
def redo(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Does again what was undone last; takes and answers what a post to undo does."""
    return _step(request, team, "redo", redo_operation)


def _steps(request: AuthenticatedRequest, team: Team, tab: str) -> Steps:
    since: datetime = signed_in_at(request)
    return steps_of(by=request.user, team=team, tab=tab, since=since)


def _named(steps: Steps) -> dict[str, Any]:
    return {
        "undo": {"op": str(steps.undo.op), "name": name_of(steps.undo)} if steps.undo else None,
        "redo": {"op": str(steps.redo.op), "name": name_of(steps.redo)} if steps.redo else None,
    }


def _step(
    request: AuthenticatedRequest, team: Team, which: Which, change: Callable[..., Answer]
) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        return JsonResponse(
            {"outcome": "refused", "message": "This could not be read. Reload the page."}, status=422
        )
    told = form.cleaned_data
    if done := Operation.objects.filter(op=told["op"], by=request.user, team=team, kind=which).first():
        # The answer got lost on the way: the step was taken, and not the one after it now.
        return _done(request, team, told["tab"], done, "")
    steps = _steps(request, team, told["tab"])
    act = steps.undo if which == "undo" else steps.redo
    if act is None:
        return JsonResponse(
            {"outcome": "refused", "message": f"There is nothing to {which}."} | _named(steps), status=422
        )
    if told["step"] and act.op != told["step"]:
        return JsonResponse(
            {"outcome": "conflict", "message": f"Another act comes first by now: {name_of(act)}."}
            | _named(steps),
            status=409,
        )
    name = name_of(act)
    try:
        change(operation=act, by=request.user, op=told["op"], tab=told["tab"])
    except Refusal as refused:
        return JsonResponse(_refused(refused) | _named(steps), status=409)
    done = Operation.objects.filter(op=told["op"]).first()
    return _done(request, team, told["tab"], done, name)


def _refused(refused: Refusal) -> dict[str, Any]:
    told: dict[str, Any] = {"outcome": refused.outcome, "message": refused.message}
    if isinstance(refused, Overtaken) and refused.row_id:
        told["history"] = reverse("history", args=[refused.row_id])
    return told


def _done(
    request: AuthenticatedRequest, team: Team, tab: str, operation: Operation | None, name: str
) -> HttpResponse:
    changes = Change.objects.filter(operation=operation, team=team)
    rows = changes.filter(row__isnull=False).values_list("row", flat=True).distinct().order_by("row")
    told = {
        "outcome": "saved",
        "done": name,
        "seq": operation.answer["seq"] if operation else 0,
        "rows": list(rows),
        # Own columns or the legend changed: the page has to be drawn again.
        "columns": changes.filter(row__isnull=True).exists(),
    }
    return JsonResponse(told | _named(_steps(request, team, tab)))
