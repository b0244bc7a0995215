"""The tracker on a past day, or at a number of its log: rebuilt from the log alone, beside today."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import team_view
from accounts.models import Team, User
from accounts.permissions import Rights, rights
from icm.http import AuthenticatedRequest
from tracker.as_it_stood import Stood, StoodRow, as_it_stood
from tracker.fields import COLUMNS, FIELDS, team_field
from tracker.forms.past import StoodForm
from tracker.grid import Grid, Line, columns_of, grid_for
from tracker.models import DATES, ERASED, Case, Change, Difficulty, Need, TeamColumn, TeamLog, TrackerRow
from tracker.since_then import since_then

# The words of each list by their numbers; Any, because the lists are of several kinds.
Words = dict[str, dict[int, Any]]


@team_view("view_tracker")
@require_GET
def page(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The open rows as they stood at the end of day `?on=2026-11-02`, or at `?number=17`; today without."""
    form = StoodForm(request.GET, today=timezone.localdate())
    held = rights(request.user, team)
    context: dict[str, Any] = {"team": team, "rights": held, "form": form}
    if not form.is_valid():
        return render(request, "tracker/as_it_stood.html", context, status=422)
    number, at = _place(team, form.cleaned_data)
    stood = as_it_stood(_log(team, number))
    lines = _lines(request.user, team, stood, at)
    audit.viewed(request, "tracker as it stood", rows=[line.row.pk for line in lines], team=team)
    grid = grid_for(request.user, team, timezone.localdate(), columns_of(team))
    context |= {
        "lines": since_then(lines, team=team, number=number, grid=grid),
        "op": uuid4(),
        "pin_needs_reason": held.needs_reason("change_pin"),
        "columns": _columns(team, stood),
        "at": at,
        "by_number": form.cleaned_data["number"] is not None,
        "number": number,
        "closed": len(stood.closed_rows()),
        "last": Change.objects.filter(team=team, seq=number).first(),
        "head": TeamLog.head_of(team.pk),
    }
    return render(request, "tracker/as_it_stood.html", context)


def _place(team: Team, wanted: dict[str, Any]) -> tuple[int, datetime]:
    """The number up to which the log is played, and the moment for which that is."""
    changes = Change.objects.filter(team=team)
    if wanted["number"] is not None:
        last = changes.filter(seq__lte=wanted["number"]).order_by("-seq").first()
        return (last.seq, last.at) if last else (0, timezone.now())
    day = wanted["on"]
    end = datetime.combine(day + timedelta(days=1), time.min, timezone.get_current_timezone())
    number = changes.filter(at__lt=end).aggregate(last=Max("seq"))["last"] or 0
    return number, min(timezone.now(), end - timedelta(seconds=1))


def _log(team: Team, number: int) -> list[Change]:
    told = ("team_id", "seq", "row_id", "row_rev", "kind", "field", "new")
    return list(Change.objects.filter(team=team, seq__lte=number).order_by("seq").only(*told))


def _columns(team: Team, stood: Stood) -> tuple[Any, ...]:
    """The guide's ten, then the team's own of then. A column's kind never changes and is not in the log."""
    own = {column.key: column for column in TeamColumn.objects.filter(team=team)}
    headed = ((own[key], heading) for key, heading in stood.columns.items() if key in own)
    return COLUMNS + tuple(replace(team_field(column), label=heading) for column, heading in headed)


def _lines(user: User, team: Team, stood: Stood, at: datetime) -> list[Line]:
    words: Words = {"needed": Need.objects.in_bulk(), "difficulty": Difficulty.objects.in_bulk()}
    today = timezone.localtime(at).date()
    grid = Grid(team, _columns(team, stood), Rights(), today)
    return [grid.line(_row(one, words)) for one in stood.open_rows()]


def _row(one: StoodRow, words: Words) -> TrackerRow:
    """A row that is not saved and carries what stood there; a word that is gone reads as blank."""
    row = TrackerRow(pk=one.row_id, case=Case(), extra={}, row_rev=one.row_rev)
    # Of an erased row the log keeps months where it had days: no day of it is shown.
    erased = one.values.get("person") == ERASED
    for key, raw in one.values.items():
        if erased and key not in ("person", "stage"):
            continue
        if key in words:
            setattr(row, key, words[key].get(int(raw)) if raw else None)
        elif key in DATES:
            setattr(_keeper(row, key), key, date.fromisoformat(raw) if raw else None)
        elif key in FIELDS:
            setattr(_keeper(row, key), key, raw)
        elif key != "outcome":
            row.extra[key] = raw
    return row


def _keeper(row: TrackerRow, key: str) -> TrackerRow | Case:
    """The record that keeps the field."""
    return row.case if FIELDS[key].on_case else row
