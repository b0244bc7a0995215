"""What people say in and around a meeting: the room, what became of a case, where it goes on the list."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from tracker.changes.meetings import Room
from tracker.choices import LastAction, Result
from tracker.models import RowQuerySet, TrackerRow


class RoomForm(forms.Form):
    """Who leads and who is there, as people write it; how long, and how names are shown."""

    leader = forms.CharField(
        max_length=120,
        required=False,
        label="Who leads",
        help_text="One person leads the talk, another drives the screen. Swap weekly.",
    )
    present = forms.CharField(
        max_length=500,
        required=False,
        label="Who is in the room",
        help_text="Names or initials, as you like.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    minutes = forms.IntegerField(min_value=5, max_value=180, initial=30, label="Minutes")
    initials = forms.BooleanField(
        required=False,
        initial=True,
        label="Show names as initials, except the case in hand",
    )

    def room(self) -> Room:
        """What was said."""
        return Room(**self.cleaned_data)


class MarkForm(forms.Form):
    """What became of a case, of its last action, or of both; a blank takes it back."""

    result = forms.ChoiceField(
        choices=[("", "open"), *((one.value, one.label) for one in Result if one != Result.NOT_REACHED)],
        required=False,
    )
    last_action = forms.ChoiceField(choices=[("", "—"), *LastAction.choices], required=False)
    alone = forms.BooleanField(required=False)

    def sent(self, key: str) -> str | None:
        """The value, or None where it was not sent."""
        return self.cleaned_data[key] if key in self.data else None


class OrderForm(forms.Form):
    """Where a case goes on the list."""

    to = forms.ChoiceField(choices=[("up", "Earlier"), ("down", "Later"), ("first", "Next")])


class SiblingsForm(forms.Form):
    """Cases of one team that are siblings."""

    rows = forms.ModelMultipleChoiceField(
        TrackerRow.objects.none(),
        error_messages={"required": "Tick the cases that are siblings."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, rows: RowQuerySet) -> None:
        super().__init__(data)
        cast("forms.ModelMultipleChoiceField[TrackerRow]", self.fields["rows"]).queryset = rows
