"""Which rows of a tracker are shown, and in what order: read from the address, stored nowhere, mine only."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import Case, F, IntegerField, OrderBy, Q, Value, When
from django.http import QueryDict

from tracker.choices import STAGE_NOT_SET, Stage
from tracker.durations import BANDS, UNKNOWN_LABEL, in_band
from tracker.fields import COLUMNS
from tracker.models import Difficulty, Need, RowQuerySet
from tracker.months import beginning
from tracker.stuck import date_moved, is_stuck, same_action, same_stage, with_stuck

BLANK = "none"
ANY = "any"
WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)
# A next CIN meeting further away than this is pointed out (specs: domain, defaults to ship).
TOO_FAR = timedelta(weeks=6)

DUE = (
    ("overdue", "Overdue"),
    ("week", "In the next 7 days"),
    ("later", "Later"),
    (BLANK, "No date"),
)
MEETING = (
    ("passed", "Passed"),
    ("fortnight", "In the next 14 days"),
    ("far", "More than 6 weeks away"),
    (BLANK, "No date"),
)
# What no column shows and the Summary counts: by the address only, said above the table.
STUCK = (
    (ANY, "Stuck in any way"),
    ("stage", "Same stage for 8 weeks"),
    ("action", "Same action at 3 meetings"),
    ("date", "Date moved 3 times"),
)
ANSWER = (
    ("waiting", "Difficulty waits for an answer"),
    ("late", "Difficulty unanswered for two weeks"),
    ("answered", "Difficulty answered"),
)
UNANSWERED_FOR = timedelta(days=14)
TEXT_COLUMNS = ("pin", "person", "action", "update")


class RowFilter(forms.Form):
    """The filter and sort of one address. Several values of one column mean any of them; columns add up.

    An address with a parameter or value that the filter does not know is invalid and narrows nothing:
    nobody sees a table that is silently not what the address says.
    """

    pin = forms.CharField(required=False, max_length=20, label="PIN contains")
    person = forms.CharField(required=False, max_length=120, label="Person contains")
    stage = forms.MultipleChoiceField(
        required=False, label="Stage", choices=[*Stage.choices[:-1], (BLANK, STAGE_NOT_SET)]
    )
    needed = forms.MultipleChoiceField(required=False, label="What is needed to progress")
    action = forms.CharField(required=False, max_length=120, label="Action contains")
    owner = forms.MultipleChoiceField(required=False, label="Owner")
    by_when = forms.MultipleChoiceField(required=False, label="By when", choices=DUE)
    update = forms.CharField(required=False, max_length=120, label="Update contains")
    difficulty = forms.MultipleChoiceField(required=False, label="Difficulties")
    next_meeting = forms.MultipleChoiceField(required=False, label="Next CIN meeting", choices=MEETING)
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
    sort = forms.ChoiceField(
        required=False,
        label="the order of the table",
        choices=[(way + field.key, field.label) for field in COLUMNS for way in ("", "-")],
    )

    def __init__(
        self,
        address: QueryDict,
        *,
        needs: Iterable[Need],
        difficulties: Iterable[Difficulty],
        owners: Iterable[str] = (),
    ) -> None:
        super().__init__(address)
        self.address = address
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = f"“%(value)s” is no choice of {field.label}."
        self._choices("needed", [(str(word.pk), word.label) for word in needs])
        self._choices(
            "difficulty",
            [(ANY, "Any difficulty"), *((str(word.pk), word.label) for word in difficulties)],
        )
        named = {owner for owner in owners if owner} | set(address.getlist("owner")) - {BLANK}
        self._choices("owner", [(owner, owner) for owner in sorted(named, key=str.casefold)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast("forms.MultipleChoiceField", self.fields[name])
        field.choices = [*choices, (BLANK, "Blank")]

    def clean(self) -> dict[str, Any]:
        """Refuses parameters that no column has."""
        unknown = sorted(set(self.address) - set(self.fields))
        if unknown:
            raise forms.ValidationError(f"This address asks for something unknown: {', '.join(unknown)}.")
        return self.cleaned_data

    @property
    def active(self) -> list[str]:
        """The labels of what narrows: columns in the table's order, then what no column shows."""
        if not self.is_valid():
            return []
        by_key = {field.key: field.label for field in COLUMNS}
        by_key |= {key: str(self.fields[key].label) for key in ("duration", "stuck", "answer")}
        return [by_key[key] for key in by_key if self.cleaned_data.get(key)]

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
        wanted = self.cleaned_data
        for key in TEXT_COLUMNS:
            if wanted[key]:
                column = f"case__{key}" if key in ("pin", "person") else key
                rows = rows.filter(**{f"{column}__icontains": wanted[key]})
        for key, condition in CONDITIONS.items():
            if wanted[key]:
                rows = rows.filter(condition(wanted[key], today))
        if wanted["stuck"]:
            rows = stuck_by(rows, wanted["stuck"], today)
        return answer_is(rows, wanted["answer"], today) if wanted["answer"] else rows

    def ordered(self, rows: RowQuerySet) -> RowQuerySet:
        """In the wanted order, blanks last; without a sort, in the team's order."""
        key, way = self.sorted_by
        if not key:
            return rows.order_by("order", "pk")
        return rows.order_by(_order(key, descending=way == "descending"), "order", "pk")


