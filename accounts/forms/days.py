"""A day, as the calendar of a browser takes and gives it."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day that a calendar offers, written as browsers read it: they show nothing else."""

    def __init__(self, **named: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **named)
