"""Which cases a list of the Summary shows: the tracker's filter, and beyond it what is no open case."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from summary.ledger import EXPECTED, FATES, of_fate
from tracker.fields import FIELDS
from tracker.filters import RowFilter
from tracker.models import RowQuerySet
from tracker.months import first_of_month
from tracker.values import Cleaned, Lists, read_value
from tracker.workbook.dates import DateUnreadable, read_date
from tracker.workbook.words import clean

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class MonthField(forms.CharField):
    """A month of an address, `2026-11`: gives its first day, or None where none is asked for."""

    def to_python(self, value: Any) -> Any:
        """The first day of the month."""
        text = super().to_python(value)
        if not text:
            return None
        found = MONTH.fullmatch(text)
        if not found:
            raise forms.ValidationError(f"“{text}” is no month. A month is written like 2026-11.")
        return date(int(found[1]), int(found[2]), 1)


class ExpectedMonthForm(forms.Form):
    """The month in which one case is expected to close, against the version that was seen."""

    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    month = forms.CharField(required=False, max_length=20)

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today

    def clean_month(self) -> Cleaned:
        """The month as the row's own form reads it."""
        field = FIELDS["expected_month"]
        return read_value(field, self.cleaned_data["month"], lists=Lists(), today=self.today, base=None)


class CheckInForm(forms.Form):
    """What the head of service notes at a check-in."""

    note = forms.CharField(
        required=False,
        max_length=4000,
        label="Notes",
        help_text="Kept with the figures and today's date. No names: PIN and initials are enough.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SinceForm(forms.Form):
    """The day since which changes are wanted; none is the last meeting."""

    on = forms.CharField(
        required=False,
        max_length=40,
        label="What has changed since",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean_on(self) -> date | None:
        """The day, as people write dates."""
        text = clean(self.cleaned_data["on"])
        if not text:
            return None
        try:
            day = read_date(text, today=self.today, base=None)
        except DateUnreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        if not first_of_month(self.today, -12) <= day <= self.today:
            raise forms.ValidationError("Choose a day of the last twelve months.")
        return day


class CasesFilter(RowFilter):
    """The open cases of the address; or those that were new, or were closed, in one month."""

    came = MonthField(required=False, label="New in")
    closed = MonthField(required=False, label="Closed in")
    ledger = MonthField(required=False, label="Expected for")
    fate = forms.ChoiceField(required=False, label="What became of it", choices=FATES)

    def base(self, rows: RowQuerySet, now: datetime) -> RowQuerySet:
        """The cases among which the filter chooses."""
        told = self.cleaned_data if self.is_valid() else {}
        if told.get("came"):
            return rows.came_in(told["came"])
        if told.get("ledger"):
            return of_fate(rows, told["ledger"], told["fate"] or EXPECTED, now)
        return rows.closed_in(told["closed"]) if told.get("closed") else rows.open()

    @property
    def title(self) -> str:
        """What the list holds, in words."""
        told = self.cleaned_data if self.is_valid() else {}
        if told.get("came"):
            return f"cases that were new in {told['came']:%B %Y}"
        if told.get("ledger"):
            return f"{dict(FATES)[told['fate'] or EXPECTED].lower()}, {told['ledger']:%B %Y}"
        return f"cases closed in {told['closed']:%B %Y}" if told.get("closed") else "open cases"
