"""A team's open rows as a workbook. Who may have it is decided by the caller, who also logs it.

How a workbook is laid out is in tracker/workbook/write.py.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from accounts.models import Team
from tracker.choices import Stage
from tracker.fields import COLUMNS, Field, Kind, team_field
from tracker.initials import initials
from tracker.models import Difficulty, Need, TeamColumn, TrackerRow, Word
from tracker.workbook.colours import PALETTE
from tracker.workbook.dates import show
from tracker.workbook.tracker_sheet import SheetRow, TrackerSheet

Names = Literal["full", "initials"]
Sections = Sequence[tuple[str, Sequence[str]]]

# Says the ideas of the Toolkit tab. The toolkit stands above the tracker and must not be imported from
# here, so it puts its own function in when it starts.
toolkit_tab: list[Callable[[], Sections]] = []


def tracker_sheet(team: Team, *, names: Names, exported_by: str, at: datetime) -> TrackerSheet:
    """The tracker as it stands, ready for `write_workbook`. `at` is local time."""
    columns = list(TeamColumn.objects.filter(team=team, removed=False))
    fields = [team_field(column) for column in columns]
    rows = TrackerRow.objects.open().filter(team=team).with_all()
    return TrackerSheet(
        team_id=team.pk,
        team=team.name,
        locality=team.locality.name,
        exported_by=exported_by,
        exported_at=at.replace(tzinfo=None),
        names=names,
        rows=[_sheet_row(row, fields, names) for row in rows],
        stages=[stage.label for stage in Stage],
        needed=_labels(Need.objects.choosable()),
        difficulties=_labels(Difficulty.objects.choosable()),
        toolkit=[section for sections in toolkit_tab for section in sections()],
        columns=[column.heading for column in columns],
    )


def _sheet_row(row: TrackerRow, fields: Sequence[Field], names: Names) -> SheetRow:
    values = {field.key: _value(row, field) for field in COLUMNS}
    if names == "initials":
        values["person"] = initials(row.person)
    keys = [*values, "colour", *(field.key for field in fields)]
    return SheetRow(
        row_id=row.pk,
        versions={key: row.rev(key) for key in keys},
        values=values,
        extra={field.label: _extra(row, field) for field in fields},
        colour=PALETTE[row.colour] if row.colour else None,
    )


def _value(row: TrackerRow, field: Field) -> str | date | None:
    """What a cell of the ten holds: dates as dates, words and the stage as their labels."""
    if field.kind == Kind.STAGE:
        return Stage(row.stage).label if row.stage else None
    if field.kind in (Kind.NEED, Kind.DIFFICULTY):
        word: Word | None = getattr(row, field.key)
        return word.label if word else None
    value: str | date | None = getattr(row, field.key)
    return value or None


def _extra(row: TrackerRow, field: Field) -> str | None:
    raw = row.raw(field.key)
    if raw and field.kind == Kind.DATE:
        return show(date.fromisoformat(raw))
    return raw or None


def _labels(words: Iterable[Word]) -> list[str]:
    return [word.label for word in words]
