"""A field of a row on a form: what people type there is read as a value (`tracker/values.py`)."""

from datetime import date
from typing import Any

from django import forms

from tracker.fields import Field, Kind
from tracker.models import TrackerRow
from tracker.values import TICKED, Lists, read_value


class ValueField(forms.CharField):
    """One field of a row on a form: takes what people type, gives a `Cleaned`."""

    def __init__(self, field: Field, *, lists: Lists, today: date, base: date | None, **kwargs: Any) -> None:
        self.field, self.lists, self.today, self.base = field, lists, today, base
        super().__init__(
            label=field.label, required=False, strip=False, widget=_widget(field, lists), **kwargs
        )
        self.help_text = field.hint

    def clean(self, value: Any) -> Any:
        """A `Cleaned`, or ValidationError."""
        return read_value(self.field, value or "", lists=self.lists, today=self.today, base=self.base)


def _widget(field: Field, lists: Lists) -> forms.Widget:
    if field.is_list:
        return forms.Select(choices=[("", "—"), *lists.of(field)])
    if field.kind == Kind.TICK:
        return forms.CheckboxInput(attrs={"value": TICKED})
    if field.kind == Kind.TEXT:
        return forms.Textarea(attrs={"rows": 3, "maxlength": field.limit})
    limit = {"maxlength": field.limit} if field.limit else {}
    return forms.TextInput(attrs={"autocomplete": "off", **limit})


def date_in(row: TrackerRow | None, key: str) -> date | None:
    """The date that stands in the field, from which `+7` counts."""
    value = getattr(row, key, None)
    return value if isinstance(value, date) else None
