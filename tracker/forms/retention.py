"""What a performance officer fills in about keeping, erasing, and telling what is held."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from tracker.models import Case
from tracker.models.retention import MOST_DAYS
from tracker.retention import ROW, WHOLE
from tracker.workbook.words import clean

CHANGED = "What can be erased here has changed. Look again at what goes, then confirm."
CHOICES = {ROW: "Only this row, which was added in error", WHOLE: "The case with all its rows"}


class DaysForm(forms.Form):
    """The rule; also to ask what another one would erase."""

    days = forms.IntegerField(
        min_value=1,
        max_value=MOST_DAYS,
        label="Days after closing or removing",
        help_text=f"Between 1 and {MOST_DAYS}. A case is counted from the day its last row left a tracker.",
    )


class HoldForm(forms.Form):
    """Why a case has to be kept, and who asked for it."""

    asked_by = forms.CharField(
        max_length=120,
        label="Who asked for it",
        help_text="A person or an office: Legal services, the coroner.",
    )
    reason = forms.CharField(
        max_length=500, label="Why it has to be kept", widget=forms.Textarea(attrs={"rows": 2})
    )


class PinForm(forms.Form):
    """The PIN goes in the body of the request: an address would stand in logs."""

    pin = forms.CharField(
        max_length=20, label="PIN", help_text="As the case system has it, with its leading zeros."
    )

    def clean_pin(self) -> str:
        """Without spaces around it."""
        return clean(self.cleaned_data["pin"])


class EraseForm(forms.Form):
    """What is erased, why, and the PIN typed again: so that it is this child and no other."""

    what = forms.ChoiceField(label="Erase", widget=forms.RadioSelect)
    reason = forms.CharField(
        max_length=500,
        label="Why",
        help_text="The log keeps this sentence: write it without the child’s name or PIN.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    typed = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, choices: Sequence[str]) -> None:
        super().__init__(data)
        self.case = case
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)  # noqa: S101  tells the type checker what stands above
        what.choices = [(one, CHOICES[one]) for one in choices]
        self.choices = choices
        what.initial = choices[0] if choices else ""
        if len(choices) == 1:
            what.widget = forms.HiddenInput()
        self.fields["typed"].label = "Type the PIN of the case" if case.pin else "Type the name of the person"

    def clean(self) -> dict[str, Any]:
        """What the page offered may be no choice any more: then the page says so and offers what is."""
        told = super().clean() or self.cleaned_data
        if "what" in self.errors and self.choices:
            self.add_error(None, CHANGED)
            self.data = {**{name: self.data.get(name, "") for name in self.fields}, "what": self.choices[0]}
        return told

    def clean_typed(self) -> str:
        """The PIN, or the name where there is none, as it stands above."""
        typed: str = " ".join(self.cleaned_data["typed"].split())
        if typed != (self.case.pin or " ".join(self.case.person.split())):
            what = "PIN" if self.case.pin else "name"
            raise forms.ValidationError(f"This is not the {what} of this case. Nothing was erased.")
        return typed
