"""The coordinator's worklist with its fields to fill in, for one team or for all of hers; paste and undo."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import anyone_signed_in, team_view
from accounts.models import Team
from accounts.permissions import rights, teams_with
from icm.http import AuthenticatedRequest
from tracker.changes.cells import CellEdit, CellsRefused, Problem, look_at_cells, write_cells
from tracker.changes.refusals import Refusal
from tracker.changes.undo import undo_operation
from tracker.changes.worklist import WORKLIST, write_worklist
from tracker.dashboard.pairs import read_pairs_in_child
from tracker.fields import FIELDS
from tracker.forms.cells import CellsForm
from tracker.forms.worklist import PairsForm, WorklistForm, name_of
from tracker.models import Operation, TrackerRow
from tracker.pasting import Pasted, read_cells
from tracker.values import shown, shown_as
from tracker.workbook.guard import Refused
from tracker.worklist import Item, items_of

# On the page of all teams; a team has fewer rows.
MOST_ROWS = 200
DATE = FIELDS["next_meeting"]


@anyone_signed_in("lists only rows of teams that the person writes in")
@require_http_methods(["GET", "POST"])
def every_team(request: AuthenticatedRequest) -> HttpResponse:
    """What wants something on any of the person's teams, to be put right here; a post saves all of it."""
    teams = list(teams_with(request.user, "edit_row").select_related("locality"))
    found = items_of(teams, timezone.localdate(), by=request.user, most=MOST_ROWS + 1)
    items, more = found[:MOST_ROWS], len(found) > MOST_ROWS
    if request.method == "POST":
        return _save(request, teams, items, None)
    return _list(request, teams, _form(items), more=more)


