"""What is typed to find a case, wherever its tracker is. It is posted and stands in no address (ADR 0047)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Locality
from tracker.workbook.words import clean

# One letter fits nearly every name.
SHORTEST = 2


class FindForm(forms.Form):
    """A name or a PIN, or parts of them, and where to look: everywhere the person may, or one locality."""

    text = forms.CharField(label="Name or PIN", max_length=120)
    locality = forms.ModelChoiceField(
        label="Where", required=False, queryset=Locality.objects.none(), empty_label="Everywhere I may look"
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, localities: QuerySet[Locality]) -> None:
        """`localities` are those of which the person may see something; one alone is no choice."""
        super().__init__(data)
        where = self.fields["locality"]
        assert isinstance(where, forms.ModelChoiceField)  # noqa: S101  tells the type checker
        where.queryset = localities
        if len(localities) == 1:
            del self.fields["locality"]
        self.fields["text"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        # Whoever comes here types; an answer is read first.
        self.fields["text"].widget.attrs["autofocus"] = not (self.is_bound and self.is_valid())

    def clean_text(self) -> str:
        """At least two letters or digits, with single spaces."""
        text = " ".join(clean(self.cleaned_data["text"]).split())
        if sum(one.isalnum() for one in text) < SHORTEST:
            raise forms.ValidationError("Type at least two letters of the name, or two digits of the PIN.")
        return text
