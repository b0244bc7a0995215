"""The Toolkit: a team's third tab, and the ideas for one need beside a row.

It shows no rows, so it leaves no entry in the audit log.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import anyone_signed_in, team_view
from accounts.models import Team
from accounts.permissions import may, officers_for, rights
from icm.http import AuthenticatedRequest, from_script
from toolkit.default_ideas import OPENING_NOTE
from toolkit.forms import InMeetingForm
from toolkit.models import Idea
from toolkit.shelves import by_need, by_stage
from tracker.choices import Stage
from tracker.models import Need

# As many as a team can take in while a case is in hand.
FEW = 3


@team_view("view_tracker")
@require_safe
def toolkit(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """All ideas: by what is needed, by stage, for running the meeting."""
    ideas = list(Idea.objects.shown())
    return render(
        request,
        "toolkit/toolkit.html",
        {
            "team": team,
            "rights": rights(request.user, team),
            "opening_note": OPENING_NOTE,
            "needs": by_need(ideas),
            "stages": by_stage(ideas),
            "tips": [idea for idea in ideas if idea.for_meeting],
            "officers": officers_for(request.user),
            "keeps": may(request.user, "manage_toolkit"),
        },
    )


@anyone_signed_in("the ideas are the same for all and name nobody")
@require_safe
def toolkit_for_need(request: AuthenticatedRequest, need_id: int) -> HttpResponse:
    """The ideas for one need: a fragment for our script, a page for a plain link.

    The label of a word that an import brought in is not shown: until an officer has read it, it may
    hold anything that stood in a cell.
    """
    need = get_object_or_404(Need, pk=need_id)
    ideas = list(Idea.objects.shown().filter(need=need))
    template = "toolkit/_for_need.html" if from_script(request) else "toolkit/for_need.html"
    return render(
        request,
        template,
        {
            "need": need,
            "ideas": ideas,
            "opening_note": OPENING_NOTE,
            "officers": [] if ideas else officers_for(request.user),
        },
    )


@anyone_signed_in("the ideas are the same for all and name nobody")
@require_safe
def toolkit_in_meeting(request: AuthenticatedRequest) -> HttpResponse:
    """For a case in hand: the question of its `?stage=`, and the first ideas for what it needs (`?need=`)."""
    form = InMeetingForm(request.GET)
    stage, need = (
        ("", None) if not form.is_valid() else (form.cleaned_data["stage"], form.cleaned_data["need"])
    )
    shown = Idea.objects.shown()
    context = {
        "stage": Stage(stage).label if stage else "",
        "questions": [idea.text for idea in shown.filter(stage=stage)] if stage else [],
        "need": need,
        "ideas": list(shown.filter(need=need)[:FEW]) if need else [],
    }
    template = "toolkit/_in_meeting.html" if from_script(request) else "toolkit/in_meeting.html"
    return render(request, template, context)
