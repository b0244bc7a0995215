"""A past day beside today: which of its cells are otherwise now, and which entry can put one back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Team
from tracker.changes.put_back import can_come_back
from tracker.choices import RowState
from tracker.fields import Field
from tracker.grid import Cell, Grid, Line
from tracker.models import Change, TrackerRow

GONE = {RowState.CLOSED: "Closed since", RowState.REMOVED: "Removed since"}


@dataclass(frozen=True)
class PutBack:
    """What the form that puts the value back says (templates/tracker/_put_back.html)."""

    change: int
    field: str
    label: str
    old: str


@dataclass(frozen=True)
class StoodCell:
    """One cell as it stood. `now` is today's, where it differs; `back` where people may put this one back."""

    cell: Cell
    now: Cell | None = None
    back: PutBack | None = None


@dataclass(frozen=True)
class StoodLine:
    """One row as it stood, beside today's."""

    row: TrackerRow
    today: TrackerRow | None
    cells: tuple[StoodCell, ...]

    @property
    def gone(self) -> str:
        """That the row is not on the tracker any more; empty where it is."""
        return GONE.get(RowState(self.today.state), "") if self.today else "Not here any more"


def since_then(lines: Sequence[Line], *, team: Team, number: int, grid: Grid) -> list[StoodLine]:
    """The lines as they stood at this number of the log, each beside its row of today. Two statements."""
    rows = TrackerRow.objects.filter(team=team).with_all().in_bulk([line.row.pk for line in lines])
    next_of = _next_of(Change.objects.filter(team=team, seq__gt=number, row__in=rows).order_by("seq"))
    return [_beside(line, rows.get(line.row.pk), grid, next_of) for line in lines]


def _next_of(later: Iterable[Change]) -> dict[tuple[int | None, str], Change]:
    """The first change of each field since: what stood before it is what stood then."""
    found: dict[tuple[int | None, str], Change] = {}
    for change in later:
        found.setdefault((change.row_id, change.field), change)
    return found


def _beside(
    line: Line, today: TrackerRow | None, grid: Grid, next_of: dict[tuple[int | None, str], Change]
) -> StoodLine:
    if today is None or today.state != RowState.OPEN:
        return StoodLine(line.row, today, tuple(StoodCell(cell) for cell in line.cells))
    by_key = {field.key: field for field in grid.columns}
    cells = (_cell(cell, today, by_key.get(cell.field.key), grid, next_of) for cell in line.cells)
    return StoodLine(line.row, today, tuple(cells))


def _cell(
    cell: Cell,
    row: TrackerRow,
    field: Field | None,
    grid: Grid,
    next_of: dict[tuple[int | None, str], Change],
) -> StoodCell:
    if field is None or row.raw(field.key) == cell.raw:
        return StoodCell(cell)
    change = next_of.get((row.pk, field.key))
    comes_back = change and can_come_back(change) and change.old == cell.raw
    back = PutBack(change.pk, field.key, field.label, cell.text) if change and comes_back else None
    return StoodCell(cell, grid.cell(row, field), back)
