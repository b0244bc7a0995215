"""What a person does to the table for themselves alone: columns hidden and widened, rows closer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import team_view
from accounts.models import Team
from icm.http import AuthenticatedRequest, from_script
from tracker.changes.layout import hide_columns, set_density, set_width
from tracker.changes.refusals import Invalid
from tracker.fields import Field, columns_with
from tracker.forms.layout import LayoutForm
from tracker.grid import columns_of
from tracker.models import Layout


@team_view("view_tracker")
@require_POST
def layout(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Keeps `hide=<key>`, `show=<key>` or `show=all`, `width=<key> <ems>`, or `density=<which>`.

    A script gets 204, a plain form goes back to the tracker as it was filtered; 422 says what is wrong.
    """
    columns = {column.key: column for column in columns_with(columns_of(team))}
    form = LayoutForm(request.POST, columns=columns)
    refused = "" if form.is_valid() else _first(form)
    try:
        if not refused:
            _keep(request, team, form.cleaned_data, columns)
    except Invalid as invalid:
        refused = invalid.message
    if from_script(request):
        return HttpResponse(refused, status=422 if refused else 204, content_type="text/plain; charset=utf-8")
    if refused:
        messages.error(request, refused)
    query = request.POST.get("query", "")
    return redirect(reverse("tracker", args=[team.pk]) + (f"?{query}" if query else ""))


def _first(form: forms.Form) -> str:
    return str(next(error for errors in form.errors.values() for error in errors))


def _keep(request: AuthenticatedRequest, team: Team, told: dict[str, Any], columns: dict[str, Field]) -> None:
    by, hidden = request.user, set(Layout.of(request.user, team).hidden).intersection(columns)
    if told["hide"]:
        hide_columns(team=team, columns=hidden | {told["hide"]}, by=by)
    if told["show"]:
        still = set() if told["show"] == "all" else hidden - {told["show"]}
        hide_columns(team=team, columns=still, by=by)
    if told["width"]:
        column, width = told["width"]
        set_width(team=team, column=column, width=width, by=by)
    if told["density"]:
        set_density(team=team, density=told["density"], by=by)
