"""Seeing the application as another person sees it: read-only, said on every page, logged."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import anyone_signed_in, council_view
from accounts.models import User
from accounts.seeing_as import begin, end
from icm.http import AuthenticatedRequest


@council_view("manage_people")
@require_POST
def view_as(request: AuthenticatedRequest, person_id: int) -> HttpResponse:
    """Begins it."""
    person = get_object_or_404(User, pk=person_id, is_active=True)
    try:
        begin(request, person)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect("person", person_id=person.pk)
    return redirect("home")


@anyone_signed_in("ends what only an officer can begin")
@require_POST
def view_as_end(request: AuthenticatedRequest) -> HttpResponse:
    """Ends it and goes back to the person's page."""
    person_id = end(request)
    return redirect("person", person_id=person_id) if person_id else redirect("home")
