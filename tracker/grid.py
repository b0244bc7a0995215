"""The table as the page prints it: one line a row, one cell a field. Page and fragments are built from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.cache import caches

from accounts.models import Team, User
from accounts.permissions import Rights, field_permission, rights
from tracker.choices import Colour
from tracker.durations import open_for
from tracker.fields import Field, columns_with
from tracker.models import ColourMeaning, TeamColumn, TrackerRow
from tracker.values import shown


@dataclass(frozen=True)
class Cell:
    """One cell: what it says, its raw value and version, and whether this reader may write it."""

    field: Field
    raw: str
    text: str
    rev: int
    readonly: bool
    days_over: int = 0
    # When the difficulty that stands here was answered.
    answered: datetime | None = None
    # What stands small under the value and is no part of it.
    note: str = ""

    @property
    def needs_raw(self) -> bool:
        """Whether the raw value differs from what the cell says."""
        return self.raw != self.text


@dataclass(frozen=True)
class Line:
    """One row of the table; `hidden` where the reader's filter leaves it out."""

    row: TrackerRow
    cells: tuple[Cell, ...]
    hidden: bool = False

    @property
    def colour_rev(self) -> int:
        """The version of the row's colour, which has no cell."""
        return self.row.rev("colour")


@dataclass(frozen=True)
class Grid:
    """What is the same for every line: the columns, the reader's rights, the day."""

    team: Team
    columns: tuple[Field, ...]
    held: Rights
    today: date

    def line(self, row: TrackerRow, *, hidden: bool = False) -> Line:
        """The row as a line of the table."""
        row.team = self.team
        return Line(row, tuple(self.cell(row, field) for field in self.columns), hidden)

    def cell(self, row: TrackerRow, field: Field) -> Cell:
        """One cell of the row."""
        return Cell(
            field=field,
            raw=row.raw(field.key),
            text=shown(field, row),
            rev=row.rev(field.key),
            readonly=not self._may_edit(row, field),
            days_over=self._days_over(row, field),
            answered=row.answered_at if field.key == "difficulty" else None,
            note=self._note(row) if field.key == "person" else "",
        )

    def _days_over(self, row: TrackerRow, field: Field) -> int:
        if field.key == "by_when":
            return row.days_over(self.today)
        return row.meeting_days_ago(self.today) if field.key == "next_meeting" else 0

    def _note(self, row: TrackerRow) -> str:
        """How long the plan has been open, as the dashboard has its start."""
        return f"open {open_for(row.case.cin_start, self.today)}" if row.case.cin_start else ""

    @property
    def readonly(self) -> bool:
        """Whether the reader may write nothing here."""
        return "edit_row" not in self.held

    def _may_edit(self, row: TrackerRow, field: Field) -> bool:
        return field_permission(field.key, row) in self.held


def grid_for(user: User, team: Team, today: date, team_columns: Iterable[TeamColumn]) -> Grid:
    """The team's grid as this person sees it."""
    return Grid(team, columns_with(team_columns), rights(user, team), today)


def palette_of(meanings: Iterable[ColourMeaning]) -> list[tuple[str, str, str]]:
    """The row colours on offer by code and name, each with what the team's legend says of it."""
    said = {one.colour: one.meaning for one in meanings}
    return [(value, str(label), said.get(value, "")) for value, label in Colour.choices]


def columns_at(team: Team, head: int) -> Sequence[TeamColumn]:
    """The same as of this number of the team's log, read before: whatever changes a column raises it.

    So they are asked for once for all who follow the team, and in every process anew when they are others.
    """
    kept_as = f"columns:{team.pk}:{head}"
    kept: Sequence[TeamColumn] | None = caches["rows"].get(kept_as)
    if kept is None:
        kept = columns_of(team)
        caches["rows"].set(kept_as, kept)
    return kept


def columns_of(team: Team) -> Sequence[TeamColumn]:
    """The team's own columns that are in use."""
    return list(TeamColumn.objects.filter(team=team, removed=False))
