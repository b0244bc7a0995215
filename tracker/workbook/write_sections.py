"""Writes tables as a workbook to read: a sheet a table, what is to be looked at coloured and named."""

import io
from collections.abc import Sequence
from typing import Protocol

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.workbook.stored import letters
from tracker.workbook.write import set_text
from tracker.workbook.write_summary import A4

TO_REVIEW = "To review: may name somebody else"
WIDE = {"Before": 45, "After": 45, "Text": 70, "Value": 70, "Reason": 30, TO_REVIEW: 30}
WIDTH = 22
_TOP = Alignment(vertical="top", wrap_text=True)
_BOLD = Font(bold=True)
_MARK = PatternFill("solid", fgColor="FFFFE699")


class Value(Protocol):
    """One cell; `marked` are the parts of its text that are to be looked at."""

    @property
    def text(self) -> str: ...

    @property
    def marked(self) -> tuple[str, ...]: ...


class Table(Protocol):
    """One sheet."""

    @property
    def title(self) -> str: ...

    @property
    def headings(self) -> tuple[str, ...]: ...

    @property
    def lines(self) -> Sequence[Sequence[Value]]: ...


def write_sections(stamp: Sequence[str], tables: Sequence[Table]) -> bytes:
    """The file. `stamp` are the lines above every table: what this is, whose, from when."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _write(book.create_sheet(table.title), table, stamp)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _write(sheet: Worksheet, table: Table, stamp: Sequence[str]) -> None:
    for number, said in enumerate(stamp, start=1):
        set_text(_cell(sheet, number, 1), said)
    first = len(stamp) + 2
    headings = (*table.headings, TO_REVIEW)
    for column, heading in enumerate(headings, start=1):
        cell = _cell(sheet, first, column)
        set_text(cell, heading)
        cell.font, cell.alignment = _BOLD, _TOP
        sheet.column_dimensions[letters(column)].width = WIDE.get(heading, WIDTH)
    for number, line in enumerate(table.lines, start=first + 1):
        _write_line(sheet, number, line)
    if not table.lines:
        set_text(_cell(sheet, first + 1, 1), "Nothing is held.")
    sheet.freeze_panes = f"A{first + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{first}:{first}"


def _write_line(sheet: Worksheet, number: int, line: Sequence[Value]) -> None:
    review = ", ".join(dict.fromkeys(name for value in line for name in value.marked))
    for column, value in enumerate(line, start=1):
        cell = _cell(sheet, number, column)
        cell.alignment = _TOP
        if value.text:
            set_text(cell, value.text)
        if value.marked:
            cell.fill = _MARK
    if review:
        cell = _cell(sheet, number, len(line) + 1)
        set_text(cell, review)
        cell.alignment = _TOP


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101  no cell of these sheets is merged
    return cell
