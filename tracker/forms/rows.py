"""A row on a page of its own, and the acts on it that take more than a value."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms

from accounts.models import Team
from tracker.changes.edit import Edit
from tracker.fields import Field
from tracker.forms.value_field import ValueField, date_in
from tracker.models import Difficulty, Outcome, TrackerRow
from tracker.values import Cleaned, Lists, shown
from tracker.workbook.words import clean

# Of teams that somebody may have meant.
FEW_TEAMS = 5


class RowForm(forms.Form):
    """All fields of a row at once, for working without script; carries the version of each."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    # The meeting from which the page was opened, to which saving leads back.
    meeting = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="Reason",
        help_text="Asked of supervisors and managers who change a PIN.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        fields: Sequence[Field],
        today: date,
        row: TrackerRow | None = None,
        may_edit: Iterable[str] | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.row, self.row_fields = row, fields
        lists = Lists(row)
        for field in fields:
            self.fields[field.key] = ValueField(
                field,
                lists=lists,
                today=today,
                base=date_in(row, field.key),
                initial=self._initial(field),
                disabled=may_edit is not None and field.key not in may_edit,
            )
            if row is not None:
                self.fields[f"base_{field.key}"] = forms.IntegerField(
                    min_value=0, widget=forms.HiddenInput, initial=row.rev(field.key)
                )
        if row is None:
            del self.fields["reason"]
            self.fields["person"].required = True
        self.order_fields([*(field.key for field in fields), "reason"])

    def _initial(self, field: Field) -> str:
        if self.row is None:
            return ""
        return self.row.raw(field.key) if field.is_list else shown(field, self.row)

    @property
    def visible(self) -> list[Any]:
        """The fields that people fill in, as bound fields."""
        return [bound for bound in self if not bound.is_hidden]

    def edits(self) -> list[Edit]:
        """The cells whose value differs from what the form was drawn with."""
        return [
            Edit(field.key, self.cleaned_data[field.key], self.cleaned_data[f"base_{field.key}"])
            for field in self.row_fields
            if field.key in self.changed_data
        ]

    def values(self) -> dict[str, Cleaned]:
        """The values that were filled in, for a new case."""
        return {field.key: value for field in self.row_fields if (value := self.cleaned_data[field.key]).raw}


class CloseForm(forms.Form):
    """How the case ended."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    meeting = forms.IntegerField(required=False, widget=forms.HiddenInput)
    outcome = forms.ModelChoiceField(
        Outcome.objects.choosable().exclude(code="moved"),
        label="Outcome",
        empty_label="Choose the outcome",
        error_messages={"required": "Say how the case ended."},
    )


class MoveForm(forms.Form):
    """Which team the case moves to: one of its locality; for who may, one of another locality by its name.

    A council has too many teams for one list.
    """

    op = forms.UUIDField(widget=forms.HiddenInput)
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label="Team",
        empty_label="Choose the team",
        error_messages={"required": "Choose the team."},
    )
    elsewhere = forms.CharField(
        max_length=80,
        required=False,
        label="Or a team of another locality",
        help_text="Its name, as its tracker has it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        max_length=500, required=False, label="Reason", help_text="Needed for another locality."
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, near: Any, far: Any = None, **kwargs: Any
    ) -> None:
        """`near` are the teams of the list; `far` those that may be named, None where none may."""
        super().__init__(data, **kwargs)
        self.far = far
        cast("forms.ModelChoiceField[Team]", self.fields["team"]).queryset = near
        if far is None:
            del self.fields["elsewhere"]
        else:
            self.fields["team"].required = False

    def clean(self) -> dict[str, Any]:
        """`team` is the one that was chosen or named."""
        told = super().clean() or self.cleaned_data
        named = clean(told.get("elsewhere", ""))
        if named and told.get("team"):
            self.add_error("elsewhere", "Choose a team of the list, or name one here: not both.")
        elif named:
            told["team"] = self.far.filter(name__iexact=named).first()
            if told["team"] is None:
                self._say_unknown(named)
        elif not told.get("team") and not self.errors:
            self.add_error("team", "Choose the team.")
        return told

    def _say_unknown(self, named: str) -> None:
        alike = [str(team) for team in self.far.filter(name__icontains=named)[:FEW_TEAMS]]
        meant = f" There is {', '.join(alike)}." if alike else ""
        self.add_error("elsewhere", f"No team that works is called “{named}”.{meant}")


class ActForm(forms.Form):
    """An act that needs nothing but its number: reopen, remove, restore."""

    op = forms.UUIDField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """An answer to the difficulty that was seen, against the version that was seen; empty withdraws it."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    difficulty = forms.ModelChoiceField(Difficulty.objects.all(), widget=forms.HiddenInput)
    answer = forms.CharField(
        required=False,
        max_length=1000,
        label="Your answer",
        help_text="The team reads it in the row and at its next meeting.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_answer(self) -> str:
        """Without the spaces around it."""
        return str(self.cleaned_data["answer"]).strip()
