"""Finds the tracker in a workbook: which sheet, which row has the headings, which column is
which field, or what somebody said about it. The rows under the headings are read elsewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tracker.workbook.cells import as_seen
from tracker.workbook.guard import ColumnSeen, ColumnsUnclear, Refused, SheetSeen, SheetsUnclear
from tracker.workbook.headings import (
    KEYS,
    LABELS,
    REQUIRED,
    Columns,
    count_fields,
    find_columns,
    is_hint,
)
from tracker.workbook.stored import (
    COLUMNS,
    Book,
    Sheet,
    SheetEntry,
    StoredRow,
    column_of,
    letters,
    read_corner,
)
from tracker.workbook.words import clean

SEARCHED_ROWS = 60  # with values, from the top: titles and notes may stand above the headings
ENOUGH_FIELDS = 4  # headings of the ten that make a row the heading row
FEW_FIELDS = 2  # headings that make a row worth asking about
SHOWN_VALUES, SHOWN_CHARACTERS, SHOWN_ROWS = 3, 40, 5  # to somebody who is asked
SHOWN_SHEETS = 60  # one for each week of a year at most

# What a sheet is called that is kept beside the tracker: Excel names a second copy “Tracker (2)”.
_SET_ASIDE = re.compile(
    r"\(\d+\)\s*$|\b(copy|old|archived?|back-?up|previous|closed|template|example|blank|do not use|test)\b",
    re.IGNORECASE,
)

NO_TRACKER = (
    "No Tracker was found in this workbook: no sheet has a row with the headings PIN, Person, "
    "Stage, What is needed to progress and so on. Choose the team's ICM workbook."
)


@dataclass(frozen=True)
class Answer:
    """What somebody said when asked: the letters of columns by key, blank where a field has none;
    the sheet and the row of the headings, where these were wrong as well.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    header_row: int | None = None


@dataclass(frozen=True)
class Rival:
    """Another sheet that looks like a tracker."""

    name: str
    hidden: bool
    has_cases: bool


@dataclass(frozen=True)
class Table:
    """Where the tracker stands, and other sheets that look like one as well."""

    sheet: Sheet
    header_row: int
    columns: Columns
    rivals: tuple[Rival, ...]

    @property
    def name(self) -> str:
        """Give the name of the sheet."""
        return self.sheet.entry.name

    @property
    def first(self) -> int:
        """Give its leftmost column."""
        return min(self.columns.fields.values())


@dataclass(frozen=True)
class _Candidate:
    """A sheet and the row that heads it best; headings may run over two rows, this is the lower."""

    sheet: Sheet
    header_row: int
    headings: Mapping[int, str]
    columns: Columns
    known: int  # how many of the ten fields the headings name
    has_cases: bool
    rows: Sequence[tuple[int, dict[int, str]]]  # the texts of the rows that were searched, by number

    @property
    def lacking(self) -> tuple[str, ...]:
        return tuple(key for key in REQUIRED if key not in self.columns.fields)

    @property
    def visible(self) -> bool:
        return self.sheet.entry.state == "visible"

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int]:
        """Order sheets: visible, with all that is needed, with cases, named so, with more headings."""
        return self.visible, not self.lacking, self.has_cases, _named(self.sheet.entry.name), self.known

    @property
    def seen(self) -> SheetSeen:
        """Give what somebody is shown who has to say whether this is the tracker."""
        columns = [self.columns.fields[key] for key in ("pin", "person") if key in self.columns.fields]
        who = (
            " ".join(texts[column] for column in columns if column in texts)[:SHOWN_CHARACTERS]
            for row, texts in self.rows
            if row > self.header_row
        )
        return SheetSeen(
            self.sheet.entry.name, self.header_row, tuple(islice(filter(None, who), SHOWN_VALUES))
        )


def find_table(book: Book, answer: Answer | None = None) -> Table:
    """Find the tracker. Of several the one that is visible, has cases, is named Tracker.

    Raises ColumnsUnclear when PIN, person or stage have no column that can be told, SheetsUnclear
    when several sheets are as good, and Refused when there is nothing like a tracker or the answer
    cannot be true.
    """
    answer = answer or Answer()
    entries = _entries(book, answer)
    found = [c for entry in entries if (c := _candidate(book, entry, answer)) is not None]
    least = 0 if answer.header_row else FEW_FIELDS
    found = [c for c in found if c.known >= ENOUGH_FIELDS] or [c for c in found if c.known >= least]
    if not found:
        raise Refused(NO_TRACKER)
    best = max(found, key=lambda candidate: candidate.rank)
    _check_only_one(found, best)
    if unsaid := [key for key in best.lacking if key not in answer.columns]:
        raise _unclear(book, best, unsaid)
    if not {"pin", "person"} & best.columns.fields.keys():
        raise Refused("A tracker needs a column for the PIN or for the person. Say which column has one.")
    rivals = (Rival(c.sheet.entry.name, not c.visible, c.has_cases) for c in found if c is not best)
    return Table(best.sheet, best.header_row, best.columns, tuple(rivals))


def headings_of(row: StoredRow, book: Book) -> dict[int, str]:
    """Give the texts of a row by column, blank ones left out."""
    texts = {column: clean(as_seen(cell, book.day_zero)) for column, cell in row.cells.items()}
    return {column: text for column, text in texts.items() if text}


