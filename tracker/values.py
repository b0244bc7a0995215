"""A value of a field: as people type it, as a record keeps it, as a cell shows it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from tracker.choices import Colour, Stage
from tracker.fields import Field, Kind
from tracker.models import WORDS, Difficulty, Need, TrackerRow, Word
from tracker.workbook.dates import DateUnreadable, month_named, read_date, show
from tracker.workbook.words import clean, match_option

TICKED = "yes"


@dataclass(frozen=True)
class Cleaned:
    """A value that a field takes: its raw text for the history, and what the record keeps."""

    raw: str
    value: Any


@dataclass
class Lists:
    """The lists of words, each read when first asked for; `kept` are words that the row has already."""

    row: TrackerRow | None = None

    @cached_property
    def needs(self) -> list[Need]:
        """What is needed: the words on offer, and the row's own."""
        return self._with_own(Need.objects.choosable(), self.row.needed if self.row else None)

    @cached_property
    def difficulties(self) -> list[Difficulty]:
        """Difficulties: the words on offer, and the row's own."""
        return self._with_own(Difficulty.objects.choosable(), self.row.difficulty if self.row else None)

    def of_row(self, row: TrackerRow | None) -> "Lists":
        """The same lists with the row's own words; what is read already is not read again."""
        own = Lists(row)
        own.needs = self._with_own(self.needs, row.needed if row else None)
        own.difficulties = self._with_own(self.difficulties, row.difficulty if row else None)
        return own

    def of(self, field: Field) -> list[tuple[str, str]]:
        """The options of a list field as (value, label), without the blank."""
        if field.kind == Kind.STAGE:
            return list(Stage.choices)
        if field.kind == Kind.COLOUR:
            return [choice for choice in Colour.choices if choice[0]]
        if field.kind == Kind.CHOICE:
            return [(option, option) for option in field.options]
        return [(str(word.pk), word.label) for word in self.words(field)]

    def words(self, field: Field) -> Sequence[Word]:
        """The words of a field whose values are words."""
        return self.needs if field.kind == Kind.NEED else self.difficulties

    @staticmethod
    def _with_own(words: Iterable[Any], own: Any) -> list[Any]:
        listed = list(words)
        return listed if own is None or own in listed else [*listed, own]


def read_value(field: Field, typed: str, *, lists: Lists, today: date, base: date | None) -> Cleaned:
    """The clean value of what was typed or chosen; ValidationError with a sentence that says what to do.

    Lists take the option's value or its label, in any letter case and spacing; a text that is no option
    is refused with the nearest one named. `base` is the date in the cell, from which `+7` counts.
    """
    text = clean(typed)
    if field.is_list:
        return _read_choice(field, text, lists)
    if field.kind == Kind.DATE:
        return _read_date(text, today=today, base=base)
    if field.kind == Kind.MONTH:
        return _read_month(text, today=today)
    if field.kind == Kind.TICK:
        return _read_tick(text)
    return _read_text(field, text)


def _read_text(field: Field, text: str) -> Cleaned:
    if field.kind == Kind.LINE:
        text = re.sub(r"\s*\n\s*", " ", text)
    if field.key == "pin":
        text = re.sub(r"\s", "", text)
    if len(text) > field.limit:
        raise ValidationError(
            f"{field.label} takes {field.limit} characters; this has {len(text)}. Shorten it."
        )
    return Cleaned(text, text)


def _read_choice(field: Field, text: str, lists: Lists) -> Cleaned:
    if not text:
        return Cleaned("", None if field.kind in (Kind.NEED, Kind.DIFFICULTY) else "")
    options = lists.of(field)
    by_label = {label: value for value, label in options}
    label = match_option(text, by_label)
    value = by_label[label] if label else text
    if value not in dict(options):
        raise ValidationError(not_listed(field, text, list(by_label)))
    if field.kind in (Kind.NEED, Kind.DIFFICULTY):
        word = next(word for word in lists.words(field) if str(word.pk) == value)
        return Cleaned(value, word)
    return Cleaned(value, value)


def nearest_option(text: str, labels: Sequence[str]) -> str:
    """The option that somebody may have meant; an empty text where none is near."""
    near = get_close_matches(text.casefold(), [label.casefold() for label in labels], n=1, cutoff=0.5)
    return next((label for label in labels if near and label.casefold() == near[0]), "")


def not_listed(field: Field, text: str, labels: Sequence[str]) -> str:
    """Says that a text is no option of a list, and which one may have been meant."""
    nearest = nearest_option(text, labels)
    meant = f" Did you mean “{nearest}”?" if nearest else ""
    return f"“{text}” is not in the list of {field.label}.{meant} Choose from the list."


def _read_date(text: str, *, today: date, base: date | None) -> Cleaned:
    if not text:
        return Cleaned("", None)
    try:
        day = read_date(text, today=today, base=base)
    except DateUnreadable as unreadable:
        raise ValidationError(str(unreadable)) from None
    return Cleaned(day.isoformat(), day)


def _read_month(text: str, *, today: date) -> Cleaned:
    """`12/26`, `12/2026`, `2026-12`, `Dec`, `December 2026`: the first day of the month."""
    if not text:
        return Cleaned("", None)
    found = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
    year, month = (int(found[1]), int(found[2])) if found else _named_month(text, today)
    if not (1 <= month <= 12 and 2000 <= year <= 2099):
        raise ValidationError(f"“{text}” is not a month. Write it like 12/26 or Dec 2026.")
    first = date(year, month, 1)
    return Cleaned(first.isoformat(), first)


def _named_month(text: str, today: date) -> tuple[int, int]:
    """Year and month; (0, 0) where the text is neither."""
    found = re.fullmatch(r"([A-Za-z]{3,9}|\d{1,2})(?:[ /.-]+(\d{2}|\d{4}))?", text)
    if not found or (found[1].isdigit() and not found[2]):
        return 0, 0
    month = int(found[1]) if found[1].isdigit() else month_named(found[1].lower())
    if not found[2]:
        return today.year + (1 if month < today.month else 0), month
    return int(found[2]) + (2000 if len(found[2]) == 2 else 0), month


def _read_tick(text: str) -> Cleaned:
    ticked = text.casefold() in {"yes", "y", "x", "1", "true", "on", "✓", "✔"}
    if text and not ticked and text.casefold() not in {"no", "n", "0", "false", "off"}:
        raise ValidationError("This is a tick: yes or blank.")
    return Cleaned(TICKED if ticked else "", TICKED if ticked else "")


def shown_as(field: Field, new: Cleaned) -> str:
    """A value that is not on a row yet, as its cell will show it."""
    return new.value.label if isinstance(new.value, Word) else in_words(field, new.raw)


def shown(field: Field, row: TrackerRow) -> str:
    """The field's value as people read and type it: a label, dd/mm/yy, the text itself."""
    raw = row.raw(field.key)
    return str(getattr(row, field.key)) if raw and field.key in WORDS else in_words(field, raw)


def in_words(field: Field, raw: str) -> str:
    """A raw value as `shown` says it; not the number of a word, which stands in a list of them."""
    if not raw:
        return ""
    if field.kind == Kind.STAGE:
        return Stage(raw).label
    if field.kind == Kind.COLOUR:
        return Colour(raw).label
    if field.kind == Kind.DATE:
        return show(date.fromisoformat(raw))
    if field.kind == Kind.MONTH:
        return date.fromisoformat(raw).strftime("%b %Y")
    return raw
