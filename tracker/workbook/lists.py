"""The options of a workbook's own drop-downs, whether typed into them or kept on another sheet.
The council's lists of words are not known here.
"""

import re
from collections.abc import Iterator
from itertools import islice

from tracker.workbook.cells import take_text
from tracker.workbook.headings import CHOICES
from tracker.workbook.stored import LAST_ROW, Area, Book, Sheet, SheetEntry, read_area
from tracker.workbook.table import Table

OPTIONS = 200  # in one list; more is no list that people choose from

_ON_SHEET = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!(?P<area>.+)")


def read_lists(book: Book, table: Table, sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Give the options offered under stage, needed and difficulty, in order, empty where none are.

    A column with several drop-downs offers what all of them do.
    """
    return {key: tuple(_options(book, table, sheet, key)) for key in CHOICES}


def _options(book: Book, table: Table, sheet: Sheet, key: str) -> list[str]:
    column = table.columns.fields.get(key)
    if column is None:
        return []
    cells = Area(table.header_row + 1, column, LAST_ROW, column)
    offers = dict.fromkeys(
        (drop_down.formula, drop_down.options)
        for drop_down in sheet.drop_downs
        if any(area.meets(cells) for area in drop_down.areas)
    )
    options = (o for formula, typed in offers for o in typed or _resolve(book, sheet.entry, formula))
    return list(dict.fromkeys(islice(options, OPTIONS * 10)))[:OPTIONS]


def _resolve(book: Book, here: SheetEntry, formula: str) -> Iterator[str]:
    """Give what a drop-down's formula offers: a typed list, a range, or a name for a range."""
    formula = formula.removeprefix("=").strip()
    if formula.startswith('"'):
        typed = formula.strip('"').replace('""', '"').split(",")
        yield from (text.strip() for text in typed if text.strip())
        return
    formula = book.names.get(formula.casefold(), formula)
    match = _ON_SHEET.fullmatch(formula)
    name = match and (match["plain"] or match["quoted"].replace("''", "'"))
    entry = book.entry(name) if name else here
    area = read_area(match["area"] if match else formula)
    if entry is not None and area is not None:
        yield from _texts(book, entry, area)


def _texts(book: Book, entry: SheetEntry, area: Area) -> Iterator[str]:
    sheet = book.read(entry, OPTIONS * 10)
    for row in sheet.rows:
        if area.top <= row.number <= area.bottom:
            for column in sorted(row.cells):
                text = take_text(row.cells[column], book.day_zero).value
                if area.left <= column <= area.right and text:
                    yield text
