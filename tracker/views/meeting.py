"""The running meeting: begun, gone through case by case, ended. Each answer is a page without script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import audit
from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import rights, who_may
from icm.http import AuthenticatedRequest, from_script, whole_number
from tracker.agenda import Step, in_order, steps_of
from tracker.changes.meetings import (
    ENDED,
    coming,
    end_meeting,
    last_time,
    mark,
    move_step,
    rows_for,
    set_room,
    start_meeting,
)
from tracker.changes.refusals import Invalid
from tracker.choices import Stage
from tracker.forms.meeting import MarkForm, OrderForm, RoomForm
from tracker.grid import columns_of, grid_for, palette_of
from tracker.in_hand import Hand, hand_of
from tracker.meeting_keys import KEYS
from tracker.models import ColourMeaning, Meeting, Outcome, TeamLog, TrackerRow
from tracker.values import Lists


@dataclass(frozen=True)
class Walk:
    """A running meeting as its page shows it: the steps of its list, the rows, and the clock."""

    meeting: Meeting
    steps: Sequence[Step]
    rows: dict[int, TrackerRow]
    now: datetime

    @property
    def left(self) -> int:
        """Seconds that are left; below zero once it runs over."""
        return self.meeting.minutes * 60 - int((self.now - self.meeting.started_at).total_seconds())

    @property
    def minutes_left(self) -> str:
        """The time left, in words."""
        minutes = abs(self.left) // 60
        return f"{minutes} min left" if self.left >= 0 else f"{minutes} min over"

    @property
    def to_come(self) -> int:
        """Steps without a result."""
        return sum(not step.result and step.is_open for step in self.steps)

    def step_with(self, row_id: int | None) -> Step | None:
        """The row's step; without a row, or with one that is not on the list, the first still to come."""
        asked = (step for step in self.steps if any(item.row_id == row_id for item in step.items))
        coming = (step for step in self.steps if not step.result and step.is_open)
        return next(asked, None) or next(coming, None) or (self.steps[0] if self.steps else None)


def walk_of(meeting: Meeting, now: datetime) -> Walk:
    """The meeting's list, with the cases that came since it was made at its end."""
    rows = {row.pk: row for row in rows_for(meeting.team, now)}
    items = list(meeting.items.select_related("row__case"))
    listed = {item.row_id for item in items}
    new = (row for row in rows.values() if row.pk not in listed)
    items += coming(meeting, new, after=len(items))
    for item in items:
        item.row = rows.get(item.row_id, item.row)
    return Walk(meeting, steps_of(items), rows, now)


def running(team: Team) -> Meeting | None:
    """The team's running meeting."""
    return Meeting.objects.running(timezone.now()).filter(team=team).select_related("team__locality").first()


