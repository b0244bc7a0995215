"""The page on which performance officers keep the lists of words, and the page of one word."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import council_view
from icm.http import AuthenticatedRequest, whole_number
from tracker.changes.refusals import Invalid
from tracker.changes.words import (
    accept_word,
    add_word,
    bring_back,
    change_word,
    merge_words,
    move_word,
    retire_word,
)
from tracker.forms.words import AcceptForm, MergeForm, WordForm
from tracker.models import WORDS, Word
from tracker.word_lists import TITLES, Kept, WordList, word_list, word_lists

# Forms that were filled in and refused, by their prefix.
Forms = dict[str, forms.Form]


@council_view("manage_words")
@require_safe
def words(request: AuthenticatedRequest) -> HttpResponse:
    """The three lists: what waits for review first."""
    return _lists(request, {})


@council_view("manage_words")
@require_POST
def new_word(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """Adds a word to the list."""
    form = WordForm(request.POST, prefix=f"new-{_checked(key)}")
    if form.is_valid():
        told = form.cleaned_data
        try:
            word = add_word(key=key, label=told["label"], hint=told["hint"], by=request.user)
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, f"“{word}” is in the list. Open trackers offer it after a reload.")
            return redirect(f"{reverse('words')}#{key}")
    return _lists(request, {f"new-{key}": form})


@council_view("manage_words")
@require_http_methods(["GET", "POST"])
def word(request: AuthenticatedRequest, key: str, word_id: int) -> HttpResponse:
    """One word: rename, hint, merge, retire; a post does what its button says."""
    found = WORDS[_checked(key)].objects.select_related("merged_into").filter(pk=word_id).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        return _page(request, key, found, {})
    act = request.POST.get("act", "")
    if act not in ACTS:
        return _page(request, key, found, {}, "Choose what is to be done with this word.")
    return ACTS[act](request, key, found)


def _changed(request: AuthenticatedRequest, key: str, word: Word) -> HttpResponse:
    form = WordForm(request.POST, prefix="word")
    if form.is_valid():
        told = form.cleaned_data
        try:
            changed = change_word(
                word=word, label=told["label"], hint=told["hint"], was=told["was"], by=request.user
            )
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, f"“{changed}” is saved.")
            return redirect(f"{reverse('words')}#{key}-{word.pk}")
    return _page(request, key, word, {"word": form})


def _accepted(request: AuthenticatedRequest, key: str, word: Word) -> HttpResponse:
    form = AcceptForm(request.POST, prefix=f"accept-{key}-{word.pk}")
    if form.is_valid():
        try:
            accepted = accept_word(word=word, label=form.cleaned_data["label"], by=request.user)
        except Invalid as refused:
            form.add_error(refused.field or None, refused.message)
        else:
            messages.success(request, f"“{accepted}” is in the list now.")
            return redirect("words")
    return _lists(request, {f"accept-{key}-{word.pk}": form})


def _merged(request: AuthenticatedRequest, key: str, word: Word) -> HttpResponse:
    prefix = f"merge-{key}-{word.pk}"
    others = [one for one in WORDS[key].objects.choosable() if one.pk != word.pk]
    form = MergeForm(request.POST, words=others, prefix=prefix)
    if form.is_valid():
        try:
            rows = merge_words(word=word, into=form.chosen, by=request.user)
        except Invalid as refused:
            form.add_error("into", refused.message)
        else:
            cases = "1 case has" if rows == 1 else f"{rows} cases have"
            messages.success(request, f"“{word}” is part of “{form.chosen}” now: {cases} it.")
            return redirect("words")
    return (
        _lists(request, {prefix: form})
        if "review" in request.POST
        else _page(request, key, word, {"merge": form})
    )


def _retired(request: AuthenticatedRequest, key: str, word: Word) -> HttpResponse:
    return _done(
        request, key, word, retire_word, f"“{word}” is not offered any more. Cases that have it keep it."
    )


def _back(request: AuthenticatedRequest, key: str, word: Word) -> HttpResponse:
    try:
        rows = bring_back(word=word, by=request.user)
    except Invalid as refused:
        return _page(request, key, word, {}, refused.message)
    again = f" {rows} case{'' if rows == 1 else 's'} got it back." if word.merged_into else ""
    messages.success(request, f"“{word}” is in the list again.{again}")
    return redirect(f"{reverse('words')}#{key}-{word.pk}")


def _moved(request: AuthenticatedRequest, key: str, word: Word) -> HttpResponse:
    way = request.POST["act"]
    move_word(word=word, down=way == "down", by=request.user)
    return redirect(f"{reverse('words')}?list={key}&word={word.pk}&way={way}")


def _done(
    request: AuthenticatedRequest, key: str, word: Word, change: Callable[..., None], told: str
) -> HttpResponse:
    try:
        change(word=word, by=request.user)
    except Invalid as refused:
        return _page(request, key, word, {}, refused.message)
    messages.success(request, told)
    return redirect(f"{reverse('words')}#{key}")


ACTS: dict[str, Callable[[AuthenticatedRequest, str, Word], HttpResponse]] = {
    "save": _changed,
    "accept": _accepted,
    "merge": _merged,
    "retire": _retired,
    "back": _back,
    "up": _moved,
    "down": _moved,
}


def _checked(key: str) -> str:
    if key not in TITLES:
        raise Http404
    return key


def _lists(request: AuthenticatedRequest, bound: Forms) -> HttpResponse:
    """The page of all lists; `bound` are forms that were refused, each by its prefix."""
    lists = word_lists()
    context = {
        "lists": [(one, bound.get(f"new-{one.key}") or WordForm(prefix=f"new-{one.key}")) for one in lists],
        "reviews": [_review(one, kept, bound) for one in lists for kept in one.to_review],
        # A button that moved a word has the focus again, so that it can be pressed once more.
        "pressed": {
            "list": request.GET.get("list"),
            "word": whole_number(request.GET.get("word")),
            "way": request.GET.get("way"),
        },
    }
    return render(request, "tracker/words.html", context, status=422 if bound else 200)


def _review(words: WordList, kept: Kept, bound: Forms) -> dict[str, Any]:
    place = f"{words.key}-{kept.word.pk}"
    accept, merge = f"accept-{place}", f"merge-{place}"
    nearest = {"into": kept.nearest.pk} if kept.nearest else {}
    return {
        "list": words,
        "kept": kept,
        "accept": bound.get(accept) or AcceptForm(initial={"label": kept.word.label}, prefix=accept),
        "merge": bound.get(merge) or MergeForm(words=words.choices, initial=nearest, prefix=merge),
    }


def _page(
    request: AuthenticatedRequest, key: str, word: Word, bound: Forms, refused: str = ""
) -> HttpResponse:
    words = word_list(key)
    kept = next(one for one in [*words.to_review, *words.offered, *words.retired] if one.word == word)
    others = [one for one in words.choices if one != word]
    context = {
        "list": words,
        "kept": kept,
        "refused": refused,
        "form": bound.get("word") or WordForm.of(kept.word),
        "merge": bound.get("merge") or MergeForm(words=others, prefix=f"merge-{key}-{word.pk}"),
    }
    return render(request, "tracker/word.html", context, status=422 if bound or refused else 200)
