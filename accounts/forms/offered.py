"""What a field offers where the form is made, not where it is declared."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet


def offer(form: forms.BaseForm, name: str, offered: QuerySet[Any] | Iterable[Any]) -> None:
    """Lets the form's field of this name offer these records, or these choices."""
    if isinstance(offered, QuerySet):
        cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = offered
    else:
        cast("forms.ChoiceField", form.fields[name]).choices = list(offered)
