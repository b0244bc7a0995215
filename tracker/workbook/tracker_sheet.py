"""A tracker at one moment, as it goes out: `write` makes a workbook of it, and sheets are printed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True)
class SheetRow:
    """One open case: the ten fields by key (dates as dates), the team's columns by heading."""

    row_id: int
    versions: Mapping[str, int]  # by key; x12 is the team column 12
    values: Mapping[str, str | date | None]
    extra: Mapping[str, str | None]
    colour: str | None = None  # six hexadecimal digits


@dataclass(frozen=True)
class TrackerSheet:
    """A tracker at one moment. `columns` are the headings of the team's own columns, in order."""

    team_id: int
    team: str
    locality: str
    exported_by: str
    exported_at: datetime  # local time
    names: Literal["full", "initials"]
    rows: Sequence[SheetRow]
    stages: Sequence[str]
    needed: Sequence[str]
    difficulties: Sequence[str]
    toolkit: Sequence[tuple[str, Sequence[str]]] = ()  # heading of a section, its ideas
    columns: Sequence[str] = ()

    @property
    def stamp(self) -> str:
        """Say that this is a copy, whose and from when."""
        return f"Copy, not live: exported {self.exported_at:%d/%m/%y %H:%M} by {self.exported_by}"

    @property
    def last_row(self) -> int:
        """Give the row of the last case on the Tracker tab, or of the headings."""
        return 1 + len(self.rows)
