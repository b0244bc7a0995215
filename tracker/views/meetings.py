"""What remains of meetings: the list of them, what each decided; and who walks as siblings."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest
from tracker.changes.families import pick_siblings
from tracker.choices import Result
from tracker.decided import decided_in
from tracker.forms.meeting import SiblingsForm
from tracker.grid import columns_of
from tracker.history import Words
from tracker.models import Meeting, TrackerRow

# About five years of weekly meetings.
MOST = 260


@team_view("view_tracker")
@require_GET
def meetings(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The team's meetings, the newest first."""
    # With counts a query forgets the order of its model.
    counted = (
        Meeting.objects.filter(team=team)
        .order_by("-started_at")
        .annotate(
            discussed=Count("items", filter=Q(items__result=Result.DISCUSSED)),
            parked=Count("items", filter=Q(items__result=Result.PARKED)),
            missed=Count("items", filter=Q(items__result__in=("", Result.NOT_REACHED))),
        )
    )
    now = timezone.now()
    found = [(one, one.is_over(now)) for one in counted[:MOST]]
    context = {"team": team, "rights": rights(request.user, team), "meetings": found}
    return render(request, "tracker/meeting/meetings.html", context)


@team_view("view_tracker")
@require_GET
def decided(request: AuthenticatedRequest, team: Team, meeting_id: int) -> HttpResponse:
    """What one meeting decided: to read, print, copy, and to mail as counts without names."""
    meeting = get_object_or_404(Meeting.objects.select_related("team"), team=team, pk=meeting_id)
    found = decided_in(meeting, Words(columns_of(team)))
    children = [
        *(one.child.row_id for one in found.moves),
        *(one.child.row_id for one in found.closures),
        *(task.child.row_id for _, tasks in found.tasks for task in tasks),
        *(child.row_id for child in (*found.parked, *found.not_reached)),
    ]
    audit.viewed(request, "meeting's decisions", rows=sorted(set(children)), team=team)
    here = request.build_absolute_uri(reverse("decided", args=[team.pk, meeting.pk]))
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "decided": found,
        "meeting": meeting,
        "over": meeting.is_over(timezone.now()),
        "mail_subject": f"{team}: meeting of {timezone.localtime(meeting.started_at):%d/%m/%y}",
        "text": render_to_string("tracker/meeting/decided.txt", {"decided": found, "team": team}),
        "mail": render_to_string("tracker/meeting/mail.txt", {"decided": found, "team": team, "here": here}),
    }
    return render(request, "tracker/meeting/decided.html", context)


@team_view("edit_row")
@require_http_methods(["GET", "POST"])
def siblings(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The team's families; a post makes the ticked cases siblings, one alone leaves its family."""
    rows = TrackerRow.objects.open().filter(team=team).select_related("case")
    form = SiblingsForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        chosen = [row.case for row in form.cleaned_data["rows"]]
        family = pick_siblings(team=team, cases=chosen, by=request.user)
        messages.success(request, "They walk as one step now." if family else "Taken out of its family.")
        return redirect("siblings", team_id=team.pk)
    found = list(rows.order_by("case__person", "pk"))
    audit.viewed(request, "siblings", rows=[row.pk for row in found], team=team)
    families: dict[int, list[TrackerRow]] = {}
    for row in found:
        if row.case.family_id:
            families.setdefault(row.case.family_id, []).append(row)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "form": form,
        "rows": found,
        "families": [members for members in families.values() if len(members) > 1],
    }
    return render(request, "tracker/meeting/siblings.html", context, status=422 if form.is_bound else 200)
