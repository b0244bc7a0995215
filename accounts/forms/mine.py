"""What somebody chooses on their own page."""

from django import forms

from accounts.models import Digest

NONE = "none"


class DigestForm(forms.Form):
    """How often a mail with counts goes out."""

    rhythm = forms.ChoiceField(
        label="Mail with counts and links",
        choices=[(NONE, "None"), *Digest.Rhythm.choices],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of these."},
    )

    @property
    def chosen(self) -> Digest.Rhythm | None:
        """The rhythm, or None for no mail."""
        told = self.cleaned_data["rhythm"]
        return None if told == NONE else Digest.Rhythm(told)
