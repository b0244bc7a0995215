"""Where a child may be named although nobody meant to: texts about no single case, and how to find them.

An erasure hides such mentions, and a subject-access bundle lists them. What is written in another child's
row is that child's record and is left alone.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_plus

from django.db.models import Model, Q

from accounts.models import AccessRequest, Membership, Notice
from tracker.models import Case, ColourMeaning, DeliveredFile, Meeting, RowQuerySet, TeamColumn

HIDDEN = "[erased]"
# A shorter number, like 17, would be found wherever something is counted.
SHORTEST_PIN = 5
SHORTEST_PART = 3
# Of a text with more characters, a bundle shows so many round each mention.
LONG, ROUND = 2000, 200

TextPlace = tuple[type[Model], str]
# The fields; the summary stands above the tracker and puts its own in when it starts.
TEXTS: list[TextPlace] = [
    (AccessRequest, "why"),
    (AccessRequest, "answer"),
    (Membership, "reason"),
    (Notice, "text"),
    (Meeting, "leader"),
    (Meeting, "present"),
    (TeamColumn, "heading"),
    (ColourMeaning, "meaning"),
    (DeliveredFile, "name"),
    (DeliveredFile, "refusal"),
    (DeliveredFile, "told"),
]


@dataclass(frozen=True)
class Names:
    """What one child is called in a text: the PIN, and the full name where nobody else has it."""

    pin: str
    person: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, case: Case) -> "Names":
        """A name that another kept case has too may be the other child's: then only the PIN counts."""
        names = cls.at_most(case)
        if Case.objects.filter(person__iexact=case.person).exclude(pk=case.pk).exists():
            return replace(names, words=tuple(word for word in names.words if word == names.pin))
        return names

    @classmethod
    def at_most(cls, case: Case) -> "Names":
        """All that the child may be called, not asking whether somebody else is called so too."""
        person = " ".join(case.person.split())
        words = [case.pin] if len(case.pin) >= SHORTEST_PIN else []
        # One word alone ("Baby") is no name that could be told from a word.
        words += [person] if " " in person else []
        return cls(case.pin, person, tuple(words))

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds them as whole words, in any letter case and spacing; also as JSON writes them."""
        spelt = {word for name in self.words for word in (name, _in_json(name))}
        told = (r"\s+".join(re.escape(part) for part in word.split(" ")) for word in sorted(spelt))
        return re.compile(rf"(?<!\w)(?:{'|'.join(told)})(?!\w)", re.IGNORECASE)

    def in_field(self, field: str) -> Q:
        """Rows of a table whose field may mention the child."""
        found = Q()
        for word in self.words:
            for spelt in {word, _in_json(word), quote_plus(word)}:
                found |= Q(**{f"{field}__icontains": spelt})
        return found

    @property
    def parts(self) -> re.Pattern[str]:
        """Finds the PIN, or any part of the name that is longer than an initial."""
        parts = [self.pin, *(part for part in re.split(r"[\s-]+", self.person) if len(part) >= SHORTEST_PART)]
        told = "|".join(re.escape(part) for part in parts if part) or r"(?!)"
        return re.compile(rf"(?<!\w)(?:{told})(?!\w)", re.IGNORECASE)

    def said_in(self, text: str) -> bool:
        """Whether the text names the child."""
        return bool(self.words and self.pattern.search(text))

    def around(self, text: str) -> str:
        """The text; of a long one what stands round the child's name."""
        if len(text) <= LONG:
            return text
        found = (text[max(0, one.start() - ROUND) : one.end() + ROUND] for one in self.pattern.finditer(text))
        return " … ".join(found)[: LONG * 10]

    def hidden_in(self, text: str) -> str:
        """The text without the child's name."""
        return self.pattern.sub(HIDDEN, text) if self.words else text


def fields_naming(cases: Iterable[Case], fields: Iterable[TextPlace]) -> list[TextPlace]:
    """Of these fields those that may name one of the children: a statement a field, however many they are."""
    children = [Names.at_most(case) for case in cases]
    found = []
    for model, field in fields:
        named = Q()
        for names in children:
            named |= names.in_field(field)
        if named and model._default_manager.filter(named).exists():
            found.append((model, field))
    return found


def mentions(
    names: Names, fields: Sequence[TextPlace] | None = None
) -> Iterator[tuple[type[Model], str, Any]]:
    """Each text that names the child: its table, its field, its record. `fields`: in no others."""
    if not names.words:
        return
    for model, field in TEXTS if fields is None else fields:
        for record in model._default_manager.filter(names.in_field(field)).defer(*_heavy(model)):
            if names.said_in(getattr(record, field)):
                yield model, field, record


def _heavy(model: type[Model]) -> tuple[str, ...]:
    return ("data", "reading") if model is DeliveredFile else ()


def _in_json(text: str) -> str:
    """As `json.dumps` writes it inside a string."""
    return json.dumps(text)[1:-1]


def names_one_of(rows: RowQuerySet, text: str) -> bool:
    """Whether the text holds the PIN or the full name of a child on one of these rows."""
    told = " ".join(text.split()).casefold()
    called = rows.order_by().values_list("case__pin", "case__person")
    words = {" ".join(word.split()).casefold() for names in called for word in names if word}
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told) for word in words if word in told)
