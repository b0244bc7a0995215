"""The page on which a team keeps its own columns and the legend of its row colours."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest, a_line
from tracker.changes.columns import (
    add_column,
    move_column,
    put_back_column,
    remove_column,
    rename_column,
    set_legend,
)
from tracker.changes.refusals import Invalid
from tracker.choices import Colour, ColumnKind
from tracker.forms.columns import ColumnForm, LegendForm
from tracker.grid import columns_of
from tracker.models import ColourMeaning, TeamColumn
from tracker.workbook.words import clean


@team_view("manage_columns")
@require_http_methods(["GET", "POST"])
def columns(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The team's columns with a form for a new one, and the legend; a post adds a column."""
    form = ColumnForm(request.POST or None, initial={"op": uuid4()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            add_column(
                team=team,
                heading=told["heading"],
                kind=ColumnKind(told["kind"]),
                options=told["options"],
                by=request.user,
                op=told["op"],
            )
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            return redirect("columns", team_id=team.pk)
    return _page(request, team, form)


@team_view("manage_columns")
@require_POST
def column(request: AuthenticatedRequest, team: Team, column_id: int) -> HttpResponse:
    """Renames, moves, removes or puts back one column."""
    found = TeamColumn.objects.filter(team=team, pk=column_id).select_related("team").first()
    if found is None:
        raise Http404
    heading = clean(a_line(request.POST.get("heading", ""), 60))
    try:
        if "remove" in request.POST:
            remove_column(column=found, by=request.user)
            messages.success(request, f"“{found.heading}” is off the tracker. Its values are kept.")
        elif "put_back" in request.POST:
            put_back_column(column=found, by=request.user)
            messages.success(request, f"“{found.heading}” is on the tracker again, with its values.")
        elif (way := request.POST.get("move")) in ("left", "right"):
            move_column(column=found, left=way == "left", by=request.user)
        elif heading:
            rename_column(column=found, heading=heading, by=request.user)
    except Invalid as refused:
        messages.error(request, refused.message)
    return redirect("columns", team_id=team.pk)


@team_view("manage_columns")
@require_POST
def legend(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Says what each row colour means."""
    form = LegendForm(request.POST)
    if form.is_valid():
        set_legend(team=team, meanings=form.meanings(), by=request.user)
        messages.success(request, "The legend is saved.")
        return redirect("columns", team_id=team.pk)
    return _page(request, team, ColumnForm(initial={"op": uuid4()}), form)


def _page(
    request: AuthenticatedRequest, team: Team, form: ColumnForm, legend_form: forms.Form | None = None
) -> HttpResponse:
    meanings = {one.colour: one.meaning for one in ColourMeaning.objects.filter(team=team)}
    bound = form.is_bound or bool(legend_form)
    return render(
        request,
        "tracker/columns.html",
        {
            "team": team,
            "rights": rights(request.user, team),
            "columns": columns_of(team),
            "removed": TeamColumn.objects.filter(team=team, removed=True),
            "form": form,
            "legend_form": legend_form or LegendForm(initial=meanings),
            "colours": [choice for choice in Colour.choices if choice[0]],
        },
        status=422 if bound else 200,
    )