@team_view("run_meeting")
@require_http_methods(["GET", "POST"])
def meeting(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The walk of the running meeting; where none runs, the page that begins one, and a post begins it."""
    current = running(team)
    if request.method == "POST":
        form = RoomForm(request.POST)
        if not form.is_valid():
            return _start_page(request, team, form, status=422)
        start_meeting(team=team, by=request.user, room=form.room())
        return redirect("meeting", team_id=team.pk)
    return _walk_page(request, current) if current else _start_page(request, team, _room_as_last(team))


def _room_as_last(team: Team) -> RoomForm:
    """The form, filled with what was said last time."""
    last = Meeting.objects.filter(team=team).first()
    if last is None:
        return RoomForm()
    return RoomForm(initial={"present": last.present, "minutes": last.minutes, "initials": last.initials})


def _start_page(
    request: AuthenticatedRequest, team: Team, form: RoomForm, *, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    order = in_order(rows_for(team, now), now, last_time(team, now))
    audit.viewed(request, "meeting", rows=[one.row.pk for one in order], team=team)
    context = {"team": team, "rights": rights(request.user, team), "form": form, "order": order}
    context |= {"last": Meeting.objects.over(now).filter(team=team).first()}
    return render(request, "tracker/meeting/start.html", context, status=status)


def _walk_page(request: AuthenticatedRequest, current: Meeting) -> HttpResponse:
    team, now = current.team, timezone.now()
    head = TeamLog.head_of(team.pk)
    walk = walk_of(current, now)
    step = walk.step_with(whole_number(request.GET.get("row")))
    grid = grid_for(
        request.user, team, now.astimezone(timezone.get_current_timezone()).date(), columns_of(team)
    )
    in_hand = {item.row_id for item in step.items} if step else set()
    rows = [item.row for one in walk.steps for item in one.items if item.row_id in walk.rows]
    entry = audit.viewed(request, "meeting", rows=list(walk.rows), team=team)
    context = {
        "team": team,
        "walk": walk,
        "meeting": current,
        "hand": _hand(walk, step) if step else None,
        "room_form": _room_form(current),
        "grid": grid,
        "rights": grid.held,
        "lines": [grid.line(row, hidden=row.pk not in in_hand) for row in rows],
        "head": head,
        "entry": entry,
        "stages": Stage.choices,
        "lists": Lists(),
        "palette": palette_of(ColourMeaning.objects.filter(team=team)),
        "outcomes": Outcome.objects.choosable().exclude(code="moved"),
        "people": who_may("edit_row", team),
        "keys": KEYS,
    }
    return render(request, "tracker/meeting/walk.html", context)


def _room_form(current: Meeting) -> RoomForm:
    names = ("leader", "present", "minutes", "initials")
    return RoomForm(initial={name: getattr(current, name) for name in names})


def _hand(walk: Walk, step: Step) -> Hand:
    last = last_time(walk.meeting.team, walk.now)
    return hand_of(walk.meeting, walk.steps, step, walk.rows, walk.now, last)


@team_view("run_meeting")
@require_GET
def agenda(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The list of the running meeting and the step that `?row=` is in, as parts; 204 without one."""
    current = running(team)
    if current is None:
        return HttpResponse(status=204)
    walk = walk_of(current, timezone.now())
    step = walk.step_with(whole_number(request.GET.get("row")))
    audit.viewed_more(request, request.GET.get("entry", ""), walk.rows, team=team, purpose="meeting")
    context = {"walk": walk, "meeting": current, "team": team, "hand": _hand(walk, step) if step else None}
    return render(request, "tracker/meeting/_parts.html", context)


@team_view("run_meeting")
@require_POST
def item(request: AuthenticatedRequest, team: Team, row_id: int) -> HttpResponse:
    """Says what became of the row's step, or with `alone` of the row: `result`, `last_action`, or both."""
    form = MarkForm(request.POST)
    current = running(team)
    if not form.is_valid() or current is None:
        return _refused(request, team, ENDED if current is None else "This is none of the results.")
    walk = walk_of(current, timezone.now())
    step = next((one for one in walk.steps if any(item.row_id == row_id for item in one.items)), None)
    if step is None:
        raise Http404
    alone = form.cleaned_data["alone"]
    rows = [item.row for item in step.items if item.row_id == row_id or not alone]
    try:
        mark(
            meeting=current,
            rows=rows,
            by=request.user,
            result=form.sent("result"),
            last_action=form.sent("last_action"),
        )
    except Invalid as refused:
        return _refused(request, team, refused.message)
    if from_script(request):
        return JsonResponse({"outcome": "saved"})
    return redirect(_next_after(walk, step) if form.sent("result") else _at(team, row_id))


def _next_after(walk: Walk, step: Step) -> str:
    """The page with the next step that is still to come."""
    at = walk.steps.index(step)
    coming = [one for one in (*walk.steps[at + 1 :], *walk.steps[:at]) if not one.result and one.is_open]
    return _at(walk.meeting.team, (coming[0] if coming else step).first.row_id)


def _at(team: Team, row_id: int) -> str:
    return f"{reverse('meeting', args=[team.pk])}?row={row_id}"


@team_view("run_meeting")
@require_POST
def order(request: AuthenticatedRequest, team: Team, row_id: int) -> HttpResponse:
    """Moves the row's step on the list: `to` is up, down or first."""
    form = OrderForm(request.POST)
    current = running(team)
    if not form.is_valid() or current is None:
        return _refused(request, team, ENDED if current is None else "This is no place on the list.")
    row = TrackerRow.objects.filter(team=team, pk=row_id).first()
    if row is None:
        raise Http404
    try:
        move_step(meeting=current, row=row, to=form.cleaned_data["to"], by=request.user)
    except Invalid as refused:
        return _refused(request, team, refused.message)
    return JsonResponse({"outcome": "saved"}) if from_script(request) else redirect(_at(team, row_id))


@team_view("run_meeting")
@require_POST
def room(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Mends who leads, who is there, how long, and how names are shown."""
    form = RoomForm(request.POST)
    current = running(team)
    if current is None or not form.is_valid():
        return _refused(request, team, ENDED if current is None else "Say the minutes, from 5 to 180.")
    set_room(meeting=current, room=form.room(), by=request.user)
    return redirect("meeting", team_id=team.pk)


@team_view("run_meeting")
@require_POST
def end(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """Ends the running meeting and shows what it decided; a second end shows the same."""
    current = running(team)
    if current is not None:
        end_meeting(meeting=current, by=request.user)
    last = current or Meeting.objects.filter(team=team).first()
    if last is None:
        return redirect("meeting", team_id=team.pk)
    return redirect("decided", team_id=team.pk, meeting_id=last.pk)


def _refused(request: AuthenticatedRequest, team: Team, message: str) -> HttpResponse:
    """Nothing was done, with the reason."""
    if from_script(request):
        return JsonResponse({"outcome": "refused", "message": message}, status=422)
    messages.warning(request, message)
    return redirect("meeting", team_id=team.pk)
