"""From what a workbook says to what the tracker takes: words to listed words, texts to lines, colours.

Each value that is not taken as it stands is told through `note`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from tracker.changes.columns import field_headed
from tracker.choices import Colour, Stage
from tracker.fields import FIELDS, Field, Kind
from tracker.importing.plan import WORD_FIELDS, Given, NewWord
from tracker.models import Word
from tracker.values import Lists, in_words, read_value
from tracker.workbook.colours import nearest
from tracker.workbook.dates import show
from tracker.workbook.reading import Level, Value
from tracker.workbook.words import clean, match_option

# Tells something about a cell: its row, its field's key or column's heading, the sentence, its code.
Note = Callable[[int, str, str, str, Level], None]

STAGES = {stage.label: stage for stage in Stage}
HEADING_MOST = 60
# The code of a message about a cell whose value is not taken.
UNREAD = "unread"


@dataclass
class WordList:
    """One list of words, all of them, and the new ones of this file."""

    words: Sequence[Word]
    found: dict[str, Word | NewWord] = field(default_factory=dict)

    def resolve(self, text: str) -> Word | NewWord:
        """The listed word that the text is, retired and unreviewed ones too, or a new one.

        A word that was merged is the one that it is part of now.
        Of two spellings of a new word that differ in letter case or spaces the first stands for both.
        """
        if text not in self.found:
            by_label: dict[str, Word | NewWord] = {word.label: word for word in self.words}
            by_label |= {word.label: word for word in self.found.values()}
            label = match_option(text, by_label)
            found = by_label[label] if label else NewWord(text)
            merged = isinstance(found, Word) and found.merged_into
            self.found[text] = merged or found
        return self.found[text]


class Values:
    """Takes the values of one file. `columns` are the fields of the team's own columns by heading."""

    def __init__(self, columns: Mapping[str, Field], note: Note, today: date) -> None:
        self.columns, self.note, self.today = columns, note, today
        self.lists = {
            key: WordList(list(model.objects.select_related("merged_into")))
            for key, model in WORD_FIELDS.items()
        }

    def take(self, row: int, key: str, value: Value) -> Given:
        """One of the guide's ten fields. A PIN loses its spaces, a line its line breaks, as in a cell."""
        if isinstance(value, date):
            return Given(show(value), value)
        if value is None:
            return Given("", None if FIELDS[key].kind in (Kind.DATE, Kind.NEED, Kind.DIFFICULTY) else "")
        if key == "stage":
            return Given(value, STAGES[value])
        text = self._in_one_line(row, key, value) if FIELDS[key].kind != Kind.TEXT else value
        if key in WORD_FIELDS:
            return self._word(row, key, text)
        return Given(text, text)

    def _word(self, row: int, key: str, text: str) -> Given:
        word = self.lists[key].resolve(text)
        if word.label != text:
            self.note(row, key, f"says “{text}”: read as “{word.label}”", "word_normalised", "info")
        return Given(word.label, word)

    def take_extra(self, row: int, heading: str, text: str | None) -> Given:
        """A cell of a column of the team. One that holds dates, choices or ticks takes only these."""
        column = self.columns.get(heading)
        text = self._in_one_line(row, heading, text) if text else ""
        if column is None or not text:
            return Given(text, text)
        try:
            new = read_value(column, text, lists=Lists(), today=self.today, base=None)
        except ValidationError as refused:
            told = f"says “{text}” and is read as blank: {refused.messages[0].rstrip('.')}"
            self.note(row, heading, told, UNREAD, "warning")
            return Given("", "")
        return Given(in_words(column, new.raw), new.raw)

    @staticmethod
    def take_colour(colour: str | None) -> Given:
        """A row's colour, as the nearest of the palette."""
        if colour is None:
            return Given("", "")
        name = Colour(nearest(colour))
        return Given(name.label, name.value)

    def _in_one_line(self, row: int, key: str, text: str) -> str:
        line = re.sub(r"\s", "", text) if key == "pin" else re.sub(r"\s*\n\s*", " ", text)
        if line != text:
            what = "spaces are" if key == "pin" else "line breaks are"
            self.note(row, key, f"says “{text}”: read as “{line}”, its {what} not kept", "one_line", "info")
        return line


def own_heading(heading: str) -> str:
    """The heading under which a tracker keeps a column of the file: never one of its own, or too long."""
    heading = re.sub(r"\s+", " ", clean(heading))
    if field_headed(heading):
        heading = f"Team’s own {heading}"
    return heading[:HEADING_MOST].strip()
