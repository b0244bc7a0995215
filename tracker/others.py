"""Marks in a text what may be the name of somebody else, for whoever reads a bundle before it goes out.

It marks the names that ICM knows (staff, other children) and words with a capital inside a sentence. It helps
a reader and is no redaction: a name in small letters, or of a relative at a sentence's start, is not seen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Locality, Team, User
from tracker.choices import Stage
from tracker.models import Case, Difficulty, Need, Outcome, TeamColumn

WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
# A word after one of these, or at the start, has its capital from the sentence.
SENTENCE_ENDS = '.!?:;•\n"“(–-'
LONGEST_NAME = 6  # words
SHORTEST_PART = 3
CALENDAR = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december easter christmas"
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `marked` where it may name somebody else."""

    text: str
    marked: bool = False


class Others:
    """Everybody but this child, as far as ICM knows them."""

    def __init__(self, case: Case) -> None:
        staff = User.objects.values_list("name", flat=True)
        children = Case.objects.exclude(pk=case.pk).values_list("person", flat=True)
        near = children.filter(rows__team__in=case.rows.values("team")).distinct()
        self._own = _words(case.person)
        self._names = {tuple(_words(name)) for name in (*staff, *children)} - {(), tuple(self._own)}
        parts = {part for name in (*staff, *near) for part in _words(name) if len(part) >= SHORTEST_PART}
        self._known = _vocabulary() | set(self._own)
        self._parts = parts - self._known

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """The text in stretches, one after the other."""
        found: list[Piece] = []
        at = 0
        for start, end in self._spans(text):
            found += [Piece(text[at:start])] * (start > at) + [Piece(text[start:end], marked=True)]
            at = end
        return (*found, Piece(text[at:])) if at < len(text) else tuple(found)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        words = list(WORD.finditer(text))
        folded = [word[0].casefold() for word in words]
        at = 0
        while at < len(words):
            length = self._name_at(folded, at) or int(self._suspect(text, words[at]))
            if length:
                yield words[at].start(), words[at + length - 1].end()
            at += length or 1

    def _name_at(self, folded: list[str], at: int) -> int:
        """How many words of a known name begin here; the longest counts."""
        for length in range(min(LONGEST_NAME, len(folded) - at), 0, -1):
            if tuple(folded[at : at + length]) in self._names:
                return length
        return 0

    def _suspect(self, text: str, word: re.Match[str]) -> bool:
        said = word[0]
        if not said[0].isupper() or said.casefold() in self._own:
            return False
        if said.casefold() in self._parts:
            return True
        before = text[: word.start()].rstrip(" ")
        inside = bool(before) and before[-1] not in SENTENCE_ENDS
        return inside and not said.isupper() and said.casefold() not in self._known


def _words(name: str) -> list[str]:
    return [word[0].casefold() for word in WORD.finditer(name)]


def _vocabulary() -> set[str]:
    """Words with a capital that name nobody: of the lists, the places, the calendar."""
    texts: list[str] = [CALENDAR, "CIN ICM PIN", *Stage.labels]
    for model in (Need, Difficulty, Outcome):
        texts += model.objects.values_list("label", flat=True)
    texts += TeamColumn.objects.values_list("heading", flat=True)
    for place in (Team, Locality):
        texts += place.objects.values_list("name", flat=True)
    return {word for text in texts for word in _words(text)}
