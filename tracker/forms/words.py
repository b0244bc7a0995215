"""What officers fill in to keep the lists of words. Whether a list takes a word is known to the changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.forms.offered import offer
from tracker.changes.words import LABEL_MOST
from tracker.models import Word

FITS = 35


class WordForm(forms.Form):
    """A word and its hint; `was` is the label that the form was drawn with."""

    label = forms.CharField(label="Word", max_length=LABEL_MOST, help_text=f"{FITS} characters fit a column.")
    # As wide as the page and as high as the hint: in one line its end was out of sight.
    hint = forms.CharField(
        required=False,
        max_length=200,
        help_text="When to choose it.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    was = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_hint(self) -> str:
        """One line, as the menus of the tracker show it."""
        return " ".join(self.cleaned_data["hint"].split())

    @classmethod
    def of(cls, word: Word) -> "WordForm":
        """Filled with the word as it stands."""
        return cls(initial={"label": word.label, "hint": word.hint, "was": word.label}, prefix="word")


class AcceptForm(forms.Form):
    """The label under which a word from a workbook joins the list."""

    label = forms.CharField(label="Accept as", max_length=LABEL_MOST)


class MergeForm(forms.Form):
    """The word of the list that another one becomes part of."""

    into = forms.TypedChoiceField(
        label="Merge into", error_messages={"required": "Choose the word to merge it into."}
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, words: Sequence[Word], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.words = {str(word.pk): word for word in words}
        choices = [(pk, word.label) for pk, word in self.words.items()]
        offer(self, "into", [("", "Choose a word"), *choices])

    @property
    def chosen(self) -> Word:
        """The chosen word."""
        return self.words[self.cleaned_data["into"]]
