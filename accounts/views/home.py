"""Home: my localities and teams; who has one team goes straight to its tracker."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import anyone_signed_in
from accounts.context import TEAMS_LISTED, my_teams
from accounts.permissions import (
    ended_lately,
    localities_in_part_with,
    localities_with,
    may,
    officers_for,
)
from accounts.waiting import waiting_for
from icm.http import AuthenticatedRequest, asked_page


@anyone_signed_in("lists only the person's own places")
@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """The person's teams by locality; with one, its tracker; with none, whom to ask."""
    page = asked_page(request, my_teams(request.user), TEAMS_LISTED)
    teams = list(page)
    notices = list(request.user.notices.filter(read_at=None))
    manages = may(request.user, "manage_people")
    if page.paginator.count == 1 and not notices and not manages:
        return redirect("tracker", team_id=teams[0].pk)
    localities = [
        (locality, list(of_it)) for locality, of_it in groupby(teams, key=lambda team: team.locality)
    ]
    here = [locality.pk for locality, _ in localities]
    return render(
        request,
        "accounts/home.html",
        {
            "localities": localities,
            "page": page,
            "whole": set(localities_with(request.user, "view_tracker").filter(pk__in=here)),
            "lists": set(localities_in_part_with(request.user, "import_rows").filter(pk__in=here)),
            "sees_council": may(request.user, "view_council"),
            "waiting": list(waiting_for(request.user)),
            "officers": [] if teams else officers_for(request.user),
            "ended": [] if teams else ended_lately(request.user, timezone.localdate()),
            "notices": notices,
            "manages": manages,
        },
    )
