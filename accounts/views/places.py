"""The performance officers' pages about localities and teams. What moves rows is a view of the tracker."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import council_view
from accounts.changes.places import (
    add_locality,
    add_team,
    drop_contact_officer,
    name_contact_officer,
    rename_place,
)
from accounts.forms.places import ContactForm, PlaceForm
from accounts.models import Locality, Team, User
from accounts.permissions import who_sees
from icm.http import AuthenticatedRequest, whole_number


@council_view("manage_places")
@require_http_methods(["GET", "POST"])
def places(request: AuthenticatedRequest) -> HttpResponse:
    """All localities with their teams; a post adds a locality."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            locality = add_locality(name=form.cleaned_data["name"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return redirect("locality", locality_id=locality.pk)
    localities = Locality.objects.prefetch_related("teams", "contact_officers")
    context = {"form": form, "localities": localities}
    return render(request, "accounts/places/list.html", context, status=422 if form.is_bound else 200)


@council_view("manage_places")
@require_http_methods(["GET", "POST"])
def locality(request: AuthenticatedRequest, locality_id: int) -> HttpResponse:
    """One locality: its name, its contact officers, its teams."""
    place = get_object_or_404(Locality, pk=locality_id)
    act = request.POST.get("act", "")
    forms: dict[str, Any] = {
        # Both ask for a name: each label is to lead to its own field.
        "rename": PlaceForm(
            request.POST if act == "rename" else None, initial={"name": place.name}, auto_id="rename_%s"
        ),
        "team": PlaceForm(request.POST if act == "team" else None, auto_id="team_%s"),
        "contact": ContactForm(request.POST if act == "contact" else None),
    }
    if request.method == "POST":
        form = forms.get(act)
        try:
            if act == "drop":
                officer = get_object_or_404(
                    User, contact_for=place, pk=whole_number(request.POST.get("officer")) or 0
                )
                drop_contact_officer(locality=place, officer=officer, by=request.user)
                return redirect("locality", locality_id=place.pk)
            if form and form.is_valid():
                _do(act, place, form.cleaned_data, request.user)
                messages.success(request, "Saved.")
                return redirect("locality", locality_id=place.pk)
        except ValidationError as refused:
            if form:
                form.add_error(None, refused)
    context = {"place": place, "forms": forms, "teams": place.teams.all()}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/places/locality.html", context, status=status)


def _do(act: str, place: Locality, told: dict[str, Any], by: User) -> None:
    if act == "rename":
        rename_place(place=place, name=told["name"], by=by)
    elif act == "team":
        add_team(name=told["name"], locality=place, by=by)
    else:
        name_contact_officer(locality=place, officer=told["officer"], by=by)


@council_view("manage_places")
@require_http_methods(["GET", "POST"])
def team(request: AuthenticatedRequest, team_id: int) -> HttpResponse:
    """One team: its name; who may see it, and where it is moved or closed, are pages of their own."""
    place = get_object_or_404(Team.objects.select_related("locality"), pk=team_id)
    form = PlaceForm(request.POST if request.method == "POST" else None, initial={"name": place.name})
    if form.is_valid():
        try:
            rename_place(place=place, name=form.cleaned_data["name"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
            place.refresh_from_db()
        else:
            messages.success(request, "Saved.")
            return redirect("place_team", team_id=place.pk)
    context = {"place": place, "form": form}
    return render(request, "accounts/places/team.html", context, status=422 if form.is_bound else 200)


@council_view("manage_people")
@require_safe
def who_sees_team(request: AuthenticatedRequest, team_id: int) -> HttpResponse:
    """Everybody who can see the team's tracker today, each with why: role, place, who gave it when."""
    place = get_object_or_404(Team.objects.select_related("locality"), pk=team_id)
    reasons = who_sees(place).select_related("person", "locality", "granted_by").prefetch_related("teams")
    return render(request, "accounts/places/who_sees.html", {"place": place, "reasons": reasons})
