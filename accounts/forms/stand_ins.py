"""Whom a team manager names as stand-in, from when until when."""

from datetime import date, timedelta
from typing import Any

from django import forms

from accounts.changes.stand_ins import DAYS
from accounts.forms.days import DayField
from accounts.forms.offered import offer
from accounts.models import Team, User


class StandInForm(forms.Form):
    """One of the people approved for the team's locality."""

    person = forms.ModelChoiceField(queryset=User.objects.none(), empty_label="Choose…")
    since = DayField(label="From")
    until = DayField(label="Until, that day included")
    reason = forms.CharField(max_length=500, required=False, help_text="For example: annual leave.")

    def __init__(self, *args: Any, team: Team, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        approved = User.objects.filter(stand_in_approvals__locality=team.locality_id, is_active=True)
        offer(self, "person", approved)
        self.fields["since"].initial = today
        self.fields["until"].initial = today + timedelta(days=DAYS - 1)
