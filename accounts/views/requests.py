"""Asking for access, and the officers' list of who asked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import anyone_signed_in, council_view
from accounts.changes.requests import ask_for_access, grant_request, refuse_request
from accounts.forms.requests import AskForm, RefusalForm
from accounts.links import request_of
from accounts.models import AccessRequest
from accounts.permissions import officers_for
from accounts.roles import Role
from icm.http import AuthenticatedRequest

ANSWERED = 50


@anyone_signed_in("whoever has no access asks for it here; the lists name places, no child")
@require_http_methods(["GET", "POST"])
def ask(request: AuthenticatedRequest) -> HttpResponse:
    """Where, in which role and why; the officer is told."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        locality, team = form.where()
        try:
            ask_for_access(
                person=request.user,
                role=Role(form.cleaned_data["role"]),
                locality=locality,
                team=team,
                why=form.cleaned_data["why"],
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Your request is with the performance officer. You will be told.")
            return redirect("ask")
    context = {
        "form": form,
        "mine": AccessRequest.objects.filter(person=request.user).select_related(
            "team", "locality", "answered_by"
        ),
        "officers": officers_for(request.user),
    }
    return render(request, "accounts/requests/ask.html", context, status=422 if form.is_bound else 200)


@council_view("manage_people")
@require_safe
def requests(request: AuthenticatedRequest) -> HttpResponse:
    """Who waits for an answer, the longest first, and the last answers."""
    everything = AccessRequest.objects.select_related("person", "team", "locality", "answered_by")
    context = {
        "open": everything.filter(answered_at=None),
        "answered": everything.exclude(answered_at=None).order_by("-answered_at")[:ANSWERED],
    }
    return render(request, "accounts/requests/list.html", context)


@council_view("manage_people")
@require_safe
def request_by_link(request: AuthenticatedRequest, link: str) -> HttpResponse:
    """The one request that a mail was about; its link is good for a fortnight."""
    found = request_of(link)
    if found is None:
        raise Http404
    return render(request, "accounts/requests/one.html", {"one": found})


@council_view("manage_people")
@require_POST
def answer_request(request: AuthenticatedRequest, request_id: int) -> HttpResponse:
    """Gives what was asked for, or refuses it with the reason."""
    found = get_object_or_404(AccessRequest.objects.select_related("person"), pk=request_id)
    try:
        if "grant" in request.POST:
            grant_request(request=found, by=request.user)
            messages.success(request, f"{found.person.name} has the access.")
        else:
            form = RefusalForm(request.POST)
            answer = form.cleaned_data["answer"] if form.is_valid() else ""
            refuse_request(request=found, answer=answer, by=request.user)
            messages.success(request, f"{found.person.name} is told why not.")
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return render(request, "accounts/requests/one.html", {"one": found}, status=422)
    return redirect("access_requests")
