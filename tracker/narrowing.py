"""Which rows one column's part of a filter selects, and the order that a column gives."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Expression, F, IntegerField, OrderBy, Q, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Lower, NullIf

from tracker.choices import Colour, Stage
from tracker.durations import in_band
from tracker.fields import Field, Kind
from tracker.models import RowQuerySet
from tracker.months import beginning
from tracker.stuck import date_moved, is_stuck, same_action, same_stage, with_stuck

BLANK = "none"
ANY = "any"
WEEK = timedelta(days=7)
FORTNIGHT = timedelta(days=14)

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

# Columns whose values are kept elsewhere than under their key on the row.
KEPT = {"pin": "case__pin", "person": "case__person"}


def escaped(text: str) -> str:
    """The text as an address names it: one that reads like BLANK or ANY gets a sign before it."""
    return f"={text}" if text in (BLANK, ANY) or text.startswith("=") else text


def narrowed(rows: RowQuerySet, column: Field, wanted: Mapping[str, Any], today: date) -> RowQuerySet:
    """The rows that the filter of one column selects; all where it asks for nothing."""
    if text := wanted[""] if isinstance(wanted[""], str) else "":
        rows = rows.filter(**{f"{path_of(column)}__icontains": text})
    elif wanted[""]:
        rows = rows.filter(_any_of(column, wanted[""], today))
    if wanted["_is"]:
        rows = rows.filter(_any_of(column, wanted["_is"], today))
    if wanted["_from"]:
        rows = rows.filter(_between(column, wanted["_from"], None))
    if wanted["_to"]:
        rows = rows.filter(_between(column, None, wanted["_to"]))
    return rows


def path_of(column: Field) -> str:
    """The look-up of the column's value."""
    return KEPT.get(column.key, f"extra__{column.key}" if _is_own(column) else column.key)


def _is_own(column: Field) -> bool:
    return column.key.startswith("x") and column.key[1:].isdigit()


def _any_of(column: Field, wanted: list[str], today: date) -> Q:
    """Rows with one of the wanted values, each a value, a time, BLANK or ANY."""
    blank, times, met = _blank(column), _times(column, today), Q()
    for value in wanted:
        if value in (BLANK, ANY):
            met |= blank if value == BLANK else ~blank
        elif value in times:
            met |= times[value]
        else:
            met |= Q(**{path_of(column): value.removeprefix("=")})
    return met


def _blank(column: Field) -> Q:
    path = path_of(column)
    if _is_own(column):
        return Q(**{f"{path}__isnull": True}) | Q(**{path: ""})
    if column.kind in (Kind.NEED, Kind.DIFFICULTY, Kind.DATE):
        return Q(**{f"{path}__isnull": True})
    return Q(**{path: ""})


def _times(column: Field, today: date) -> dict[str, Q]:
    """What the words for dates mean today."""
    if column.kind != Kind.DATE:
        return {}
    day = timedelta(days=1)
    before = _between(column, None, today - day)
    return {
        "overdue": before,
        "passed": before,
        "week": _between(column, today, today + WEEK),
        "later": _between(column, today + WEEK + day, None),
        "fortnight": _between(column, today, today + FORTNIGHT),
        "far": _between(column, last_near(today) + day, None),
    }


def last_near(today: date) -> date:
    """The last day on which a next CIN meeting is not too far away."""
    return today + timedelta(weeks=settings.NEXT_MEETING_WEEKS)


def too_far() -> str:
    """How a next CIN meeting after that day is called."""
    weeks = settings.NEXT_MEETING_WEEKS
    return f"More than {weeks} week{'' if weeks == 1 else 's'} away"


def _between(column: Field, first: date | None, last: date | None) -> Q:
    """Rows whose date lies between two days, both included. A team's own date is kept as ISO text."""
    path, own = path_of(column), _is_own(column)
    met = Q(**{f"{path}__gt": ""}) if own else Q()
    if first:
        met &= Q(**{f"{path}__gte": first.isoformat() if own else first})
    if last:
        met &= Q(**{f"{path}__lte": last.isoformat() if own else last})
    return met


def beyond(rows: RowQuerySet, today: date, *, duration: list[str], stuck: str, answer: str) -> RowQuerySet:
    """The rows that the filter selects by what no column shows."""
    if duration:
        met = Q()
        for key in duration:
            met |= in_band(key, today)
        rows = rows.filter(met)
    if stuck:
        rows = stuck_by(rows, stuck, today)
    return answer_is(rows, answer, today) if answer else rows


def stuck_by(rows: RowQuerySet, rule: str, today: date) -> RowQuerySet:
    """The open rows that are stuck by this rule of tracker/stuck.py, as the day begins."""
    now = beginning(today)
    return with_stuck(rows.open(), now).filter(is_stuck(now) if rule == ANY else _stuck_rules(now)[rule])


def with_stuck_rules(rows: RowQuerySet, today: date) -> RowQuerySet:
    """The open rows with `stuck_<rule>`: whether they are stuck by it. Each is asked of a row once."""
    now = beginning(today)
    rules = {
        f"stuck_{rule}": Case(When(told, then=True), default=False)
        for rule, told in _stuck_rules(now).items()
    }
    return with_stuck(rows.open(), now).annotate(**rules)


def _stuck_rules(now: datetime) -> dict[str, Q]:
    return {"stage": same_stage(now), "action": same_action(now), "date": date_moved()}


def answer_is(rows: RowQuerySet, wanted: str, today: date) -> RowQuerySet:
    """The open rows whose difficulty is answered, waits, or has waited for two weeks."""
    if wanted == "answered":
        return rows.answered()
    return rows.unanswered_since(beginning(today - UNANSWERED_FOR)) if wanted == "late" else rows.unanswered()


def order_of(column: Field, *, descending: bool) -> OrderBy:
    """Stages, words, colours and choices in the order of their lists, all else by value; blanks last."""
    return OrderBy(_sorted_as(column), descending=descending, nulls_last=True)


def _sorted_as(column: Field) -> Expression | F:
    if column.kind in (Kind.NEED, Kind.DIFFICULTY):
        return F(f"{column.key}__order")
    listed = {Kind.STAGE: Stage.values, Kind.COLOUR: Colour.values[1:], Kind.CHOICE: list(column.options)}
    if places := [
        When(**{path_of(column): value}, then=Value(place))
        for place, value in enumerate(listed.get(column.kind, ()))
    ]:
        return Case(*places, output_field=IntegerField())
    if _is_own(column):
        return Lower(NullIf(KT(path_of(column)), Value("")))
    return F(column.key) if column.kind == Kind.DATE else Lower(NullIf(F(path_of(column)), Value("")))
