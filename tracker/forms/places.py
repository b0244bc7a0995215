"""A team that moves to another locality, or closes and hands its rows over."""

from typing import Any
from uuid import uuid4

from django import forms

from accounts.forms.offered import offer
from accounts.models import Locality, Team


class MoveTeamForm(forms.Form):
    """Where the team goes."""

    locality = forms.ModelChoiceField(queryset=Locality.objects.none(), empty_label="Choose…")

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__(data)
        offer(self, "locality", Locality.objects.exclude(pk=team.locality_id))


class CloseTeamForm(forms.Form):
    """Which team takes the open rows."""

    heir = forms.ModelChoiceField(
        label="Team that takes the open cases", queryset=Team.objects.none(), empty_label="Choose…"
    )
    op = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, team: Team) -> None:
        super().__init__(data, initial={"op": uuid4()})
        offer(self, "heir", Team.objects.open().filter(locality=team.locality_id).exclude(pk=team.pk))
