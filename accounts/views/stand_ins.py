"""Naming a stand-in for one's own team."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import team_view
from accounts.changes.stand_ins import DAYS, name_stand_in
from accounts.forms.stand_ins import StandInForm
from accounts.models import Membership, Team
from accounts.permissions import officers_of, rights
from accounts.roles import Role
from icm.http import AuthenticatedRequest


@team_view("name_stand_in")
@require_http_methods(["GET", "POST"])
def stand_in(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The team's stand-ins of today and to come, and the form that names one."""
    today = timezone.localdate()
    form = StandInForm(request.POST if request.method == "POST" else None, team=team, today=today)
    if form.is_valid():
        told = form.cleaned_data
        try:
            named = name_stand_in(team=team, by=request.user, today=today, **told)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, f"{named.person.name} stands in until {named.until:%d/%m/%y}.")
            return redirect("stand_in", team_id=team.pk)
    named_now = Membership.objects.filter(
        role=Role.STAND_IN, teams=team, until__gte=today, ended_at=None
    ).select_related("person", "granted_by")
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "form": form,
        "named": named_now,
        "days": DAYS,
        "officers": officers_of(team.locality),
        "anybody": form.fields["person"].queryset.exists(),  # type: ignore[attr-defined] # a choice of people
    }
    return render(request, "accounts/stand_in.html", context, status=422 if form.is_bound else 200)
