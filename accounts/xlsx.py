"""A list as a workbook of one sheet: texts stay texts, whatever they begin with."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

Value = str | int | date | datetime | None


def listed(
    name: str,
    *,
    title: str,
    what: str,
    by: str,
    headings: Sequence[tuple[str, int]],
    lines: Iterable[Sequence[Value]],
) -> HttpResponse:
    """The download. `headings` are words and widths; above them stand what it is, whose copy and of when."""
    # Only now: the library is large, and few pages need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for number, (_, width) in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A3"

    def cell(value: Value, *, bold: bool = False) -> Any:  # openpyxl's own cell, which is a function's answer
        if isinstance(value, datetime):
            # Excel knows no time zones: the council's own.
            value = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        clean: Any = NOT_IN_XML.sub("", value) if isinstance(value, str) else value
        made = WriteOnlyCell(sheet, clean)
        if isinstance(value, str):
            made.data_type = "s"
        if isinstance(value, date):
            made.number_format = "dd/mm/yyyy hh:mm:ss" if isinstance(value, datetime) else "dd/mm/yyyy"
        if bold:
            made.font = Font(bold=True)
        return made

    stamp = f"{what}. Copy, not live: exported {timezone.localtime():%d/%m/%y %H:%M} by {by}"
    sheet.append([cell(stamp)])
    sheet.append([cell(words, bold=True) for words, _ in headings])
    for line in lines:
        sheet.append([cell(value) for value in line])
    kept = io.BytesIO()
    book.save(kept)
    answer = HttpResponse(kept.getvalue(), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate()}.xlsx"'
    return answer
