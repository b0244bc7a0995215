"""Workbooks made for tests: by XlsxWriter, or out of bare XML where it would be too polite."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped] # it ships no types
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # the same
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # the same

from tracker.workbook.headings import FIELDS
from tracker.workbook.read import read_workbook
from tracker.workbook.reading import Message, Reading

DATA = Path(__file__).parents[2] / "data"
TODAY = date(2026, 11, 20)
HEADINGS = [field.heading for field in FIELDS]

_CONTENT_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="xml" ContentType="application/xml"/></Types>"""
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
{links}</Relationships>"""


def make_workbook(
    rows: Sequence[Sequence[object]],
    *,
    headings: Sequence[str] = HEADINGS,
    above: Sequence[str] = (),
    name: str = "Tracker",
    options: Mapping[str, object] | None = None,
    also: Callable[[Workbook, Worksheet], None] = lambda book, sheet: None,
) -> bytes:
    """Write texts as texts, numbers as numbers and dates as dates under the headings.

    `above` are lines before the headings; `also` does more to the book before it is closed.
    """
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"default_date_format": "dd/mm/yy", **(options or {})})
    sheet = book.add_worksheet(name)
    for number, line in enumerate([*([text] for text in above), headings, *rows]):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    also(book, sheet)
    book.close()
    return output.getvalue()


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip parts, deflated."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def bare_parts(sheet: str, *, shared: str = "", workbook: str = "") -> dict[str, str]:
    """Give the parts of a workbook around the XML of its only sheet, as a plain-minded program would."""
    kinds = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
    links = "".join(
        f'<Relationship Id="{kind}" Type="{RELATION}/{kind}" Target="{target}"/>'
        for kind, target in kinds.items()
    )
    start = f'<Relationship Id="a" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    return {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": LINKS.format(links=start),
        "xl/workbook.xml": workbook
        or f'<workbook xmlns:r="{RELATION}"><sheets>'
        '<sheet name="Tracker" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": LINKS.format(links=links),
        "xl/sharedStrings.xml": shared or "<sst/>",
        "xl/worksheets/sheet1.xml": sheet,
    }


def bare_workbook(sheet: str, *, shared: str = "", workbook: str = "") -> bytes:
    """Zip such a workbook."""
    return zipped(bare_parts(sheet, shared=shared, workbook=workbook))


def bare_sheet(rows: str, after: str = "") -> str:
    """Give the XML of a sheet from that of its rows, and what stands after them."""
    return f"<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>"


def bare_row(values: Sequence[str], attributes: str = "") -> str:
    """Give a row of inline texts without any cell reference."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f"<row {attributes}>{cells}</row>"


def read(data: bytes) -> Reading:
    """Read in this process, on the day of the tests."""
    return read_workbook(data, today=TODAY)


def told(reading: Reading, cell: str) -> list[Message]:
    """Give the messages at one cell of the sheet."""
    return [message for message in reading.messages if message.cell == f"{reading.sheet}!{cell}"]


def case(**values: object) -> list[object]:
    """Give the ten cells of a sound case, some of them replaced."""
    sound: dict[str, object] = {
        "pin": "001201",
        "person": "Tess Sample",
        "stage": "Intervention underway",
        "needed": "Write up",
        "action": "Update chronology",
        "owner": "JB",
        "by_when": date(2026, 11, 27),
        "update": None,
        "difficulty": None,
        "next_meeting": date(2026, 12, 4),
    }
    return [{**sound, **values}[field.key] for field in FIELDS]
