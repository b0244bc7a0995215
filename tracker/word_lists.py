"""The lists of words as their page shows them: what waits for review, what is offered, what is retired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from tracker.choices import RowState
from tracker.models import WORDS, TrackerRow, Word
from tracker.values import nearest_option

TITLES = {
    "needed": "What is needed to progress",
    "difficulty": "Difficulties which may need escalation?",
    "outcome": "Outcomes",
}


@dataclass(frozen=True)
class Kept:
    """A word of a list, and how many rows have it. `nearest` is the offered word that it may mean."""

    word: Word
    open: int
    closed: int
    teams: Sequence[tuple[str, int]] = ()
    nearest: Word | None = None

    @property
    def fixed(self) -> bool:
        """Whether the program itself uses it."""
        return bool(getattr(self.word, "code", ""))


@dataclass(frozen=True)
class WordList:
    """One list. A word is in one of the three; `to_review` are those that only imports brought in."""

    key: str
    to_review: Sequence[Kept]
    offered: Sequence[Kept]
    retired: Sequence[Kept]

    @property
    def title(self) -> str:
        """How people call the list."""
        return TITLES[self.key]

    @property
    def choices(self) -> list[Word]:
        """The words on offer."""
        return [kept.word for kept in self.offered]


def word_lists() -> list[WordList]:
    """The three lists; their statements do not grow with words, rows or teams."""
    return [word_list(key) for key in TITLES]


def word_list(key: str) -> WordList:
    """One of the lists."""
    words = list(WORDS[key].objects.select_related("merged_into"))
    open_rows, closed_rows = _rows_by_word(key, RowState.OPEN), _rows_by_word(key, RowState.CLOSED)
    new = [word for word in words if not word.reviewed and not word.retired]
    teams = _teams(key, new)

    def counts(word: Word) -> tuple[int, int]:
        return open_rows.get(word.pk, 0), closed_rows.get(word.pk, 0)

    labels = {word.label: word for word in words if word.offered}
    return WordList(
        key,
        to_review=[
            Kept(
                word,
                *counts(word),
                teams.get(word.pk, ()),
                labels.get(nearest_option(word.label, list(labels))),
            )
            for word in new
        ],
        offered=[Kept(word, *counts(word)) for word in words if word.offered],
        retired=[Kept(word, *counts(word)) for word in words if word.retired],
    )


def _rows_by_word(key: str, state: RowState) -> dict[int, int]:
    """How many rows in this state have each word, by its number."""
    rows = TrackerRow.objects.filter(state=state).exclude(**{key: None}).order_by()
    return dict(rows.values_list(key).annotate(number=Count("pk")))


def _teams(key: str, words: Sequence[Word]) -> Mapping[int, Sequence[tuple[str, int]]]:
    """For each of the words the teams whose rows have it, open ones and closed ones, and how many."""
    if not words:
        return {}
    rows = TrackerRow.objects.filter(**{f"{key}__in": words}).exclude(state=RowState.REMOVED)
    found: dict[int, list[tuple[str, int]]] = {}
    for word_id, team, number in (
        rows.order_by("team__name").values_list(key, "team__name").annotate(number=Count("pk"))
    ):
        found.setdefault(word_id, []).append((team, number))
    return found
