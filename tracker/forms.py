"""What people type, turned into clean values: the same fields serve a cell, the row's form and a new case."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django import forms

from accounts.models import Team
from tracker.changes.edit import Edit
from tracker.choices import Colour, ColumnKind, Density
from tracker.fields import TYPED_HERE, Field, Kind
from tracker.models import Difficulty, Outcome, TrackerRow
from tracker.values import TICKED, Cleaned, Lists, read_value, shown
from tracker.workbook.dates import DateUnreadable, read_date, show
from tracker.workbook.words import clean, match_option

# Of teams that somebody may have meant.
FEW_TEAMS = 5


class ValueField(forms.CharField):
    """One field of a row on a form: takes what people type, gives a `Cleaned`."""

    def __init__(self, field: Field, *, lists: Lists, today: date, base: date | None, **kwargs: Any) -> None:
        self.field, self.lists, self.today, self.base = field, lists, today, base
        super().__init__(
            label=field.label, required=False, strip=False, widget=_widget(field, lists), **kwargs
        )
        self.help_text = field.hint

    def clean(self, value: Any) -> Any:
        """A `Cleaned`, or ValidationError."""
        return read_value(self.field, value or "", lists=self.lists, today=self.today, base=self.base)


def _widget(field: Field, lists: Lists) -> forms.Widget:
    if field.is_list:
        return forms.Select(choices=[("", "—"), *lists.of(field)])
    if field.kind == Kind.TICK:
        return forms.CheckboxInput(attrs={"value": TICKED})
    if field.kind == Kind.TEXT:
        return forms.Textarea(attrs={"rows": 3, "maxlength": field.limit})
    limit = {"maxlength": field.limit} if field.limit else {}
    return forms.TextInput(attrs={"autocomplete": "off", **limit})


def _base(row: TrackerRow | None, key: str) -> date | None:
    value = getattr(row, key, None)
    return value if isinstance(value, date) else None


GONE_COLUMN = "This column is not on the tracker any more. Reload the page."


class CellForm(forms.Form):
    """One cell from the grid: the value, the version it was typed against, and the number of the act."""

    field = forms.CharField(max_length=20)
    base = forms.IntegerField(min_value=0)
    op = forms.UUIDField()
    after_op = forms.UUIDField(required=False)
    tab = forms.CharField(max_length=36, required=False)
    reason = forms.CharField(max_length=500, required=False)
    value = forms.CharField(required=False, strip=False)
    outcome = forms.ModelChoiceField(Outcome.objects.choosable(), required=False)
    meeting = forms.IntegerField(required=False)
    # The siblings that it is for as well, each with the version that was seen: "12:3,13:0".
    also = forms.RegexField(r"^\d{1,18}:\d{1,9}(,\d{1,18}:\d{1,9}){0,19}$", required=False)

    def __init__(
        self, data: Mapping[str, Any], *, row: TrackerRow, fields: Mapping[str, Field], today: date
    ) -> None:
        super().__init__(data)
        self.row, self.by_key, self.today = row, fields, today

    def clean_also(self) -> dict[int, int]:
        """The versions by row."""
        pairs = (pair.split(":") for pair in self.cleaned_data["also"].split(",") if pair)
        return {int(row): int(rev) for row, rev in pairs}

    def clean(self) -> dict[str, Any]:
        """Adds `new`, the clean value."""
        cleaned = self.cleaned_data
        field = self.by_key.get(cleaned.get("field", ""))
        if field is None:
            raise forms.ValidationError(GONE_COLUMN)
        try:
            cleaned["new"] = read_value(
                field,
                cleaned.get("value", ""),
                lists=Lists(self.row),
                today=self.today,
                base=_base(self.row, field.key),
            )
        except forms.ValidationError as refused:
            self.add_error("value", refused)
        return cleaned


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
                base=_base(row, field.key),
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


class PutBackForm(forms.Form):
    """An older value from the history: the entry before which it stood, and the version that was seen."""

    op = forms.UUIDField()
    change = forms.IntegerField(min_value=1)
    base = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=500, required=False)
    # Where the button stood on the tracker of a past day: the number of the log.
    stood = forms.IntegerField(min_value=0, max_value=2**62, required=False)


class HitchesForm(forms.Form):
    """What a page counted since it last said so; more of anything than this is no page's count."""

    parked = forms.IntegerField(min_value=0, max_value=1000)
    reconnects = forms.IntegerField(min_value=0, max_value=1000)
    offline = forms.IntegerField(min_value=0, max_value=7 * 24 * 60 * 60)