def _order(key: str, *, descending: bool) -> OrderBy:
    """Stages and words in the order of their lists, all else by value."""
    if key == "stage":
        places = [When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage)]
        return OrderBy(Case(*places, output_field=IntegerField()), descending=descending, nulls_last=True)
    columns = {
        "pin": "case__pin",
        "person": "case__person",
        "needed": "needed__order",
        "difficulty": "difficulty__order",
    }
    return OrderBy(F(columns.get(key, key)), descending=descending, nulls_last=True)


def _stage(wanted: list[str], today: date) -> Q:
    return Q(stage__in=["" if value == BLANK else value for value in wanted])


def _word(key: str) -> Any:
    def condition(wanted: list[str], today: date) -> Q:
        chosen = Q(**{f"{key}__in": [value for value in wanted if value not in (ANY, BLANK)]})
        if ANY in wanted:
            chosen |= Q(**{f"{key}__isnull": False})
        return chosen | Q(**{f"{key}__isnull": True}) if BLANK in wanted else chosen

    return condition


def _owner(wanted: list[str], today: date) -> Q:
    return Q(owner__in=["" if value == BLANK else value for value in wanted])


def _any(conditions: Mapping[str, Q], wanted: list[str]) -> Q:
    met = Q()
    for value in wanted:
        met |= conditions[value]
    return met


def _by_when(wanted: list[str], today: date) -> Q:
    return _any(
        {
            "overdue": Q(by_when__lt=today),
            "week": Q(by_when__gte=today, by_when__lte=today + WEEK),
            "later": Q(by_when__gt=today + WEEK),
            BLANK: Q(by_when__isnull=True),
        },
        wanted,
    )


def _next_meeting(wanted: list[str], today: date) -> Q:
    return _any(
        {
            "passed": Q(next_meeting__lt=today),
            "fortnight": Q(next_meeting__gte=today, next_meeting__lte=today + FORTNIGHT),
            "far": Q(next_meeting__gt=today + TOO_FAR),
            BLANK: Q(next_meeting__isnull=True),
        },
        wanted,
    )


def _duration(wanted: list[str], today: date) -> Q:
    return _any({key: in_band(key, today) for key in wanted}, wanted)


def stuck_by(rows: RowQuerySet, rule: str, today: date) -> RowQuerySet:
    """The open rows that are stuck by this rule of tracker/stuck.py, as the day begins."""
    now = beginning(today)
    rules = {"stage": same_stage(now), "action": same_action(), "date": date_moved(), ANY: is_stuck(now)}
    return with_stuck(rows.open(), now).filter(rules[rule])


def answer_is(rows: RowQuerySet, wanted: str, today: date) -> RowQuerySet:
    """The open rows whose difficulty is answered, waits, or has waited for two weeks."""
    if wanted == "answered":
        return rows.answered()
    return rows.unanswered_since(beginning(today - UNANSWERED_FOR)) if wanted == "late" else rows.unanswered()


CONDITIONS = {
    "stage": _stage,
    "needed": _word("needed"),
    "owner": _owner,
    "by_when": _by_when,
    "difficulty": _word("difficulty"),
    "next_meeting": _next_meeting,
    "duration": _duration,
}


def address_of(**wanted: str | list[str]) -> str:
    """The query that asks for these values: `address_of(stage=["decided"])` gives `?stage=decided`."""
    return "?" + urlencode(wanted, doseq=True)
