"""Which cases a list of the Summary shows: the tracker's filter, and beyond it what is no open case."""

import re
from datetime import date
from typing import Any

from django import forms

from tracker.filters import RowFilter
from tracker.models import RowQuerySet

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


class CasesFilter(RowFilter):
    """The open cases of the address; or those that were new, or were closed, in one month."""

    came = MonthField(required=False, label="New in")
    closed = MonthField(required=False, label="Closed in")

    def base(self, rows: RowQuerySet) -> RowQuerySet:
        """The cases among which the filter chooses."""
        told = self.cleaned_data if self.is_valid() else {}
        if told.get("came"):
            return rows.came_in(told["came"])
        return rows.closed_in(told["closed"]) if told.get("closed") else rows.open()

    @property
    def title(self) -> str:
        """What the list holds, in words."""
        told = self.cleaned_data if self.is_valid() else {}
        if told.get("came"):
            return f"cases that were new in {told['came']:%B %Y}"
        return f"cases closed in {told['closed']:%B %Y}" if told.get("closed") else "open cases"
