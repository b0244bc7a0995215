"""How often working together goes wrong: what pages report, and the weeks for the performance officer."""

from datetime import timedelta

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import council_view, team_view
from accounts.models import Team
from icm.http import AuthenticatedRequest, by_itself
from tracker.changes.hitches import count_hitches
from tracker.forms.hitches import HitchesForm
from tracker.models import Hitches

WEEKS = 13
COUNTED = ("conflicts", "parked", "reconnects", "offline")


@by_itself
@team_view("view_tracker")
@require_POST
def report(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """What happened on one page since it last said so: `parked`, `reconnects` and seconds `offline`."""
    form = HitchesForm(request.POST)
    if not form.is_valid():
        return HttpResponse("These are no numbers of hitches.", status=422)
    count_hitches(team_id=team.pk, on=timezone.localdate(), **form.cleaned_data)
    return HttpResponse(status=204)


@council_view("view_all_logs")
@require_GET
def hitches(request: AuthenticatedRequest) -> HttpResponse:
    """The last thirteen weeks of the council, and team by team those of the newest four."""
    today = timezone.localdate()
    this_week = today - timedelta(days=today.weekday())
    sums = {name: Sum(name) for name in COUNTED}
    kept = Hitches.objects.order_by()
    by_week = {
        one["week"]: one
        for one in kept.filter(week__gt=this_week - timedelta(weeks=WEEKS)).values("week").annotate(**sums)
    }
    weeks = [this_week - timedelta(weeks=number) for number in range(WEEKS)]
    recent = kept.filter(week__gt=this_week - timedelta(weeks=4)).values("team__name").annotate(**sums)
    return render(
        request,
        "tracker/hitches.html",
        {
            "weeks": [{"week": week} | by_week.get(week, dict.fromkeys(COUNTED, 0)) for week in weeks],
            "teams": recent.order_by("-conflicts", "-offline", "team__name"),
        },
    )
