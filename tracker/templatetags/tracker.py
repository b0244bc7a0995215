"""Filters that the tracker's templates use; each only says something that the objects know."""

from django import template
from django.forms import BoundField

from tracker.fields import FIELDS, Field
from tracker.filters import RowFilter
from tracker.forms import ValueField, shown
from tracker.grid import Cell
from tracker.initials import initials as initials_of
from tracker.models import TrackerRow

register = template.Library()


@register.filter
def tag(cell: Cell) -> str:
    """`th` for the PIN, which heads its row, with what makes it so; `td` for all others."""
    return "th" if cell.field.key == "pin" else "td"


@register.filter
def filterable(field: Field) -> bool:
    """Whether the column's heading offers sort and filter: the guide's ten do."""
    return field.key in RowFilter.base_fields


@register.filter
def column(choices: RowFilter, key: str) -> BoundField:
    """The filter's field of one column."""
    return choices[key]


@register.filter
def others(choices: RowFilter, key: str) -> list[tuple[str, str]]:
    """What the address asks of the other columns, to be kept when this one changes."""
    return [
        (name, value)
        for name, values in choices.address.lists()
        if name not in (key, "sort", "view", "show") and name in choices.fields
        for value in values
    ]


@register.filter
def rev_of(row: TrackerRow, key: str) -> int:
    """The version of one field of the row."""
    return row.rev(key)


@register.filter
def query_of(choices: RowFilter) -> str:
    """What the address asks for, without where it came from: what a saved view keeps."""
    kept = choices.address.copy()
    for key in ("view", "show"):
        kept.pop(key, None)
    return kept.urlencode()


@register.filter
def sort_value(choices: RowFilter) -> str:
    """The sort of the address."""
    return choices.address.get("sort", "")


@register.filter
def said(bound: BoundField, row: TrackerRow) -> str:
    """The field's value in words, for people who read and do not write."""
    field = bound.field.field if isinstance(bound.field, ValueField) else FIELDS[bound.name]
    return shown(field, row)


@register.filter
def initials(person: str) -> str:
    """A child's initials, for a screen that strangers may see."""
    return initials_of(person)
