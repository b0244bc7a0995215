"""Trackers to be written in tests."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tracker.workbook.headings import KEYS
from tracker.workbook.read import STAGES
from tracker.workbook.tracker_sheet import SheetRow, TrackerSheet

NEEDED = ("Write up", "Schedule/attend a meeting", "Housing?")
DIFFICULTIES = ("Housing", "Family not engaging")
Values = Mapping[str, str | date | None]


def make_row(
    row_id: int = 1,
    *,
    extra: Mapping[str, str | None] | None = None,
    colour: str | None = None,
    **values: str | date | None,
) -> SheetRow:
    """Make a row whose fields are blank but for those given."""
    return SheetRow(
        row_id=row_id,
        versions=dict.fromkeys(KEYS, row_id),
        values={**dict.fromkeys(KEYS), **values},
        extra=extra or {},
        colour=colour,
    )


def make_sheet(
    rows: Sequence[SheetRow],
    *,
    columns: Sequence[str] = (),
    needed: Sequence[str] = NEEDED,
    difficulties: Sequence[str] = DIFFICULTIES,
) -> TrackerSheet:
    """Make the tracker of an invented team."""
    return TrackerSheet(
        team_id=7,
        team="Fern & Moss Team",
        locality="Amber Valley",
        exported_by="Olive Officer",
        exported_at=datetime(2026, 11, 20, 14, 5),  # noqa: DTZ001 - local time, as people read it
        names="full",
        rows=rows,
        stages=STAGES,
        needed=needed,
        difficulties=difficulties,
        toolkit=[("Write up", ["Protect two hours", "=not a formula"]), ("Home visit", [])],
        columns=columns,
    )
