"""Writes a tracker as a workbook like the team's old one, which `read` reads back to the letter.
Who may have it, and whether persons are named in full, is decided by the caller.
"""

import io
import json
import re
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.workbook import origin
from tracker.workbook.headings import CHOICES, DATES, FIELDS, KEYS, LABELS
from tracker.workbook.stored import letters
from tracker.workbook.tracker_sheet import SheetRow, TrackerSheet
from tracker.workbook.words import like_formula
from tracker.workbook.write_summary import A4, write_summary

SPARE_ROWS = 500  # below the last case, with drop-downs and counted by the Summary
DATE_FORMAT = "dd/mm/yy"
TEXT_FORMAT = "@"

_WIDTHS = {
    "pin": 13, "person": 24, "stage": 27, "needed": 28, "action": 44,
    "owner": 14, "by_when": 12, "update": 34, "difficulty": 28, "next_meeting": 16,
}  # fmt: skip
_EXTRA_WIDTH = 18
_MARGIN_MOST = 200
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_TOP = Alignment(vertical="top", wrap_text=True)
_HEADING_FONT = Font(bold=True, color="FFFFFFFF")
_HEADING_FILL = PatternFill("solid", fgColor="FF1F4E79")


def write_workbook(tracker: TrackerSheet) -> bytes:
    """Give the .xlsx file: Tracker, Summary, Toolkit, and the hidden sheets behind them."""
    book = Workbook()
    # A new workbook of openpyxl comes with one sheet; asking for it cannot fail.
    book.remove(book.worksheets[0])
    _write_tracker(book.create_sheet("Tracker"), tracker)
    write_summary(
        book.create_sheet("Summary"),
        title=_stored(f"Summary: {tracker.team}, {tracker.locality}"),
        stamp=_stored(tracker.stamp),
        last_row=tracker.last_row + SPARE_ROWS,
        needed=[_stored(word) for word in _words(tracker.needed, tracker.rows, "needed")],
        difficulties=[_stored(word) for word in _words(tracker.difficulties, tracker.rows, "difficulty")],
    )
    _write_toolkit(book.create_sheet("Toolkit"), tracker)
    _write_lists(book.create_sheet("Lists"), tracker)
    _write_origin(book.create_sheet(origin.SHEET), tracker)
    book.properties.creator = _stored(tracker.exported_by)
    book.properties.title = _stored(f"{tracker.team} IC Meetings")
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def set_text(cell: Cell, text: str) -> None:
    """Put a text into a cell so that it stays that text, whatever it looks like."""
    cell.value = _stored(text)
    cell.data_type = "s"
    # A program may take it for a formula when somebody edits the cell.
    if like_formula(text):
        cell.quotePrefix = True


def _stored(text: str) -> str:
    """Give a text as a workbook stores it: what XML cannot hold, or would look like an escape,
    escaped (ECMA-376 part 1, 22.9.2.19).
    """
    text = _LIKE_ESCAPE.sub("_x005F_", text)
    return _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def _in_margin(text: str) -> str:
    """Give a text for the header or footer: there & begins a command, and doubled it is itself.

    All of a header or footer may have 255 characters.
    """
    shown = [character.replace("&", "&&") for character in _NOT_IN_XML.sub("", text)]
    while sum(map(len, shown)) > _MARGIN_MOST:
        shown.pop()
    return "".join(shown)


def _words(listed: Sequence[str], rows: Sequence[SheetRow], key: str) -> list[str]:
    """Give the words of a list and, after them, others that stand on rows."""
    used = (str(row.values[key]) for row in rows if row.values.get(key))
    return list(dict.fromkeys([*listed, *used]))


def _write_tracker(sheet: Worksheet, tracker: TrackerSheet) -> None:
    headings = [field.heading for field in FIELDS] + list(tracker.columns)
    for column, heading in enumerate(headings, start=1):
        cell = _cell(sheet, 1, column)
        set_text(cell, heading)
        cell.font, cell.fill, cell.alignment = _HEADING_FONT, _HEADING_FILL, _TOP
    for number, row in enumerate(tracker.rows, start=2):
        _write_row(sheet, number, row, tracker.columns)
    last = letters(len(headings))
    sheet.auto_filter.ref = f"A1:{last}{tracker.last_row}"
    sheet.freeze_panes = "C2"
    sheet.row_dimensions[1].height = 48
    _shape_columns(sheet, tracker)
    _add_validations(sheet, tracker)
    _set_print(sheet, tracker)
    sheet.print_title_rows = "1:1"


def _write_row(sheet: Worksheet, number: int, row: SheetRow, extra: Sequence[str]) -> None:
    values = [row.values.get(key) for key in KEYS] + [row.extra.get(name) for name in extra]
    fill = PatternFill("solid", fgColor=f"FF{row.colour}") if row.colour else None
    for column, value in enumerate(values, start=1):
        cell = _cell(sheet, number, column)
        cell.alignment = _TOP
        if fill is not None:
            cell.fill = fill
        if isinstance(value, date):
            cell.value = value
        elif value:
            set_text(cell, value)
        _set_format(cell, column)


