"""Rows and cells of the grid as HTML: for the page, for rows that it fetches, for the answer to a save.

Built here and not by templates: a page has thousands of cells, and a template takes ten times as long over
each (ADR 0025). Every text is escaped where it is put in; a test draws rows of hostile texts.
"""

from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from tracker.fields import Field, Kind
from tracker.grid import Cell, Line
from tracker.workbook.dates import show

COLUMNS_KEPT = 500  # those of some dozens of teams
ADDRESSES_KEPT = 5000


def row_html(line: Line, *, index: int | None = None, stop: bool = False) -> SafeString:
    """The `<tr>` of a line; `index` is its place where rows are hidden, with `stop` Tab comes to it first."""
    row = line.row
    first, *others = line.cells
    facts = f'id="row-{row.pk}" data-row="{row.pk}" data-rev="{row.row_rev}"{_facts(line)}'
    place = "" if index is None else f' aria-rowindex="{index}"'
    cells = cell_html(first, stop=stop) + "".join(map(cell_html, others))
    colour = f'<span class="row-colour">{row.get_colour_display()}</span> ' if row.colour else ""
    link = f'<a href="{_address(row.pk)}" tabindex="-1" aria-label="Open {escape(row.person)}">Open</a>'
    menu = f'<td class="tracker-grid__menu" data-label="More" tabindex="-1">{colour}{link}</td>'
    return SafeString(f"<tr {facts}{place}>{cells}{menu}</tr>")


def _facts(line: Line) -> str:
    colour_rev = f' data-colour-rev="{line.colour_rev}"' if line.colour_rev else ""
    colour = f' data-colour="{escape(line.row.colour)}"' if line.row.colour else ""
    return f"{colour_rev}{colour}{' hidden' if line.hidden else ''}"


@lru_cache(ADDRESSES_KEPT)
def _address(row_id: int) -> str:
    return reverse("row", args=[row_id])


def cell_html(cell: Cell, *, stop: bool = False) -> SafeString:
    """The `<td>`, or the `<th>` that heads the row; `stop` is the one that Tab comes to."""
    opening, closing = _around(cell.field)
    raw = f' data-raw="{escape(cell.raw)}"' if cell.needs_raw else ""
    readonly = ' aria-readonly="true"' if cell.readonly else ""
    facts = f'data-rev="{cell.rev}" tabindex="{0 if stop else -1}"{raw}{readonly}'
    return SafeString(f"{opening} {facts}>{_content(cell)}{closing}")


@lru_cache(COLUMNS_KEPT)
def _around(field: Field) -> tuple[str, str]:
    """What begins and ends each cell of a column."""
    opening = '<th scope="row"' if field.key == "pin" else "<td"
    facts = f'data-field="{escape(field.key)}" data-state="saved" data-label="{escape(field.label)}"'
    return f"{opening} {facts}", "</th>" if field.key == "pin" else "</td>"


def _content(cell: Cell) -> str:
    raw, text = escape(cell.raw), escape(cell.text)
    if cell.field.key == "stage":
        return f'<span class="stage-chip" data-stage="{raw}">{text or "Stage not set"}</span>'
    if cell.field.kind == Kind.DATE and raw:
        return f'<time datetime="{raw}">{text}</time>{_overdue(cell)}'
    if cell.field.kind == Kind.TICK and raw:
        return '✓ <span class="visually-hidden">yes</span>'
    return f'<span class="cell-text">{text}</span>{_beside(cell)}'


def _overdue(cell: Cell) -> str:
    if not cell.days_over:
        return ""
    days = "day" if cell.days_over == 1 else "days"
    how = "over" if cell.field.key == "by_when" else "ago"
    return f' <span class="overdue">{cell.days_over} {days} {how}</span>'


def _beside(cell: Cell) -> str:
    """What stands small beside the value: when a difficulty was answered, how long a plan is open."""
    note = f'<span class="plan-length">{escape(cell.note)}</span>' if cell.note else ""
    if not cell.answered:
        return note
    day = localdate(cell.answered)
    date = f'<time datetime="{day.isoformat()}">{show(day)}</time>'
    return f' <span class="answer-mark">answered {date}</span>{note}'
