"""Which rows of a tracker are shown, and in what order: read from the request, stored nowhere, mine only.

Lists, days and the order stand in the address. What somebody typed, a name or a PIN, is posted (ADR 0047).
What a form field of one column looks like is here; which rows it selects is in tracker/narrowing.py.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from tracker.choices import STAGE_NOT_SET, Colour, Stage
from tracker.durations import BANDS, UNKNOWN_LABEL
from tracker.fields import Field, Kind
from tracker.models import Difficulty, Need, RowQuerySet
from tracker.narrowing import ANSWER, ANY, BLANK, STUCK, beyond, escaped, narrowed, order_of, too_far

# A column's form fields: its key with nothing or one of these behind it.
PARTS = ("", "_is", "_from", "_to")
NO_COLUMN = ("duration", "stuck", "answer")
DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y"]

DUE = (("overdue", "Overdue"), ("week", "In the next 7 days"), ("later", "Later"))
OWN_DATE = (("passed", "Passed"), ("fortnight", "In the next 14 days"))
BLANK_OR_NOT = ((BLANK, "Blank"), (ANY, "Not blank"))

MISPLACED = (
    "A name, a PIN or another text is not taken from an address, which others keep and may read: "
    "type it into the menu of its column."
)

Choices = Sequence[tuple[str, str]]


class RowFilter(forms.Form):
    """The filter and sort of one request. Several values of one column mean any of them; columns add up.

    An address with a parameter or value that the filter does not know, or with a text that belongs into none,
    is invalid and narrows nothing: nobody sees a table that is silently not what the address says.
    """

    # What no column shows and the Summary counts: by the address only, said above the table.
    duration = forms.MultipleChoiceField(
        required=False,
        label="How long open",
        choices=[*((key, label) for key, label, _, _ in BANDS), (BLANK, UNKNOWN_LABEL)],
    )
    stuck = forms.ChoiceField(required=False, label="Stuck", choices=STUCK)
    answer = forms.ChoiceField(required=False, label="Answer", choices=ANSWER)
    # Which saved view the address came from, and that all rows are wanted although a view opens first.
    view = forms.IntegerField(required=False, widget=forms.HiddenInput)
    show = forms.ChoiceField(required=False, choices=[("all", "All")], widget=forms.HiddenInput)
    sort = forms.ChoiceField(required=False, label="the order of the table")

    def __init__(
        self,
        address: QueryDict,
        *,
        typed: QueryDict | None = None,
        needs: Iterable[Need],
        difficulties: Iterable[Difficulty],
        owners: Iterable[str] = (),
        columns: Sequence[Field],
    ) -> None:
        """`typed` was posted, or is what a saved view keeps: it may name texts, and all that an address may.

        `columns` are those that either may name.
        """
        asked = address.copy()
        asked.update(typed or {})
        asked.pop("csrfmiddlewaretoken", None)
        super().__init__(asked)
        self.asked, self.columns = asked, columns
        self.typed_keys = [column.key for column in columns if _is_typed(column)]
        self.misplaced = set(address).intersection(self.typed_keys)
        named = {owner for owner in owners if owner} | _written(asked.getlist("owner"))
        words: dict[str, Choices] = {
            "needed": [(str(word.pk), word.label) for word in needs],
            "difficulty": [(str(word.pk), word.label) for word in difficulties],
            "owner": [(escaped(owner), owner) for owner in sorted(named, key=str.casefold)],
        }
        for column in columns:
            for part, field in _fields(column, words).items():
                self.fields[column.key + part] = field
        self.fields["sort"] = forms.ChoiceField(
            required=False,
            label="the order of the table",
            choices=[(way + column.key, column.label) for column in columns for way in ("", "-")],
        )
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = f"“%(value)s” is no choice of {field.label}."

    def clean(self) -> dict[str, Any]:
        """Refuses parameters that no column has, and an address with what somebody typed."""
        unknown = sorted(set(self.asked) - set(self.fields))
        if unknown:
            raise forms.ValidationError(f"This address asks for something unknown: {', '.join(unknown)}.")
        if self.misplaced:
            raise forms.ValidationError(MISPLACED)
        return self.cleaned_data

    @property
    def active(self) -> list[str]:
        """The labels of what narrows: columns in the table's order, then what no column shows."""
        if not self.is_valid():
            return []
        columns = [column.label for column in self.columns if any(self.wanted(column).values())]
        return columns + [str(self.fields[key].label) for key in NO_COLUMN if self.cleaned_data[key]]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What is asked beside the columns' filters: a form of those filters carries it on."""
        if not self.is_valid():
            return []
        return [(key, value) for key in (*NO_COLUMN, "sort") for value in self.asked.getlist(key)]

    def wanted(self, column: Field) -> dict[str, Any]:
        """What is asked of the column, by the parts of its form fields."""
        return {part: self.cleaned_data.get(column.key + part) for part in PARTS}

    @property
    def sorted_by(self) -> tuple[str, str]:
        """The column of the sort and `ascending` or `descending`; two empty texts without a sort."""
        sort = self.cleaned_data.get("sort", "") if self.is_valid() else ""
        if not sort:
            return "", ""
        return sort.removeprefix("-"), "descending" if sort.startswith("-") else "ascending"

    def narrow(self, rows: RowQuerySet, today: date) -> RowQuerySet:
        """The rows that the address asks for; all of them where it is invalid."""
        if not self.is_valid():
            return rows
        for column in self.columns:
            rows = narrowed(rows, column, self.wanted(column), today)
        duration, stuck, answer = (self.cleaned_data[key] for key in NO_COLUMN)
        return beyond(rows, today, duration=duration, stuck=stuck, answer=answer)

    def ordered(self, rows: RowQuerySet) -> RowQuerySet:
        """In the wanted order, blanks last; without a sort, in the team's order."""
        key, way = self.sorted_by
        column = next((one for one in self.columns if one.key == key), None)
        if column is None:
            return rows.order_by("order", "pk")
        return rows.order_by(order_of(column, descending=way == "descending"), "order", "pk")

    def address_with(self, **changed: str) -> str:
        """The address with these parameters changed; an empty text takes one away. It has nothing typed."""
        kept = self.asked.copy()
        for key in ("view", "show", *self.typed_keys):
            kept.pop(key, None)
        for key, value in changed.items():
            kept[key] = value
        written = [(key, value) for key, values in kept.lists() for value in values if value]
        return "?" + urlencode(written) if written else "?show=all"


