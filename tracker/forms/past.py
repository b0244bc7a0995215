"""What stood on the tracker once: which moment, what comes back, which step is undone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from tracker.workbook.dates import DateUnreadable, read_date, show
from tracker.workbook.words import clean


class StoodForm(forms.Form):
    """Which moment of the tracker: the end of a day, as people write dates, or a number of its log."""

    on = forms.CharField(
        required=False,
        max_length=40,
        label="The tracker at the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    number = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,
        widget=forms.HiddenInput,
        error_messages={"invalid": "This number is none of the tracker's log."},
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        if not data.get("on") and not data.get("number"):
            data = {**{name: data[name] for name in data}, "on": today.isoformat()}
        super().__init__(data)
        self.today = today

    def clean_on(self) -> date:
        """The day; today where none was named."""
        try:
            day = read_date(clean(self.cleaned_data["on"]) or show(self.today), today=self.today, base=None)
        except DateUnreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        if day > self.today:
            raise forms.ValidationError("This day is still to come.")
        return day


class PutBackForm(forms.Form):
    """An older value from the history: the entry before which it stood, and the version that was seen."""

    op = forms.UUIDField()
    change = forms.IntegerField(min_value=1)
    base = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=500, required=False)
    # Where the button stood on the tracker of a past day: the number of the log.
    stood = forms.IntegerField(min_value=0, max_value=2**62, required=False)


class StepForm(forms.Form):
    """One step of undo or redo: the number of this act, the tab, and the act that the button named."""

    op = forms.UUIDField()
    step = forms.UUIDField(required=False)
    tab = forms.CharField(max_length=36, required=False)
