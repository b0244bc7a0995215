"""Filters that the tracker's templates use; each only says something that the objects know."""

from collections.abc import Sequence

from django import template
from django.forms import BoundField

from tracker.fields import FIELDS, Field, Kind
from tracker.filters import PARTS, RowFilter
from tracker.forms.value_field import ValueField
from tracker.grid import Cell
from tracker.initials import initials as initials_of
from tracker.markup import row_html
from tracker.models import Layout, TrackerRow
from tracker.values import shown

# About how many ems a column takes as it comes; its style says exactly (grid-columns.css).
ORDINARY_WIDTHS = {"stage": 12, "needed": 10, "action": 16, "update": 16, "owner": 6, "difficulty": 10}
WIDTH_STEP = 2

register = template.Library()
register.simple_tag(row_html, name="row")


@register.filter
def tag(cell: Cell) -> str:
    """The tag of the cell: `th` for the PIN, which heads its row; `td` for all others."""
    return "th" if cell.field.key == "pin" else "td"


@register.filter
def parts(choices: RowFilter, column: Field) -> list[BoundField]:
    """The filter's fields of one column."""
    return [choices[column.key + part] for part in PARTS if column.key + part in choices.fields]


@register.filter
def sorted_up(choices: RowFilter, column: Field) -> str:
    """The address with this column's values in rising order."""
    return choices.address_with(sort=column.key)


@register.filter
def sorted_down(choices: RowFilter, column: Field) -> str:
    """The address with this column's values in falling order."""
    return choices.address_with(sort=f"-{column.key}")


@register.filter
def cleared(choices: RowFilter, column: Field) -> str:
    """The address without what is asked of this column."""
    return choices.address_with(**{column.key + part: "" for part in PARTS})


def ordinary_width(column: Field) -> int:
    """About how wide the column is where the person has not chosen."""
    return ORDINARY_WIDTHS.get(column.key, 8 if column.kind != Kind.DATE else 6)


@register.filter
def width_of(layout: Layout, column: Field) -> int | str:
    """How many ems wide the person has the column; an empty text where it is as it came."""
    width: int | str = layout.widths.get(column.key, "")
    return width


@register.filter
def wider(layout: Layout, column: Field) -> int:
    """The next wider width of the column."""
    return int(width_of(layout, column) or ordinary_width(column)) + WIDTH_STEP


@register.filter
def narrower(layout: Layout, column: Field) -> int:
    """The next narrower width of the column."""
    return int(width_of(layout, column) or ordinary_width(column)) - WIDTH_STEP


@register.filter
def hidden_places(layout: Layout, columns: Sequence[Field]) -> str:
    """The places in the table of the columns that the person hides, the first being 1."""
    return " ".join(str(place) for place, one in enumerate(columns, start=1) if one.key in layout.hidden)


@register.filter
def hidden_in(layout: Layout, columns: Sequence[Field]) -> list[Field]:
    """The columns of the table that the person hides."""
    return [column for column in columns if column.key in layout.hidden]


@register.filter
def rev_of(row: TrackerRow, key: str) -> int:
    """The version of one field of the row."""
    return row.rev(key)


@register.filter
def query_of(choices: RowFilter) -> str:
    """All that is asked for, without where it came from: what a saved view keeps."""
    kept = choices.asked.copy()
    for key in ("view", "show"):
        kept.pop(key, None)
    return kept.urlencode()


@register.filter
def said(bound: BoundField, row: TrackerRow) -> str:
    """The field's value in words, for people who read and do not write."""
    field = bound.field.field if isinstance(bound.field, ValueField) else FIELDS[bound.name]
    return shown(field, row)


@register.filter
def initials(person: str) -> str:
    """A child's initials, for a screen that strangers may see."""
    return initials_of(person)
