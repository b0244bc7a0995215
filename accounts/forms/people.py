"""People and what they may reach: the filter of the list, one person, a pasted list, a membership."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.forms.days import DayField
from accounts.models import Locality, Membership, Team, User
from accounts.roles import Role

# Who has not signed in for so long is listed for the officers.
DORMANT = timedelta(days=60)
ENDING = timedelta(days=14)

EVERYWHERE = "All localities"
WHOLE = "All teams of the locality"


class FindForm(forms.Form):
    """Narrows the list of people. What is typed goes by post: names do not belong into addresses."""

    STATES = (
        ("", "With access or without"),
        ("now", "With access today"),
        ("none", "Without access today"),
        ("ending", "Access ends within 14 days"),
        ("never", "Never signed in"),
        ("dormant", "Not signed in for 60 days"),
        ("left", "Left"),
    )

    text = forms.CharField(label="Name or e-mail address", required=False, max_length=120)
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "Any role"), *Role.choices])
    locality = forms.ModelChoiceField(
        label="Locality", required=False, queryset=Locality.objects.all(), empty_label="Any locality"
    )
    state = forms.ChoiceField(label="Access", required=False, choices=STATES)

    def narrow(self, people: QuerySet[User], *, today: date) -> QuerySet[User]:
        """The people that fit; all of them while the form is blank or wrong."""
        told = self.cleaned_data if self.is_valid() else {}
        if text := told.get("text", "").strip():
            people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
        active = Membership.objects.active(today)
        if role := told.get("role"):
            people = people.filter(pk__in=active.filter(role=role).values("person"))
        if locality := told.get("locality"):
            reach = Q(locality=locality) | Q(role=Role.PERFORMANCE_OFFICER)
            people = people.filter(pk__in=active.filter(reach).values("person"))
        if state := told.get("state"):
            people = people.filter(_in_state(state, today))
        return people


def _in_state(state: str, today: date) -> Q:
    active = Membership.objects.active(today).filter(person=OuterRef("pk"))
    stays = Q(is_active=True)
    return {
        "now": stays & Q(Exists(active)),
        "none": stays & ~Q(Exists(active)),
        "ending": stays & Q(Exists(active.filter(until__lte=today + ENDING))),
        "never": stays & Q(last_login=None),
        "dormant": stays & Q(last_login__date__lt=today - DORMANT),
        "left": ~stays,
    }[state]


class PersonForm(forms.Form):
    """Somebody new: without access until a membership gives it."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    name = forms.CharField(max_length=120)


class NameForm(forms.Form):
    """The name as it is said today."""

    name = forms.CharField(max_length=120)


class TeamsByLocality(forms.CheckboxSelectMultiple):
    """A box for each team, folded up by locality: a council may have very many."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Open is each locality with a ticked team, and one that is the only one."""
        widget = self.get_context(name, value, attrs)["widget"]
        boxes = [box for _, group, _ in widget["optgroups"] for box in group]
        by_locality = groupby(boxes, key=lambda box: box["value"].instance.locality)
        places = [(locality, list(of_it)) for locality, of_it in by_locality]
        return render_to_string(
            "components/teams.html",
            {
                "id": widget["attrs"].get("id", name),
                "places": [
                    {
                        "name": locality.name,
                        "boxes": of_it,
                        "open": len(places) == 1 or any(box["selected"] for box in of_it),
                    }
                    for locality, of_it in places
                ],
            },
        )


class MembershipForm(forms.Form):
    """A role, where, from when until when. What fits together is said by the membership itself."""

    role = forms.ChoiceField(choices=[("", "Choose…"), *Role.choices])
    locality = forms.ModelChoiceField(
        queryset=Locality.objects.all(),
        required=False,
        empty_label=EVERYWHERE,
        help_text="All localities is for performance officers.",
    )
    since = DayField(label="From")
    until = DayField(
        label="Until, that day included", required=False, help_text="Blank: no end. A stand-in needs one."
    )
    reason = forms.CharField(max_length=500, required=False, help_text="Kept with the access.")
    teams = forms.ModelMultipleChoiceField(
        queryset=Team.objects.open().select_related("locality"),
        required=False,
        help_text="None chosen means all teams of the locality. A stand-in needs one.",
        widget=TeamsByLocality,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today
        self.fields["since"].initial = today

    def clean_until(self) -> date | None:
        """A last day that lies ahead."""
        until: date | None = self.cleaned_data["until"]
        if until and until < self.today:
            raise forms.ValidationError("This day has passed. End the access at once instead.")
        return until

    def access(self) -> dict[str, Any]:
        """What the changes take."""
        told = self.cleaned_data
        return {
            "role": Role(told["role"]),
            "locality": told["locality"],
            "teams": list(told["teams"]),
            "until": told["until"],
            "reason": told["reason"],
        }


class ApprovalForm(forms.Form):
    """Where the person may be named as a stand-in."""

    locality = forms.ModelChoiceField(
        label="May stand in for a team of", queryset=Locality.objects.all(), empty_label=None
    )
