"""The lists of words, kept by performance officers: add, change, order, retire, accept, merge (ADR 0018)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts import audit
from accounts.models import AuditEvent, Team, User
from accounts.permissions import require_global
from tracker.changes.act import acting
from tracker.changes.refusals import Invalid
from tracker.choices import RowState
from tracker.models import MERGE, SPLIT, WORDS, Change, Need, Outcome, TrackerRow, Word
from tracker.workbook.words import clean, match_option

STEP = 10
LABEL_MOST = Need._meta.get_field("label").max_length or 0


def add_word(*, key: str, label: str, hint: str, by: User) -> Word:
    """A new word at the end of the list `key`. Raises `Invalid` where the list has it already."""
    require_global(by, "manage_words")
    label = checked_label(key, label)
    last = WORDS[key].objects.aggregate(last=Max("order"))["last"] or 0
    with _one_of_a_label(label):
        word: Word = WORDS[key].objects.create(label=label, hint=clean(hint), order=last + STEP)
    _record("add word", word, by, label=label)
    return word


@transaction.atomic
def change_word(*, word: Word, label: str, hint: str, was: str, by: User) -> Word:
    """Another label or hint; rows that have the word show the new label.

    `was` is the label that the person saw: raises `Invalid` where it is another one by now, or where the
    list has the new one already.
    """
    require_global(by, "manage_words")
    current = _locked(word)
    if current.label != was:
        raise Invalid(f"Somebody has just renamed this word to “{current}”. Look at it again.", "label")
    label = checked_label(key_of(word), label, but=current)
    current.label, current.hint = label, clean(hint)
    with _one_of_a_label(label):
        current.save(update_fields=["label", "hint"])
    _record("change word", current, by, **({"was": was, "label": label} if current.reviewed else {}))
    return current


@transaction.atomic
def accept_word(*, word: Word, label: str, by: User) -> Word:
    """Takes a word that an import brought into its list, as it stands or renamed."""
    require_global(by, "manage_words")
    current = _locked(word)
    current.label = checked_label(key_of(word), label, but=current)
    current.reviewed = True
    with _one_of_a_label(current.label):
        current.save(update_fields=["label", "reviewed"])
    _record("accept word", current, by, label=current.label)
    return current


@transaction.atomic
def move_word(*, word: Word, down: bool, by: User) -> None:
    """One place up or down among the words on offer; at the end of the list nothing happens."""
    require_global(by, "manage_words")
    # All of them are locked, in one order: two officers who move at once take turns.
    words = list(WORDS[key_of(word)].objects.choosable().order_by("pk").select_for_update())
    words.sort(key=lambda one: (one.order, one.label))
    place = words.index(word) if word in words else -1
    other = place + (1 if down else -1)
    if place < 0 or not 0 <= other < len(words):
        return
    words[place], words[other] = words[other], words[place]
    for number, one in enumerate(words, start=1):
        if one.order != number * STEP:
            one.order = number * STEP
            one.save(update_fields=["order"])
    _record("move word", word, by, place=other + 1)


@transaction.atomic
def retire_word(*, word: Word, by: User) -> None:
    """Takes the word off the list; rows that have it keep it, and it is counted."""
    require_global(by, "manage_words")
    current = _locked(word)
    _check_may_go(current)
    current.retired = True
    current.save(update_fields=["retired"])
    _record("retire word", current, by)


def bring_back(*, word: Word, by: User) -> int:
    """Puts a retired word back on its list; answers how many rows have it again.

    Where it was merged, the rows on which nobody has changed the value since get it back.
    """
    require_global(by, "manage_words")
    key = key_of(word)
    teams = list(Team.objects.all()) if word.merged_into else []
    with acting(SPLIT, teams=teams, by=by, reason="Words parted again") as act:
        current = _locked(word)
        if current.merged_into != word.merged_into:
            raise Invalid(f"“{word}” was changed a moment ago. Look at the list again.")
        rows = act.rows(_given_by_merging(key, current), state=None) if current.merged_into else []
        for row in rows:
            act.set(row, key, str(current.pk), current)
        current.retired, current.merged_into = False, None
        current.save(update_fields=["retired", "merged_into"])
        _record("bring back word", current, by, rows=len(rows))
    return len(rows)


def merge_words(*, word: Word, into: Word, by: User) -> int:
    """Makes the word part of another; answers how many rows have the other now.

    Open rows get it, each with an entry in its history; of outcomes it is the closed rows, which alone
    have one. The word is retired, and whoever brings it in again means the other. Raises `Invalid`
    where the two cannot be merged.
    """
    require_global(by, "manage_words")
    key = key_of(word)
    state = RowState.CLOSED if key == "outcome" else RowState.OPEN
    # Every log is locked, in the order of the teams, not only those whose rows have the word: who writes it
    # a moment later asks under such a lock whether it is still on offer, and is refused in words.
    with acting(MERGE, teams=list(Team.objects.all()), by=by, reason="Words merged") as act:
        words = {one.pk: one for one in _lock(word, into)}
        current, other = words[word.pk], words[into.pk]
        _check_can_merge(current, other)
        ids = TrackerRow.objects.filter(**{key: current}, state=state).order_by("team", "pk")
        rows = act.rows(list(ids.values_list("pk", flat=True)), state=None)
        for row in rows:
            act.set(row, key, str(other.pk), other)
        current.retired, current.reviewed, current.merged_into = True, True, other
        current.save(update_fields=["retired", "reviewed", "merged_into"])
        WORDS[key].objects.filter(merged_into=current).update(merged_into=other)
        _record("merge words", current, by, into=other.pk, rows=len(rows))
    return len(rows)


def key_of(word: Word) -> str:
    """The field whose list the word belongs to."""
    return next(key for key, model in WORDS.items() if isinstance(word, model))


def checked_label(key: str, label: str, *, but: Word | None = None) -> str:
    """The label as it is kept. Raises `Invalid` where it is blank, too long, or the list has it.

    `but` is the word itself. Letter case and spaces make no other word.
    """
    label = " ".join(clean(label).split())
    if not label:
        raise Invalid("Write the word.", "label")
    if len(label) > LABEL_MOST:
        raise Invalid(f"A word takes {LABEL_MOST} characters; this has {len(label)}. Shorten it.", "label")
    others = WORDS[key].objects.exclude(pk=but.pk if but else None)
    there = {one.label: one for one in others.select_related("merged_into")}
    found = match_option(label, there)
    if found:
        raise Invalid(_taken(there[found]), "label")
    return label


def _taken(word: Word) -> str:
    if word.merged_into:
        return f"“{word}” was merged into “{word.merged_into}”. Bring it back from the retired words instead."
    if word.retired:
        return f"“{word}” is among the retired words. Bring it back instead."
    if not word.reviewed:
        return f"“{word}” came in with a workbook and waits for review. Accept it there."
    return f"“{word}” is in this list already. Merge the two, or write another word."


@contextmanager
def _one_of_a_label(label: str) -> Iterator[None]:
    """Turns the database's refusal of a second word of one label into the sentence for the person."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Invalid(f"Somebody has just added “{label}”.", "label") from None