def _entries(book: Book, answer: Answer) -> Sequence[SheetEntry]:
    if answer.sheet is None:
        return book.sheets
    entry = book.entry(answer.sheet)
    if entry is None:
        raise Refused(f"This workbook has no sheet “{answer.sheet}”.")
    return [entry]


def _candidate(book: Book, entry: SheetEntry, answer: Answer) -> _Candidate | None:
    sheet = book.read(entry, SEARCHED_ROWS)
    rows = [(row.number, headings_of(row, book)) for row in sheet.rows[:SEARCHED_ROWS]]
    heads = [head for head in _heads(rows) if answer.header_row in (None, head[0])]
    if not heads:
        if answer.header_row:
            raise Refused(f"Row {answer.header_row} of the sheet {entry.name} has no headings in it.")
        return None
    number, headings = max(heads, key=lambda head: count_fields(head[1]))
    columns = find_columns(headings, said=_said(answer))
    who = [columns.fields[key] for key in ("pin", "person") if key in columns.fields]
    return _Candidate(
        sheet=sheet,
        header_row=number,
        headings=headings,
        columns=columns,
        known=count_fields(headings),
        has_cases=any(row > number and (texts.keys() & who or len(texts) > 2) for row, texts in rows),
        rows=rows,
    )


def _heads(rows: Sequence[tuple[int, dict[int, str]]]) -> Iterator[tuple[int, dict[int, str]]]:
    """Give each row as headings, and each two rows in which headings go on in the second."""
    following = dict(rows)
    for number, texts in rows:
        below = following.get(number + 1)
        if below and not any(character.isdigit() for text in below.values() for character in text):
            both = {c: f"{texts.get(c, '')}\n{below.get(c, '')}".strip() for c in {*texts, *below}}
            gained = count_fields(both) - count_fields(texts)
            if gained > count_fields(below) or (not gained and all(map(is_hint, below.values()))):
                yield number + 1, both
        yield number, texts


def _named(name: str) -> int:
    """Tell how much the name of a sheet says that it is the tracker; below 0 where it says it is not."""
    if _SET_ASIDE.search(name):
        return -1
    return 2 if name.strip().casefold() == "tracker" else int("tracker" in name.casefold())


def _check_only_one(found: Sequence[_Candidate], best: _Candidate) -> None:
    """Ask where another sheet is as likely the tracker, and has other rows: either could be last year's."""
    alike = [c for c in found if c.rank == best.rank and c.has_cases]
    if all(list(map(_texts, c.rows)) == list(map(_texts, best.rows)) for c in alike):
        return
    names = ", ".join(candidate.sheet.entry.name for candidate in alike[:SHOWN_ROWS])
    names += " and others" if len(alike) > SHOWN_ROWS else ""
    raise SheetsUnclear(
        f"Several sheets look like the Tracker, with different cases: {names}. "
        "Keep the one that is meant, or give it the name Tracker, and try again.",
        sheets=tuple(candidate.seen for candidate in alike[:SHOWN_SHEETS]),
    )


def _shown(texts: Mapping[int, str]) -> str:
    return ", ".join(texts[column] for column in sorted(texts))[:SHOWN_CHARACTERS]


def _texts(row: tuple[int, dict[int, str]]) -> list[str]:
    return [text for _, text in sorted(row[1].items())]


def _said(answer: Answer) -> dict[str, int | None]:
    """Give the columns that somebody named, by key; None for a field that has none."""
    said: dict[str, int | None] = {}
    for key, name in answer.columns.items():
        name = name.strip()
        place = read_corner(name) if name.isalpha() else None
        column = column_of(name) if place else None
        if key not in KEYS or (name and (column is None or column > COLUMNS)):
            raise Refused(f"“{name}” is no column that could be “{LABELS.get(key, key)}”.")
        if column is not None and column in said.values():
            raise Refused(f"Column {name.upper()} cannot be two things at once.")
        said[key] = column
    return said


def _unclear(book: Book, found: _Candidate, unsaid: Sequence[str]) -> ColumnsUnclear:
    name, number = found.sheet.entry.name, found.header_row
    rows = [(row.number, headings_of(row, book)) for row in found.sheet.rows[:SEARCHED_ROWS]]
    below = [texts for row, texts in rows if row > number]
    columns = []
    for column in sorted({*found.headings, *(c for texts in below for c in texts)}):
        values = [texts[column][:SHOWN_CHARACTERS] for texts in below if column in texts]
        # What must not be stored about a child is not shown either.
        shown = () if column in found.columns.forbidden else tuple(values[:SHOWN_VALUES])
        columns.append(ColumnSeen(letters(column), found.headings.get(column, ""), shown))
    likely = sorted(rows, key=lambda row: (row[0] != number, -count_fields(row[1]), -len(row[1])))
    several = ((row, texts) for row, texts in likely if len(texts) > 1 or row == number)
    lacking = "” or “".join(LABELS[key] for key in unsaid)
    start = "" if found.known >= ENOUGH_FIELDS else "No Tracker was found for certain in this workbook. "
    return ColumnsUnclear(
        f"{start}The sheet {name} has no column that could be told to be “{lacking}” "
        f"(its headings are in row {number}). Give the column its heading and try again.",
        sheet=name,
        header_row=number,
        header_rows={row: _shown(texts) for row, texts in islice(several, SHOWN_ROWS)},
        missing=tuple(unsaid),
        found={key: letters(column) for key, column in found.columns.fields.items()},
        columns=tuple(columns),
    )
