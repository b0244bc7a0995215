"""The pages on which performance officers keep the Toolkit: all ideas, and one with its history."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import council_view
from icm.http import AuthenticatedRequest, whole_number
from toolkit.changes.ideas import add_idea, bring_back, change_idea, move_idea, put_back, retire_idea
from toolkit.forms import IdeaForm
from toolkit.models import Idea, Tie
from toolkit.shelves import Shelf, names, shelves
from tracker.changes.refusals import Invalid


@council_view("manage_toolkit")
@require_safe
def toolkit_editing(request: AuthenticatedRequest) -> HttpResponse:
    """Every idea where it stands, with its order; the retired ones below."""
    called = names()
    context = {
        "groups": shelves(list(Idea.objects.shown())),
        "retired": [(idea, called[idea.tie.code]) for idea in Idea.objects.filter(retired=True)],
        # A button that moved an idea has the focus again, so that it can be pressed once more.
        "pressed": {"idea": whole_number(request.GET.get("idea")), "way": request.GET.get("way")},
    }
    return render(request, "toolkit/editing/all.html", context)


@council_view("manage_toolkit")
@require_http_methods(["GET", "POST"])
def new_idea(request: AuthenticatedRequest) -> HttpResponse:
    """Adds an idea, under `?tied=` unless another place is chosen; or shows how it will stand."""
    if request.method == "GET":
        form = IdeaForm(initial={"tied": request.GET.get("tied", "")})
        return render(request, "toolkit/editing/new.html", {"form": form})
    form = IdeaForm(request.POST)
    if form.is_valid() and request.POST.get("act") != "preview":
        try:
            idea = add_idea(text=form.cleaned_data["text"], tie=form.tie, by=request.user)
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, f"The idea stands under “{names()[idea.tie.code]}” now.")
            return redirect(_place(idea))
    shelf = _as_it_will_stand(form) if form.is_valid() else None
    context = {"form": form, "shelf": shelf}
    return render(request, "toolkit/editing/new.html", context, status=200 if shelf else 422)


@council_view("manage_toolkit")
@require_http_methods(["GET", "POST"])
def idea(request: AuthenticatedRequest, idea_id: int) -> HttpResponse:
    """One idea: change, preview, order, retire, put back; a post does what its button says."""
    found = get_object_or_404(Idea, pk=idea_id)
    if request.method == "GET":
        return _page(request, found, IdeaForm.of(found))
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _page(request, found, IdeaForm.of(found), refused="Choose what is to be done with this idea.")
    return act(request, found)


def _changed(request: AuthenticatedRequest, idea: Idea) -> HttpResponse:
    form = IdeaForm(request.POST, idea=idea)
    if form.is_valid():
        told = form.cleaned_data
        try:
            changed = change_idea(
                idea=idea, text=told["text"], tie=form.tie, base=told["base"] or 0, by=request.user
            )
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
            # Whoever saves again has read what the other one wrote.
            newest = idea.newest
            form.data = request.POST.dict() | {"base": newest.pk if newest else 0}
        else:
            messages.success(request, "Saved. Trackers and meetings show it from now on.")
            return redirect(_place(changed))
    return _page(request, idea, form)


def _previewed(request: AuthenticatedRequest, idea: Idea) -> HttpResponse:
    form = IdeaForm(request.POST, idea=idea)
    return _page(request, idea, form, shelf=_as_it_will_stand(form, idea) if form.is_valid() else None)


def _retired(request: AuthenticatedRequest, idea: Idea) -> HttpResponse:
    retire_idea(idea=idea, by=request.user)
    messages.success(request, "The idea is retired: nobody is shown it. It can be brought back from the end.")
    return redirect(_place(idea))


def _back(request: AuthenticatedRequest, idea: Idea) -> HttpResponse:
    bring_back(idea=idea, by=request.user)
    messages.success(request, "The idea is shown again.")
    return redirect(_place(idea))


def _put_back(request: AuthenticatedRequest, idea: Idea) -> HttpResponse:
    version = get_object_or_404(idea.versions, pk=whole_number(request.POST.get("version")))
    try:
        put_back(version=version, by=request.user)
    except Invalid as refused:
        return _page(request, idea, IdeaForm.of(idea), refused=refused.message)
    messages.success(request, "The older text stands again.")
    return redirect("idea", idea_id=idea.pk)


def _moved(request: AuthenticatedRequest, idea: Idea) -> HttpResponse:
    way = request.POST["act"]
    move_idea(idea=idea, down=way == "down", by=request.user)
    return redirect(f"{reverse('toolkit_editing')}?idea={idea.pk}&way={way}")


ACTS: dict[str, Callable[[AuthenticatedRequest, Idea], HttpResponse]] = {
    "save": _changed,
    "preview": _previewed,
    "retire": _retired,
    "back": _back,
    "put-back": _put_back,
    "up": _moved,
    "down": _moved,
}


def _place(idea: Idea) -> str:
    return f"{reverse('toolkit_editing')}#{'retired' if idea.retired else f'idea-{idea.pk}'}"


def _as_it_will_stand(form: IdeaForm, idea: Idea | None = None) -> Shelf:
    """The place with the idea in it as people will read it, written nowhere."""
    tie: Tie = form.tie
    there = list(Idea.objects.shown().tied_to(tie))
    draft = Idea(text=form.cleaned_data["text"], **tie.fields)
    ideas = [draft if one == idea else one for one in there]
    if draft not in ideas:
        ideas.append(draft)
    return Shelf(tie, names()[tie.code], ideas)


def _page(
    request: AuthenticatedRequest,
    idea: Idea,
    form: IdeaForm,
    *,
    refused: str = "",
    shelf: Shelf | None = None,
) -> HttpResponse:
    called = names()
    context: dict[str, Any] = {
        "idea": idea,
        "place": called[idea.tie.code],
        "form": form,
        "shelf": shelf,
        "refused": refused,
        "versions": [(one, called[one.tied_to]) for one in idea.versions.all()],
    }
    wrong = refused or (form.is_bound and form.errors)
    return render(request, "toolkit/editing/idea.html", context, status=422 if wrong else 200)