def _locked(word: Word) -> Word:
    return _lock(word)[0]


def _lock(*words: Word) -> list[Word]:
    """These words of one list as they stand, locked in one order until the transaction ends."""
    ids = [word.pk for word in words]
    return list(WORDS[key_of(words[0])].objects.filter(pk__in=ids).order_by("pk").select_for_update())


def _check_may_go(word: Word) -> None:
    if isinstance(word, Outcome) and word.code:
        raise Invalid(f"The program itself uses “{word}”: it can be renamed, not taken off the list.")
    if not WORDS[key_of(word)].objects.choosable().exclude(pk=word.pk).exists():
        raise Invalid("A list needs at least one word.")


def _check_can_merge(word: Word, into: Word) -> None:
    if word == into:
        raise Invalid("Choose another word to merge it into.", "into")
    if word.merged_into:
        raise Invalid(f"“{word}” was merged a moment ago. Look at the list again.", "into")
    if not into.offered:
        raise Invalid(f"“{into}” is not on the list any more. Choose another.", "into")
    if word.offered:
        _check_may_go(word)


def _given_by_merging(key: str, word: Word) -> list[int]:
    """The rows that were given another word when this one was merged, and still stand so."""
    given = Change.objects.filter(field=key, old=str(word.pk), operation__kind=MERGE)
    rows = given.exclude(row__state=RowState.REMOVED).select_related("row").order_by("row")
    return [one.row.pk for one in rows if one.row and one.row.rev(key) == one.rev]


def _record(purpose: str, word: Word, by: User, **detail: Any) -> None:
    """An entry has the label of a word only once an officer has seen it: anybody may have typed it."""
    audit.record(AuditEvent.Kind.WORDS, by=by, purpose=purpose, list=key_of(word), word=word.pk, **detail)