def _set_format(cell: Cell, column: int) -> None:
    key = KEYS[column - 1] if column <= len(KEYS) else ""
    if key in DATES:
        cell.number_format = DATE_FORMAT
    elif key == "pin":
        cell.number_format = TEXT_FORMAT


def _shape_columns(sheet: Worksheet, tracker: TrackerSheet) -> None:
    """Set widths, and for rows that are added by hand the formats of PIN and dates."""
    for column, key in enumerate(KEYS, start=1):
        shape = sheet.column_dimensions[letters(column)]
        shape.width = _WIDTHS[key]
        shape.alignment = _TOP
        if key in DATES:
            shape.number_format = DATE_FORMAT
        elif key == "pin":
            shape.number_format = TEXT_FORMAT
    for column in range(len(KEYS) + 1, len(KEYS) + len(tracker.columns) + 1):
        sheet.column_dimensions[letters(column)].width = _EXTRA_WIDTH


def _add_validations(sheet: Worksheet, tracker: TrackerSheet) -> None:
    last = tracker.last_row + SPARE_ROWS
    for place, (key, options) in enumerate(zip(CHOICES, _lists(tracker), strict=True), start=1):
        if options:
            column = letters(place)
            rule = DataValidation(
                type="list",
                formula1=f"Lists!${column}$2:${column}${len(options) + 1}",
                allow_blank=True,
                # A word that is not listed may be proposed; a sixth stage may not.
                errorStyle="stop" if key == "stage" else "warning",
                errorTitle="Select from the list",
                error="Please choose one of the options in the drop down.",
                showErrorMessage=True,
            )
            _add(sheet, rule, key, last)
    for key in DATES:
        rule = DataValidation(
            type="date",
            operator="between",
            formula1="36526",  # 01/01/2000, as dates are counted
            formula2="73050",  # 31/12/2099
            allow_blank=True,
            errorTitle="Not a date",
            error="Please type a date, day first: 20/01/22.",
            showErrorMessage=True,
        )
        _add(sheet, rule, key, last)
    notice = DataValidation(promptTitle="Copy, not live", prompt=_stored(tracker.stamp)[:255])
    notice.showInputMessage = True
    notice.add("A1")
    sheet.add_data_validation(notice)


def _add(sheet: Worksheet, rule: DataValidation, key: str, last: int) -> None:
    column = letters(KEYS.index(key) + 1)
    rule.add(f"{column}2:{column}{last}")
    sheet.add_data_validation(rule)


def _lists(tracker: TrackerSheet) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Give the options of stage, needed and difficulty: the order of CHOICES."""
    return tracker.stages, tracker.needed, tracker.difficulties


def _set_print(sheet: Worksheet, tracker: TrackerSheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    header, footer = sheet.oddHeader, sheet.oddFooter
    if header is not None and footer is not None:  # openpyxl's types allow for neither
        header.left.text = _in_margin(tracker.team)
        footer.left.text = _in_margin(tracker.stamp)
        footer.right.text = "&P / &N"


def _write_toolkit(sheet: Worksheet, tracker: TrackerSheet) -> None:
    set_text(_cell(sheet, 1, 1), "Toolkit: ideas to help a case progress")
    sheet["A1"].font = Font(bold=True, size=14)
    set_text(_cell(sheet, 2, 1), tracker.stamp)
    number = 4
    for heading, ideas in tracker.toolkit:
        set_text(_cell(sheet, number, 1), heading)
        _cell(sheet, number, 1).font = Font(bold=True)
        for number, idea in enumerate(ideas, start=number + 1):  # noqa: B020 - goes on from there
            set_text(_cell(sheet, number, 1), idea)
            _cell(sheet, number, 1).alignment = Alignment(vertical="top", wrap_text=True, indent=1)
        number += 2
    sheet.column_dimensions["A"].width = 110
    _set_print(sheet, tracker)


def _write_lists(sheet: Worksheet, tracker: TrackerSheet) -> None:
    for column, (key, options) in enumerate(zip(CHOICES, _lists(tracker), strict=True), start=1):
        set_text(_cell(sheet, 1, column), LABELS[key])
        for number, option in enumerate(options, start=2):
            set_text(_cell(sheet, number, column), option)
    sheet.sheet_state = "hidden"


def _write_origin(sheet: Worksheet, tracker: TrackerSheet) -> None:
    facts = {
        "team_id": str(tracker.team_id),
        "team": tracker.team,
        "exported_at": tracker.exported_at.isoformat(timespec="seconds"),
        "exported_by": tracker.exported_by,
        "names": tracker.names,
    }
    lines: list[Sequence[str | None]] = [[origin.MARK]]
    lines += [[name, facts[name]] for name in origin.FACTS]
    lines.append(origin.LINES_AS_HEADED)
    for number, row in enumerate(tracker.rows, start=2):
        pin, person = (row.values.get(key) for key in ("pin", "person"))
        known = [None if value is None else str(value) for value in (pin, person)]
        lines.append([str(number), *known, str(row.row_id), json.dumps(dict(row.versions))])
    for number, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            if text:
                set_text(_cell(sheet, number, column), text)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - only in a merged area it is another class
    return cell
