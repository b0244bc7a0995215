"""One cell of the grid, as its script sends it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from tracker.fields import Field
from tracker.forms.columns import GONE_COLUMN
from tracker.forms.value_field import date_in
from tracker.models import Outcome, TrackerRow
from tracker.values import Lists, read_value


class CellForm(forms.Form):
    """One cell from the grid: the value, the version it was typed against, and the number of the act."""

    field = forms.CharField(max_length=20)
    base = forms.IntegerField(min_value=0)
    op = forms.UUIDField()
    after_op = forms.UUIDField(required=False)
    tab = forms.CharField(max_length=36, required=False)
    reason = forms.CharField(max_length=500, required=False)
    value = forms.CharField(required=False, strip=False)
    outcome = forms.ModelChoiceField(Outcome.objects.choosable(), required=False)
    meeting = forms.IntegerField(required=False)
    # The siblings that it is for as well, each with the version that was seen: "12:3,13:0".
    also = forms.RegexField(r"^\d{1,18}:\d{1,9}(,\d{1,18}:\d{1,9}){0,19}$", required=False)

    def __init__(
        self, data: Mapping[str, Any], *, row: TrackerRow, fields: Mapping[str, Field], today: date
    ) -> None:
        super().__init__(data)
        self.row, self.by_key, self.today = row, fields, today

    def clean_also(self) -> dict[int, int]:
        """The versions by row."""
        pairs = (pair.split(":") for pair in self.cleaned_data["also"].split(",") if pair)
        return {int(row): int(rev) for row, rev in pairs}

    def clean(self) -> dict[str, Any]:
        """Adds `new`, the clean value."""
        cleaned = self.cleaned_data
        field = self.by_key.get(cleaned.get("field", ""))
        if field is None:
            raise forms.ValidationError(GONE_COLUMN)
        try:
            cleaned["new"] = read_value(
                field,
                cleaned.get("value", ""),
                lists=Lists(self.row),
                today=self.today,
                base=date_in(self.row, field.key),
            )
        except forms.ValidationError as refused:
            self.add_error("value", refused)
        return cleaned
