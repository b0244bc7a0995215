"""The officer's page on which a team moves to another locality, or closes and hands its rows over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import council_view
from accounts.models import Team
from icm.http import AuthenticatedRequest
from tracker.changes.places import close_team, move_team, open_team_again
from tracker.changes.refusals import Invalid
from tracker.forms.places import CloseTeamForm, MoveTeamForm
from tracker.models import TrackerRow


@council_view("manage_places")
@require_http_methods(["GET", "POST"])
def move_or_close(request: AuthenticatedRequest, team_id: int) -> HttpResponse:
    """Says what each would do; a post does the one that is named in `act`."""
    team = get_object_or_404(Team.objects.select_related("locality"), pk=team_id)
    act = request.POST.get("act", "")
    moving = MoveTeamForm(request.POST if act == "move" else None, team=team)
    closing = CloseTeamForm(request.POST if act == "close" else None, team=team)
    done = ""
    try:
        if act == "again" and team.closed_at:
            open_team_again(team=team, by=request.user)
            done = f"{team} works again."
        elif moving.is_valid():
            people = move_team(team=team, to=moving.cleaned_data["locality"], by=request.user)
            done = f"{team} is in {team.locality} now, with {people} of its people."
        elif closing.is_valid():
            close_team(team=team, by=request.user, **closing.cleaned_data)
            done = f"{team} is closed. Its open cases are with {closing.cleaned_data['heir']}."
    except Invalid as refused:
        (moving if act == "move" else closing).add_error(refused.field or None, refused.message)
    if done:
        messages.success(request, done)
        return redirect("place_team", team_id=team.pk)
    context = {
        "place": team,
        "open_rows": TrackerRow.objects.open().filter(team=team).count(),
        "moving": moving,
        "closing": closing,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tracker/move_team.html", context, status=status)
