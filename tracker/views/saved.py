"""The page of a person's own saved views of a tracker, and opening one."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import team_view
from accounts.models import Team
from accounts.permissions import rights
from icm.http import AuthenticatedRequest, a_line
from tracker.changes.refusals import Invalid
from tracker.changes.saved import delete_view, open_first, rename_view, save_view, share_view
from tracker.fields import columns_with
from tracker.forms.layout import ViewForm
from tracker.grid import columns_of
from tracker.models import SavedView, TrackerRow
from tracker.views.look import filter_of


@team_view("view_tracker")
@require_http_methods(["GET", "POST"])
def views(request: AuthenticatedRequest, team: Team) -> HttpResponse:
    """The person's own views; a posted `filter` of the tracker fills the form, whose own post saves it."""
    saves = request.method == "POST" and "filter" not in request.POST
    form = ViewForm(request.POST if saves else None, initial={"query": request.POST.get("filter", "")})
    if saves and form.is_valid() and _is_a_filter(form, team):
        told = form.cleaned_data
        try:
            save_view(team=team, name=told["name"], query=told["query"], by=request.user)
        except Invalid as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(request, f"“{told['name']}” is saved. Only you see it.")
            return redirect("views", team_id=team.pk)
    context = {
        "team": team,
        "rights": rights(request.user, team),
        "form": form,
        "saved": SavedView.objects.filter(person=request.user, team=team),
    }
    return render(request, "tracker/views.html", context, status=422 if saves else 200)


def _is_a_filter(form: ViewForm, team: Team) -> bool:
    rows = TrackerRow.objects.open().filter(team=team)
    typed = QueryDict(form.cleaned_data["query"])
    choices = filter_of(rows, columns_with(columns_of(team)), QueryDict(), typed)
    if not choices.is_valid():
        form.add_error(None, "This is no filter of the tracker. Filter it, then save the view from there.")
    return choices.is_valid()


@team_view("view_tracker")
@require_http_methods(["GET", "POST"])
def view(request: AuthenticatedRequest, team: Team, view_id: int) -> HttpResponse:
    """Opens an own or shared view on the tracker; a post renames, shares or deletes an own one."""
    mine = Q(person=request.user)
    seen = mine | Q(shared=True) if request.method == "GET" else mine
    found = SavedView.objects.filter(seen, team=team, pk=view_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _act(request, found)
    return redirect(f"{reverse('tracker', args=[team.pk])}?view={found.pk}")


def _act(request: AuthenticatedRequest, found: SavedView) -> HttpResponse:
    name = a_line(request.POST.get("name", ""), 60)
    act = request.POST.get("act", "")
    if act in ("share", "keep"):
        share_view(view=found, shared=act == "share", by=request.user)
    elif act in ("first", "not-first"):
        open_first(view=found, first=act == "first", by=request.user)
    elif act == "delete":
        delete_view(view=found, by=request.user)
        messages.success(request, f"“{found}” is deleted.")
    elif name:
        try:
            rename_view(view=found, name=name, by=request.user)
        except Invalid as refused:
            messages.error(request, refused.message)
    return redirect("views", team_id=found.team_id)