def _is_typed(column: Field) -> bool:
    """Whether the values of the column are texts that somebody typed: they may name a child, or staff."""
    return column.key == "owner" or not (column.is_list or column.kind in (Kind.DATE, Kind.TICK))


def _written(owners: Iterable[str]) -> set[str]:
    """The owners that are asked for, whether or not a row has them now."""
    return {owner.removeprefix("=") for owner in owners if owner not in (BLANK, ANY, "")}


def _fields(column: Field, words: dict[str, Choices]) -> dict[str, forms.Field]:
    """The form fields of one column, by what stands behind its key."""
    if column.kind == Kind.DATE:
        meeting = (*OWN_DATE, ("far", too_far()))
        first = DUE if column.key == "by_when" else meeting if column.key == "next_meeting" else OWN_DATE
        return {
            "": _several(column, (*first, (BLANK, "No date"), (ANY, "Any date"))),
            "_from": _day(column, "from"),
            "_to": _day(column, "up to"),
        }
    if column.is_list or column.key == "owner" or column.kind == Kind.TICK:
        return {"": _several(column, _choices(column, words))}
    return {
        "": forms.CharField(required=False, max_length=120, label=f"{column.label} contains"),
        "_is": _several(column, BLANK_OR_NOT),
    }


def _choices(column: Field, words: dict[str, Choices]) -> Choices:
    if column.kind == Kind.STAGE:
        return (*Stage.choices[:-1], (BLANK, STAGE_NOT_SET))
    if column.kind == Kind.COLOUR:
        return (*(one for one in Colour.choices if one[0]), (BLANK, "No colour"), (ANY, "Any colour"))
    if column.kind == Kind.TICK:
        return ((ANY, "Ticked"), (BLANK, "Not ticked"))
    if column.kind == Kind.DIFFICULTY:
        return ((ANY, "Any difficulty"), *words["difficulty"], (BLANK, "Blank"))
    return (*words.get(column.key, [(escaped(one), one) for one in column.options]), *BLANK_OR_NOT)


def _several(column: Field, choices: Choices) -> forms.Field:
    return forms.MultipleChoiceField(required=False, label=column.label, choices=choices)


def _day(column: Field, way: str) -> forms.Field:
    wrong = {"invalid": f"“%(value)s” is no day of {column.label}. Write it like 20/01/26."}
    return DayField(required=False, label=way, input_formats=DAYS, error_messages=wrong)


class DayField(forms.DateField):
    """A day, chosen in the browser's calendar or written day first."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        """The day; ValidationError that names what was written."""
        try:
            return super().to_python(value)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from wrong


def address_of(**wanted: str | list[str]) -> str:
    """The query that asks for these values: `address_of(stage=["decided"])` gives `?stage=decided`."""
    return "?" + urlencode(wanted, doseq=True)
