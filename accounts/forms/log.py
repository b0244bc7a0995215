"""What narrows a page of the log."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from accounts.forms.days import DayField
from accounts.log import ABOUT, about_person, between
from accounts.models import AuditEvent, Team, User

BACKWARDS = "The last day is before the first."


class DaysForm(forms.Form):
    """From a day to a day, both included."""

    since = DayField(label="From", required=False)
    until = DayField(label="Until", required=False)

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        told = super().clean() or {}
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", BACKWARDS)
        return told


class RowLogForm(DaysForm):
    """Of one row's entries: of what kind, and when."""

    about = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "Everything"), *((key, words) for key, (words, _) in ABOUT.items())],
    )
    field_order: tuple[str, ...] = ("about", "since", "until")

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """The entries that fit; none while the form is wrong."""
        if not self.is_valid():
            return events.none()
        told = self.cleaned_data
        wanted = between(told["since"], told["until"])
        if about := told["about"]:
            wanted &= Q(kind__in=ABOUT[about][1])
        return events.filter(wanted)


class LogForm(RowLogForm):
    """Of all entries: also whose, and in which team."""

    person = forms.ModelChoiceField(
        label="Person", required=False, queryset=User.objects.order_by("name"), empty_label="Anybody"
    )
    team = forms.ModelChoiceField(
        label="Team",
        required=False,
        queryset=Team.objects.select_related("locality").order_by("name"),
        empty_label="Any team",
    )
    field_order = ("about", "person", "team", "since", "until")

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """The entries that fit; none while the form is wrong."""
        found = super().narrow(events)
        told = self.cleaned_data
        if person := told.get("person"):
            found = found.filter(about_person(person))
        if team := told.get("team"):
            found = found.filter(team_id=team.pk)
        return found
