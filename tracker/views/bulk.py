"""Many cells at once: the preview of a paste, a fill or a clearing, and carrying it out."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import team_view
from accounts.models import Team
from icm.http import AuthenticatedRequest
from tracker.changes.cells import CellsRefused, Problem, look_at_cells, write_cells
from tracker.changes.refusals import Refusal
from tracker.fields import Field
from tracker.forms.cells import CellsForm
from tracker.grid import columns_of, grid_for
from tracker.markup import cell_html
from tracker.models import Change, Operation, TrackerRow
from tracker.pasting import Pasted, read_body, read_cells
from tracker.steps import name_of
from tracker.values import Cleaned, shown, shown_as


@team_view("bulk_edit")
@require_POST
def cells(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Writes up to 200 cells of the team in one act, or with `dry=1` only tells what would happen.

    Takes a form or a JSON object: `op`, `kind` (paste, fill, clear, add), `tab`, `cells`, and where they are
    needed `dry`, `skip` (places that were deselected), `clear` (emptying filled cells was confirmed) and
    `reason`. A cell is {field, value, base} with the `row` it goes to, or a `pin` to find it by, or `new`,
    a name that the cells of one new case share; `raw` says that `value` is a raw value of this tracker,
    `after_op` names an own edit of the cell that is still under way.

    Answers JSON. A preview (200): `outcome` preview, `cells` with place, row, field, rev, old, new, same
    and problem (code, message, and where it has them nearest, by, at, theirs, history), `adds`, `problems`.
    Saved (200): `outcome`, `seq`, `counts`, `step` (what undo calls it), `cells` with row, field, rev,
    row_rev and the rendered cell, `added` (row numbers). Refused: the preview's answer with `outcome`
    conflict (409: others were quicker) or refused (422), nothing changed. What cannot be read: 422 with
    `message`.
    """
    sent = read_body(request.content_type or "", request.body, request.POST)
    form = CellsForm(sent)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"outcome": "refused", "message": message}, status=422)
    told = form.cleaned_data
    wanted = [cell for cell in told["cells"] if cell.place not in told["skip"]]
    pasted = read_cells(wanted, team=team, team_columns=list(columns_of(team)), today=timezone.localdate())
    common: dict[str, Any] = {name: told[name] for name in ("tab", "reason", "clear")}
    common |= {"team": team, "edits": pasted.edits, "by": request.user}
    if told["dry"]:
        looked = look_at_cells(**common)
        return JsonResponse(_previewed(pasted, looked.problems, "preview"))
    return _written(request, team, pasted, told, common)


def _written(
    request: AuthenticatedRequest, team: Team, pasted: Pasted, told: dict[str, Any], common: dict[str, Any]
) -> HttpResponse:
    try:
        if pasted.problems:
            raise CellsRefused(look_at_cells(**common).problems)
        answer = write_cells(op=told["op"], kind=told["kind"], **common)
    except CellsRefused as refused:
        pasted.rows = _as_they_stand(team, pasted)
        told_of = _previewed(pasted, refused.problems, refused.outcome)
        return JsonResponse(told_of, status=409 if refused.outcome == "conflict" else 422)
    except Refusal as refused:
        return JsonResponse({"outcome": refused.outcome, "message": refused.message}, status=409)
    added = Change.objects.filter(operation__op=told["op"], team=team, kind="add").order_by("seq")
    return JsonResponse(
        {
            "outcome": answer.outcome,
            "seq": answer.seq,
            "counts": answer.counts,
            "step": name_of(Operation.objects.filter(op=told["op"]).first()),
            "cells": _rendered(request, team, pasted),
            "added": list(added.values_list("row", flat=True)),
        }
    )


def _rendered(request: AuthenticatedRequest, team: Team, pasted: Pasted) -> list[dict[str, Any]]:
    """Each written cell as it stands now; a repeat of the act may find a later value there."""
    grid = grid_for(request.user, team, timezone.localdate(), columns_of(team))
    rows = _as_they_stand(team, pasted)
    there = [(rows[edit.row_id], pasted.by_key[edit.field]) for edit in pasted.edits if edit.row_id in rows]
    return [
        {
            "row": row.pk,
            "field": field.key,
            "rev": row.rev(field.key),
            "row_rev": row.row_rev,
            "raw": row.raw(field.key),
            # The colour is of the row and has no cell.
            "cell": "" if field.key == "colour" else cell_html(grid.cell(row, field)),
        }
        for row, field in there
    ]


def _as_they_stand(team: Team, pasted: Pasted) -> dict[int, TrackerRow]:
    rows = TrackerRow.objects.with_all().filter(team=team, pk__in=list(pasted.rows))
    return {row.pk: row for row in rows}


def _previewed(pasted: Pasted, problems: Sequence[Problem], outcome: str) -> dict[str, Any]:
    """Every cell with what stands there and what would, as people read both."""
    found = {problem.place: problem for problem in [*problems, *pasted.problems]}
    new = {edit.place: edit.new for edit in pasted.edits}
    told = [
        _cell(
            cell.place,
            pasted.by_key.get(cell.field),
            cell.field,
            cell.value,
            pasted.rows.get(cell.row) if cell.row is not None else None,
            new.get(cell.place),
            found.get(cell.place),
        )
        for cell in pasted.all
    ]
    return {
        "outcome": outcome,
        "message": f"Nothing was changed. {len(found)} of {len(told)} cells cannot be changed so."
        if found
        else "",
        "cells": told,
        "problems": len(found),
        "adds": len({cell.new for cell in pasted.all if cell.row is None and cell.pin is None}),
    }


def _cell(
    place: int,
    field: Field | None,
    key: str,
    typed: str,
    row: TrackerRow | None,
    new: Cleaned | None,
    problem: Problem | None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "place": place,
        "row": row.pk if row else None,
        "pin": row.pin if row else "",
        "person": row.person if row else "",
        "field": key,
        "label": field.label if field else "",
        "rev": row.rev(key) if row and field else 0,
        "old": shown(field, row) if row and field else "",
        "new": shown_as(field, new) if field and new else typed,
        "same": bool(row and new and row.raw(key) == new.raw),
    }
    if problem:
        told["problem"] = _problem(problem, field, row)
    return told


def _problem(problem: Problem, field: Field | None, row: TrackerRow | None) -> dict[str, Any]:
    told: dict[str, Any] = {"code": problem.code, "message": problem.message}
    if problem.nearest:
        told["nearest"] = problem.nearest
    if problem.code in ("stale", "gone") and row and field:
        told["by"] = problem.by_name
        told["at"] = timezone.localtime(problem.at).isoformat() if problem.at else ""
        told["history"] = reverse("history", args=[row.pk])
    if problem.code == "stale" and row and field:
        told["theirs"] = shown(field, row)
    return told
