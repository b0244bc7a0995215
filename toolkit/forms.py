"""What may be asked of the Toolkit."""

from django import forms

from tracker.choices import Stage
from tracker.models import Need


class InMeetingForm(forms.Form):
    """The case in hand: its stage, and what it needs; a word that nobody has accepted yet has no ideas."""

    need = forms.ModelChoiceField(Need.objects.filter(reviewed=True), required=False)
    stage = forms.ChoiceField(choices=[("", ""), *Stage.choices], required=False)
