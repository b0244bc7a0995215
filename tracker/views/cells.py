"""Saving one cell from the grid: the answer carries the cell as the server shows it, or why not."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from icm.http import AuthenticatedRequest
from tracker.access import row_view
from tracker.changes.act import Answer
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.changes.meetings import SHARED, edit_siblings
from tracker.changes.refusals import Refusal, RowGone, StaleEdit
from tracker.choices import RowState, Stage
from tracker.fields import FIELDS, Field
from tracker.forms.cells import CellForm
from tracker.forms.rows import CloseForm
from tracker.grid import Grid, columns_of, grid_for
from tracker.history import Words
from tracker.markup import cell_html
from tracker.models import Meeting, TrackerRow

# How each refusal is answered; all else that a person can mend is 422.
STATUS = {StaleEdit: 409, RowGone: 409}


@row_view("edit_row")
@require_POST
def cell(request: AuthenticatedRequest, row: TrackerRow) -> HttpResponse:
    """Writes one cell. Answers JSON: `outcome`, the versions, and the rendered cell or a panel."""
    team_columns = columns_of(row.team) if request.POST.get("field", "").startswith("x") else []
    grid = grid_for(request.user, row.team, timezone.localdate(), team_columns)
    by_key = {field.key: field for field in grid.columns} | {"colour": FIELDS["colour"]}
    form = CellForm(request.POST, row=row, fields=by_key, today=grid.today)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"outcome": "refused", "message": message}, status=422)
    field = by_key[form.cleaned_data["field"]]
    try:
        answer = _save(request, row, form)
    except Refusal as refused:
        return _refused(refused, grid, row, field)
    return JsonResponse(_saved(answer, grid, row, field))


def _save(request: AuthenticatedRequest, row: TrackerRow, form: CellForm) -> Answer:
    told = form.cleaned_data
    common: dict[str, Any] = {"row": row, "by": request.user, "op": told["op"], "tab": told["tab"]}
    common["meeting"] = Meeting.objects.named(told["meeting"], row.team_id, timezone.now())
    if told["field"] == "stage" and told["new"].value == Stage.CLOSED and told["outcome"]:
        return close_row(outcome=told["outcome"], base=told["base"], **common)
    if told["also"] and told["field"] in SHARED:
        return edit_siblings(
            bases=told["also"],
            field=told["field"],
            new=told["new"],
            base=told["base"],
            after_op=told["after_op"],
            **common,
        )
    return edit_cell(
        field=told["field"],
        new=told["new"],
        base=told["base"],
        after_op=told["after_op"],
        reason=told["reason"],
        **common,
    )


def _saved(answer: Answer, grid: Grid, row: TrackerRow, field: Field) -> dict[str, Any]:
    """The new versions, and the cell as it stands now.

    A repeat may find a later value there; a difficulty says whether it has its answer.
    """
    fresh = answer.row_rev == row.row_rev and field.key != "difficulty"
    current = row if fresh else _as_it_stands(row)
    told = {
        "outcome": answer.outcome,
        "row": row.pk,
        "field": field.key,
        "rev": current.rev(field.key),
        "row_rev": current.row_rev,
        "seq": answer.seq,
        "gone": current.state != RowState.OPEN,
    }
    if field.key == "colour":
        return told | {"colour": current.colour}
    return told | {"cell": _rendered(grid, current, field)}


def _as_it_stands(row: TrackerRow) -> TrackerRow:
    return TrackerRow.objects.with_all().get(pk=row.pk)


def _rendered(grid: Grid, row: TrackerRow, field: Field) -> str:
    row.team = grid.team
    return cell_html(grid.cell(row, field))


def _refused(refused: Refusal, grid: Grid, row: TrackerRow, field: Field) -> HttpResponse:
    """The sentence, the panel that asks on, and for a conflict the newer value with its version."""
    told: dict[str, Any] = {
        "outcome": refused.outcome,
        "message": refused.message,
        "row": row.pk,
        "field": field.key,
    }
    if isinstance(refused, StaleEdit):
        told |= {"rev": refused.newer.rev, "raw": refused.newer.value} | _conflict(refused, row, field)
        told["cell"] = _rendered(grid, _as_it_stands(row), field)
    elif refused.outcome in ("needs-outcome", "needs-reason", "row-gone"):
        closed = isinstance(refused, RowGone) and refused.state == RowState.CLOSED.label.lower()
        context = {
            "refused": refused,
            "row": row,
            "field": field,
            "form": CloseForm(),
            "may_reopen": closed and "reopen_row" in grid.held,
        }
        told["panel"] = render_to_string(f"tracker/_{refused.outcome.replace('-', '_')}.html", context)
    return JsonResponse(told, status=STATUS.get(type(refused), 422))


def _conflict(refused: StaleEdit, row: TrackerRow, field: Field) -> dict[str, str]:
    """The panel with before, theirs and mine as people read them."""
    newer, words = refused.newer, Words(columns_of(row.team))
    raw = {"before": newer.before, "theirs": newer.value, "mine": refused.typed}
    texts = {name: words.text(field.key, value) for name, value in raw.items()}
    panel = render_to_string(
        "tracker/_conflict.html",
        {"newer": newer, "row": row, "field": field, **texts},
    )
    return {"panel": panel, **texts}