class StoodForm(forms.Form):
    """Which moment of the tracker: the end of a day, as people write dates, or a number of its log."""

    on = forms.CharField(
        required=False,
        max_length=40,
        label="The tracker at the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    number = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**62,
        widget=forms.HiddenInput,
        error_messages={"invalid": "This number is none of the tracker's log."},
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        if not data.get("on") and not data.get("number"):
            data = {**{name: data[name] for name in data}, "on": today.isoformat()}
        super().__init__(data)
        self.today = today

    def clean_on(self) -> date:
        """The day; today where none was named."""
        try:
            day = read_date(clean(self.cleaned_data["on"]) or show(self.today), today=self.today, base=None)
        except DateUnreadable as unreadable:
            raise forms.ValidationError(str(unreadable)) from None
        if day > self.today:
            raise forms.ValidationError("This day is still to come.")
        return day


class ViewForm(forms.Form):
    """A saved view: its name, and the filter as the tracker's form sends it."""

    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)


class LayoutForm(forms.Form):
    """What one person changes of the table's layout for themselves."""

    hide = forms.ChoiceField(required=False)
    show = forms.ChoiceField(required=False)
    width = forms.CharField(required=False, max_length=40)
    density = forms.TypedChoiceField(
        required=False, choices=Density.choices, coerce=Density, empty_value=None
    )

    def __init__(self, data: Mapping[str, Any], *, columns: Mapping[str, Field]) -> None:
        super().__init__(data)
        keys = [(key, field.label) for key, field in columns.items()]
        self.columns = columns
        for name in ("hide", "show"):
            choices = [("all", "All"), *keys] if name == "show" else keys
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = choices
            field.error_messages["invalid_choice"] = GONE_COLUMN

    def clean_width(self) -> tuple[Field, int] | None:
        """From `stage 14` the column and its ems; 0 ems for the width it came with."""
        key, _, ems = self.cleaned_data["width"].partition(" ")
        if not key:
            return None
        if key not in self.columns or not re.fullmatch(r"\d{1,3}", ems):
            raise forms.ValidationError(GONE_COLUMN)
        return self.columns[key], int(ems)


class StepForm(forms.Form):
    """One step of undo or redo: the number of this act, the tab, and the act that the button named."""

    op = forms.UUIDField()
    step = forms.UUIDField(required=False)
    tab = forms.CharField(max_length=36, required=False)


class ColumnForm(forms.Form):
    """A team's own column: heading, kind, and the choices of a choice column, one a line."""

    op = forms.UUIDField(widget=forms.HiddenInput)
    heading = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=ColumnKind.choices)
    choices = forms.CharField(
        required=False,
        label="Choices, one a line",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )

    def clean_heading(self) -> str:
        """Not the heading of one of the guide's ten."""
        heading = clean(self.cleaned_data["heading"])
        if match_option(heading, [field.label for field in TYPED_HERE]):
            raise forms.ValidationError("The tracker has this column already.")
        return heading

    def clean(self) -> dict[str, Any]:
        """Adds `options`; a choice column needs two."""
        cleaned = super().clean() or self.cleaned_data
        lines = [clean(line) for line in cleaned.get("choices", "").splitlines()]
        cleaned["options"] = list(dict.fromkeys(line for line in lines if line))
        if cleaned.get("kind") == ColumnKind.CHOICE and len(cleaned["options"]) < 2:
            self.add_error("choices", "Give at least two choices, one a line.")
        return cleaned


class LegendForm(forms.Form):
    """What each colour of the palette means on this tracker; blank for those not used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for colour in Colour:
            if colour:
                self.fields[colour.value] = forms.CharField(required=False, max_length=60, label=colour.label)

    def meanings(self) -> dict[Colour, str]:
        """The texts by colour."""
        return {Colour(name): clean(text) for name, text in self.cleaned_data.items()}
