"""Finds the tracker in a workbook: which sheet, which row has the headings, which column is
which field. The rows under them are read elsewhere.
"""

from dataclasses import dataclass

from tracker.workbook.book import Book
from tracker.workbook.cells import as_seen
from tracker.workbook.guard import Refused
from tracker.workbook.headings import LABELS, REQUIRED, Columns, count_fields, find_columns
from tracker.workbook.sheet import Sheet, StoredRow, read_sheet
from tracker.workbook.words import clean

SEARCHED_ROWS = 60  # with values, from the top: titles and notes may stand above the headings
ENOUGH_FIELDS = 4  # headings of the ten that make a row the heading row

NO_TRACKER = (
    "No Tracker was found in this workbook: no sheet has a row with the headings PIN, Person, "
    "Stage, What is needed to progress and so on. Choose the team's ICM workbook."
)


@dataclass(frozen=True)
class Table:
    """Where the tracker stands, and other sheets that look like one as well."""

    sheet: Sheet
    header_row: int
    columns: Columns
    rivals: tuple[str, ...]

    @property
    def name(self) -> str:
        """Give the name of the sheet."""
        return self.sheet.entry.name


def find_table(book: Book) -> Table:
    """Find the tracker: visible before hidden, named Tracker before others, fuller headings first.

    Raises Refused when there is none, or when PIN, person or stage have no column.
    """
    found = _candidates(book, visible=True) or _candidates(book, visible=False)
    if not found:
        raise Refused(NO_TRACKER)
    best = min(found, key=lambda c: (c[0].entry.name.strip().casefold() != "tracker", -c[2]))
    sheet, header, _ = best
    columns = find_columns(headings_of(header, book))
    lacking = [LABELS[key] for key in REQUIRED if key not in columns.fields]
    if lacking:
        raise Refused(
            f"The sheet {sheet.entry.name} has no column that could be told to be "
            f"“{'” or “'.join(lacking)}” (its headings are in row {header.number}). "
            "Give the column its heading and try again."
        )
    rivals = tuple(c[0].entry.name for c in found if c is not best)
    return Table(sheet=sheet, header_row=header.number, columns=columns, rivals=rivals)


def headings_of(row: StoredRow, book: Book) -> dict[int, str]:
    """Give the texts of a row by column, blank ones left out."""
    texts = {column: clean(as_seen(cell, book.day_zero)) for column, cell in row.cells.items()}
    return {column: text for column, text in texts.items() if text}


def _candidates(book: Book, *, visible: bool) -> list[tuple[Sheet, StoredRow, int]]:
    """Give the sheets that look like a tracker, with the heading row and how many fields it has."""
    found = []
    for entry in book.sheets:
        if (entry.state == "visible") != visible:
            continue
        sheet = read_sheet(book, entry, most_rows=SEARCHED_ROWS)
        counts = [(count_fields(headings_of(row, book)), row) for row in sheet.rows]
        count, row = max(counts, key=lambda c: c[0], default=(0, None))
        if row is not None and count >= ENOUGH_FIELDS:
            found.append((sheet, row, count))
    return found
