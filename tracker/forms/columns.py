"""What a team gives its tracker: columns of its own, and what colours mean."""

from typing import Any

from django import forms

from tracker.choices import Colour, ColumnKind
from tracker.workbook.words import clean

GONE_COLUMN = "This column is not on the tracker any more. Reload the page."


class ColumnForm(forms.Form):
    """A team's own column: heading, kind, and the choices of a choice column, one a line."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    heading = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=ColumnKind.choices)
    choices = forms.CharField(
        required=False,
        label="Choices, one a line",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def clean_heading(self) -> str:
        """As a file gives it, so that the column is found by it there."""
        return clean(self.cleaned_data["heading"])

    def clean(self) -> dict[str, Any]:
        """Adds `options`; a choice column needs two."""
        cleaned = super().clean() or self.cleaned_data
        lines = [clean(line) for line in cleaned.get("choices", "").splitlines()]
        cleaned["options"] = list(dict.fromkeys(line for line in lines if line))
        if cleaned.get("kind") == ColumnKind.CHOICE and len(cleaned["options"]) < 2:
            self.add_error("choices", "Give at least two choices, one a line.")
        return cleaned


class LegendForm(forms.Form):
    """What each colour of the palette means on this tracker; blank for those not used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for colour in Colour:
            if colour:
                self.fields[colour.value] = forms.CharField(required=False, max_length=60, label=colour.label)

    def meanings(self) -> dict[Colour, str]:
        """The texts by colour."""
        return {Colour(name): clean(text) for name, text in self.cleaned_data.items()}
