"""How one person has the table: saved views, hidden columns, widths."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms

from tracker.choices import Density
from tracker.fields import Field
from tracker.forms.columns import GONE_COLUMN


class ViewForm(forms.Form):
    """A saved view: its name, and the filter as the tracker's form sends it."""

    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


class LayoutForm(forms.Form):
    """What one person changes of the table's layout for themselves."""

    hide = forms.ChoiceField(required=False)
    show = forms.ChoiceField(required=False)
    width = forms.CharField(required=False, max_length=40)
    density = forms.TypedChoiceField(
        required=False, choices=Density.choices, coerce=Density, empty_value=None
    )

    def __init__(self, data: Mapping[str, Any], *, columns: Mapping[str, Field]) -> None:
        super().__init__(data)
        keys = [(key, field.label) for key, field in columns.items()]
        self.columns = columns
        for name in ("hide", "show"):
            choices = [("all", "All"), *keys] if name == "show" else keys
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = choices
            field.error_messages["invalid_choice"] = GONE_COLUMN

    def clean_width(self) -> tuple[Field, int] | None:
        """From `stage 14` the column and its ems; 0 ems for the width it came with."""
        key, _, ems = self.cleaned_data["width"].partition(" ")
        if not key:
            return None
        if key not in self.columns or not re.fullmatch(r"\d{1,3}", ems):
            raise forms.ValidationError(GONE_COLUMN)
        return self.columns[key], int(ems)
