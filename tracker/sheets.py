"""Sheets to hand out: a team's table, or what one owner has to do. A copy on paper, never live.

What a row shows and how a person is named is the export's (tracker/exporting.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Team
from tracker.exporting import Names, tracker_sheet
from tracker.fields import COLUMNS
from tracker.models import TrackerRow
from tracker.workbook.dates import show
from tracker.workbook.tracker_sheet import SheetRow

# Of one owner's sheet, whose name stands above it; the case's own facts first, then what is to be done.
FOR_OWNER = ("pin", "person", "stage", "needed", "action", "by_when", "update", "next_meeting")


@dataclass(frozen=True)
class Cell:
    """One value, as it is printed; `key` is its column, by which the style sheet gives it room."""

    key: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """What one sheet prints, and the rows that are on it by number."""

    headings: tuple[Cell, ...]
    lines: tuple[tuple[Cell, ...], ...]
    row_ids: tuple[int, ...]


def owners_of(team: Team) -> dict[str, str]:
    """The names and initials that own an action of the team now; "jb" and "JB" are one, spelt in capitals
    where somebody does. By their folded spelling, in order.
    """
    written = TrackerRow.objects.open().filter(team=team).exclude(owner="").order_by()
    owners: dict[str, str] = {}
    for owner in sorted(written.values_list("owner", flat=True).distinct()):
        owners.setdefault(folded(owner), owner)
    return dict(sorted(owners.items()))


def folded(owner: str) -> str:
    """An owner without what people spell one way and another: letter case and spaces."""
    return " ".join(owner.split()).casefold()


def team_sheet(team: Team, *, names: Names, by: str, at: datetime) -> Sheet:
    """The whole table, the team's own columns too, in the tracker's order."""
    sheet = tracker_sheet(team, names=names, exported_by=by, at=at)
    return _sheet([field.key for field in COLUMNS], sheet.columns, sheet.rows)


def owner_sheet(team: Team, owner: str, *, names: Names, by: str, at: datetime) -> Sheet:
    """The cases whose action this owner has (`owner` as in `owners_of`), the earliest date first."""
    rows = tracker_sheet(team, names=names, exported_by=by, at=at).rows
    mine = [row for row in rows if folded(str(row.values["owner"] or "")) == owner]
    return _sheet(FOR_OWNER, (), sorted(mine, key=_due))


def _due(row: SheetRow) -> date:
    due = row.values["by_when"]
    return due if isinstance(due, date) else date.max


def _sheet(keys: Sequence[str], own: Sequence[str], rows: Iterable[SheetRow]) -> Sheet:
    labels = {field.key: field.label for field in COLUMNS}
    headings = [*(Cell(key, labels[key]) for key in keys), *(Cell("own", heading) for heading in own)]
    rows = list(rows)
    lines = (
        (
            *(Cell(key, _text(row.values[key])) for key in keys),
            *(Cell("own", row.extra.get(heading) or "") for heading in own),
        )
        for row in rows
    )
    return Sheet(tuple(headings), tuple(lines), tuple(row.row_id for row in rows))


def _text(value: str | date | None) -> str:
    return show(value) if isinstance(value, date) else value or ""