@team_view("edit_row")
@require_http_methods(["GET", "POST"])
def one_team(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The team's list; a post saves every PIN and date that was changed, in one act."""
    items = items_of([team], timezone.localdate(), by=request.user)
    if request.method == "POST":
        return _save(request, [team], items, team)
    return _page(request, team, items, _form(items))


def _save(
    request: AuthenticatedRequest, teams: list[Team], items: list[Item], team: Team | None
) -> HttpResponse:
    """Saves what was changed, an act for each team; the page again where anything is in the way."""
    form = _form(_items_posted(request, teams, items), request.POST)
    if not form.is_valid():
        return _again(request, teams, form, team, status=422)
    edits, here = form.edits(), reverse("worklist", args=[team.pk]) if team else reverse("worklists")
    if not edits:
        messages.info(request, "Nothing was changed, so nothing was saved.")
        return redirect(here)
    try:
        acts = write_worklist(teams=teams, edits=edits, by=request.user, op=form.cleaned_data["op"])
    except CellsRefused as refused:
        status = 409 if refused.outcome == "conflict" else 422
        form = _with_problems(teams, form, edits, refused.problems)
        return _again(request, teams, form, team, status=status)
    return redirect(f"{here}?{urlencode({'done': acts}, doseq=True)}")


def _again(
    request: AuthenticatedRequest, teams: list[Team], form: WorklistForm, team: Team | None, *, status: int
) -> HttpResponse:
    if team:
        return _page(request, team, form.items, form, status=status)
    return _list(request, teams, form, status=status)


def _form(items: list[Item], data: Any = None) -> WorklistForm:
    return WorklistForm(data, items=items, today=timezone.localdate(), initial={"op": uuid4()})


def _items_posted(request: AuthenticatedRequest, teams: list[Team], items: list[Item]) -> list[Item]:
    """The rows that the form was drawn with, also those that somebody has put right meanwhile."""
    names = {name_of(item.row, key) for item in items for key in ("pin", "next_meeting")}
    ids = [
        int(number)
        for name in request.POST
        if name.startswith("next_meeting-") and name not in names
        if (number := name.rpartition("-")[2]).isdecimal() and len(number) < 18
    ]
    if not ids:
        return items
    others = TrackerRow.objects.filter(team__in=teams, pk__in=ids).with_all().select_related("team")
    right = [Item(row, "" if row.pin else "No PIN yet", "", "") for row in others]
    return sorted([*items, *right], key=lambda item: item.row.team.name)


def _with_problems(
    teams: list[Team], form: WorklistForm, edits: list[CellEdit], problems: Sequence[Problem]
) -> WorklistForm:
    """The form with everything that was typed, drawn against what stands there now."""
    ids = [edit.row_id for edit in edits]
    rows = {row.pk: row for row in TrackerRow.objects.filter(team__in=teams, pk__in=ids).with_all()}
    posted: Any = form.data.copy()  # type: ignore[attr-defined] # a post's data can be copied
    posted["op"] = str(uuid4())
    for edit in edits:
        if edit.row_id in rows:
            posted[f"base-{edit.field}-{edit.row_id}"] = str(rows[edit.row_id].rev(edit.field))
    again = _form(form.items, posted)
    again.is_valid()
    for problem in problems:
        edit = edits[problem.place]
        again.add_error(f"{edit.field}-{edit.row_id}", _said(problem, rows.get(edit.row_id or 0), edit.field))
    return again


def _said(problem: Problem, row: TrackerRow | None, key: str) -> str:
    if problem.code != "stale" or row is None:
        return problem.message
    there = shown(FIELDS[key], row) or "blank"
    who = problem.by_name or "Somebody"
    return f"{who} wrote {there} meanwhile. Yours is here: save again to put it in place of theirs."


def _list(
    request: AuthenticatedRequest,
    teams: list[Team],
    form: WorklistForm,
    *,
    more: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of all the person's teams."""
    if form.items:
        audit.viewed(request, "worklist", rows=[item.row.pk for item in form.items])
    context = {"teams": teams, "form": form, "more": more, "acts": _acts(request, teams)}
    return render(request, "tracker/worklists.html", context, status=status)


def _page(
    request: AuthenticatedRequest,
    team: Team,
    items: list[Item],
    form: WorklistForm,
    *,
    pairs: PairsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    audit.viewed(request, "worklist", rows=[item.row.pk for item in items], team=team)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "form": form,
        "pairs": pairs or PairsForm(),
        "acts": _acts(request, [team]),
        "total": TrackerRow.objects.open().filter(team=team).count(),
    }
    return render(request, "tracker/worklist.html", context, status=status)


def _acts(request: AuthenticatedRequest, teams: list[Team]) -> list[Operation]:
    """The acts that were just done here and can be undone."""
    try:
        ops = [UUID(op) for op in request.GET.getlist("done")]
    except ValueError:
        return []
    done = Operation.objects.filter(op__in=ops, by=request.user, team__in=teams, undone_by=None)
    return list(done.select_related("team").order_by("team__name"))


@dataclass(frozen=True)
class Line:
    """One pasted row in the preview: what stands there, what would, and why not."""

    row: int
    pin: str
    person: str
    old: str
    new: str
    problem: str


@team_view("bulk_edit")
@require_POST
def paste(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Shows old and new date of each pasted PIN; the second post, with `cells`, writes them in one act."""
    if "cells" in request.POST:
        return _write_pasted(request, team)
    form = PairsForm(request.POST, request.FILES)
    items = items_of([team], timezone.localdate(), by=request.user)
    if not form.is_valid():
        return _page(request, team, items, _form(items), pairs=form, status=422)
    try:
        pairs = read_pairs_in_child(form.data_read, today=timezone.localdate())
    except Refused as refused:
        form.add_error("file" if form.cleaned_data["file"] else "pasted", str(refused))
        return _page(request, team, items, _form(items), pairs=form, status=422)
    cells = [{"field": "next_meeting", "value": pair.date, "pin": pair.pin} for pair in pairs]
    numbers = [pair.row for pair in pairs]
    return _preview(request, team, cells, numbers)


def _preview(
    request: AuthenticatedRequest,
    team: Team,
    cells: list[dict[str, Any]],
    numbers: list[int],
    *,
    status: int = 200,
) -> HttpResponse:
    form = CellsForm({"op": str(uuid4()), "dry": "1", "cells": json.dumps(cells)})
    if not form.is_valid():
        raise Http404
    pasted = read_cells(form.cleaned_data["cells"], team=team, team_columns=[], today=timezone.localdate())
    looked = look_at_cells(team=team, edits=pasted.edits, by=request.user, clear=True)
    problems = {one.place: one.message for one in [*looked.problems, *pasted.problems]}
    lines = _lines(pasted, problems, numbers)
    sound = [
        cells[cell.place] | {"base": pasted.rows[cell.row or 0].rev("next_meeting")}
        for cell in pasted.all
        if cell.place not in problems
    ]
    audit.viewed(request, "worklist", rows=list(pasted.rows), team=team)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "lines": lines,
        "changing": sum(1 for line in lines if not line.problem and line.old != line.new),
        "refused": sum(1 for line in lines if line.problem),
        "cells": json.dumps(sound),
        "op": uuid4(),
        "status": status,
    }
    return render(request, "tracker/worklist_paste.html", context, status=status)


def _lines(pasted: Pasted, problems: dict[int, str], numbers: list[int]) -> list[Line]:
    new = {edit.place: shown_as(DATE, edit.new) for edit in pasted.edits}
    lines = []
    for cell, number in zip(pasted.all, numbers, strict=True):
        row = pasted.rows.get(cell.row or 0)
        lines.append(
            Line(
                number,
                row.pin if row else cell.pin or "",
                row.person if row else "",
                shown(DATE, row) if row else "",
                new.get(cell.place, cell.value),
                problems.get(cell.place, ""),
            )
        )
    return lines


def _write_pasted(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    form = CellsForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is nothing that could be written. Paste the columns again.")
        return redirect("worklist", team_id=team.pk)
    told = form.cleaned_data
    pasted = read_cells(told["cells"], team=team, team_columns=[], today=timezone.localdate())
    only_dates = all(cell.field == "next_meeting" and cell.pin for cell in told["cells"])
    try:
        if pasted.problems or not only_dates:
            raise CellsRefused(pasted.problems)
        write_cells(team=team, edits=pasted.edits, by=request.user, kind=WORKLIST, op=told["op"], clear=True)
    except Refusal:
        cells = [{"field": "next_meeting", "value": one.value, "pin": one.pin or ""} for one in told["cells"]]
        return _preview(request, team, cells, list(range(1, len(cells) + 1)), status=409)
    return redirect(f"{reverse('worklist', args=[team.pk])}?done={told['op']}")


@team_view("edit_row")
@require_POST
def undo(request: AuthenticatedRequest, team: Team, op: UUID) -> HttpResponse:
    """Takes back what the person has just done on the list."""
    operation = (
        Operation.objects.select_related("team__locality")
        .filter(op=op, by=request.user, team=team, kind=WORKLIST)
        .first()
    )
    if operation is None:
        raise Http404
    try:
        undo_operation(operation=operation, by=request.user)
    except Refusal as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "It is undone.")
    return redirect("worklists") if "all" in request.POST else redirect("worklist", team_id=team.pk)
