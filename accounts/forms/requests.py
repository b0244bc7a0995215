"""What somebody fills in who has no access: where, in which role, why."""

from typing import Any

from django import forms

from accounts.forms.offered import offer
from accounts.models import Locality, Team
from accounts.models.requests import ASKABLE


class AskForm(forms.Form):
    """The place is a team or a whole locality, chosen from one list."""

    place = forms.ChoiceField(label="Team or locality")
    role = forms.ChoiceField(label="Your role there", choices=ASKABLE)
    why = forms.CharField(
        label="What you need it for",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence for the performance officer. Name no child.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {f"team-{one.pk}": one for one in Team.objects.open().select_related("locality")}
        self.localities = {f"locality-{one.pk}": one for one in Locality.objects.all()}
        choices: list[Any] = [("", "Choose…")]
        for key, locality in self.localities.items():
            teams = [(k, str(one)) for k, one in self.teams.items() if one.locality_id == locality.pk]
            choices.append((locality.name, [(key, f"All of {locality}"), *teams]))
        offer(self, "place", choices)

    def where(self) -> tuple[Locality, Team | None]:
        """The locality, and the team where one was chosen."""
        place = self.cleaned_data["place"]
        team = self.teams.get(place)
        return (team.locality, team) if team else (self.localities[place], None)


class RefusalForm(forms.Form):
    """Why not: the asker reads it."""

    answer = forms.CharField(label="Why not", max_length=300)
