"""Dashboard lists made for tests, as different programs write them."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from tests.tracker.workbook.files import DATA, make_workbook
from tracker.dashboard.read import read_list
from tracker.dashboard.reading import DashboardList, Row

TODAY = date(2026, 11, 20)
HEADINGS = (
    "PIN", "Name", "Team", "CIN start date", "Duration (days)", "Allocated worker", "Last sign-off date",
)  # fmt: skip
MIA = ("001452", "Mia Notreal", "Amber Team 1", "09/10/2025", "407", "G. Hypothetical", "07/04/2026")
ZOE = ("001241", "Zoë Sämple", "Amber Team 1", "17/09/2026", "64", "T. Placeholder", "19/10/2026")
NIAMH = ("001248", "Niamh O’Fictional", "Amber Team 2", "26/09/2026", "55", "", "")
CASES = (MIA, ZOE, NIAMH)
AS_READ = (
    Row(
        2,
        "001452",
        "Mia Notreal",
        "Amber Team 1",
        date(2025, 10, 9),
        407,
        "G. Hypothetical",
        date(2026, 4, 7),
    ),
    Row(
        3, "001241", "Zoë Sämple", "Amber Team 1", date(2026, 9, 17), 64, "T. Placeholder", date(2026, 10, 19)
    ),
    Row(4, "001248", "Niamh O’Fictional", "Amber Team 2", date(2026, 9, 26), 55, None, None),
)
SAMPLES = ("dashboard-export-sample.csv", "dashboard-export-sample.xlsx")


def made(
    rows: Sequence[Sequence[str]] = CASES,
    *,
    headings: Sequence[str] = HEADINGS,
    separator: str = ",",
    end: str = "\r\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> str:
    """A list as a text."""
    out = io.StringIO()
    # The module's own constants are plain numbers to whoever passes one on.
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([headings, *rows])
    return out.getvalue()


def book(rows: Sequence[Sequence[object]], *, headings: Sequence[str] = HEADINGS) -> bytes:
    """A list as a workbook."""
    return make_workbook(rows, headings=headings, name="Export")


def read(data: bytes | str, *, pin_width: int | None = None) -> DashboardList:
    """The list read in this process."""
    return read_list(data.encode() if isinstance(data, str) else data, today=TODAY, pin_width=pin_width)


def codes(found: DashboardList) -> set[tuple[int | None, str]]:
    """Where something was told, and what."""
    return {(message.row, message.code) for message in found.messages}


__all__ = ["AS_READ", "CASES", "DATA", "HEADINGS", "MIA", "SAMPLES", "TODAY", "book", "codes", "made", "read"]
