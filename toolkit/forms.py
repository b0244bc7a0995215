"""What may be asked of the Toolkit, and what officers fill in to keep it."""

from typing import Any

from django import forms

from accounts.forms.offered import offer
from toolkit.changes.ideas import TEXT_MOST
from toolkit.models import Idea, Tie
from toolkit.shelves import places
from tracker.choices import Stage
from tracker.models import Need


class InMeetingForm(forms.Form):
    """The case in hand: its stage, and what it needs; a word that nobody has accepted yet has no ideas."""

    need = forms.ModelChoiceField(Need.objects.filter(reviewed=True), required=False)
    stage = forms.ChoiceField(choices=[("", ""), *Stage.choices], required=False)


class IdeaForm(forms.Form):
    """An idea and where it stands; `base` is the number of the version that the form was drawn from."""

    text = forms.CharField(
        label="The idea",
        max_length=TEXT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences that can be done this week. A stage’s question follows the "
        "stage and a colon: begin it with a small letter.",
    )
    tied = forms.ChoiceField(label="It stands under", error_messages={"invalid_choice": "Choose a place."})
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, idea: Idea | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "tied", places(idea.tie if idea else None))

    @classmethod
    def of(cls, idea: Idea) -> "IdeaForm":
        """Filled with the idea as it stands."""
        newest = idea.newest
        told = {"text": idea.text, "tied": idea.tie.code, "base": newest.pk if newest else 0}
        return cls(idea=idea, initial=told)

    @property
    def tie(self) -> Tie:
        """The place that was chosen."""
        return Tie.read(self.cleaned_data["tied"])
