"""Honest files by how different programs write them; what they hold is always the same two cases."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from xml.sax.saxutils import escape

from openpyxl import Workbook

from tests.tracker.workbook.exports import make_row, make_sheet
from tests.tracker.workbook.files import (
    HEADINGS,
    LINKS,
    RELATION,
    bare_parts,
    bare_row,
    bare_sheet,
    bare_workbook,
    make_workbook,
    zipped,
)
from tests.tracker.workbook.made import CELLS, ROWS, TABLE, TEXTS, reads
from tracker.workbook.headings import KEYS
from tracker.workbook.stored import letters
from tracker.workbook.write import write_workbook

# Where a writer keeps a date as text: told at its cell, and right.
TYPED = dict.fromkeys(("G2", "J2", "G3", "J3"), "date_from_text")
TYPED_ROWS = "".join(bare_row([escape(text) for text in row]) for row in TABLE)
DAYS = {date(2026, 11, 27): 46353, date(2026, 11, 30): 46356, date(2026, 12, 4): 46360}


def cells(number: int, row: Sequence[object], *, day: str = '<c r="{}" s="1"><v>{}</v></c>') -> str:
    """Give the cells of a row with their references, texts inline and dates as numbers."""
    xml = ""
    for column, value in enumerate(row, start=1):
        place = f"{letters(column)}{number}"
        if isinstance(value, date):
            xml += day.format(place, DAYS[value])
        elif value is not None:
            xml += f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
    return xml


def numbered(rows: Iterable[Sequence[object]], *, day: str = '<c r="{}" s="1"><v>{}</v></c>') -> str:
    """Give rows with their numbers and references."""
    return "".join(f'<row r="{n}">{cells(n, row, day=day)}</row>' for n, row in enumerate(rows, start=1))


STYLES = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'


def with_styles(sheet: str) -> dict[str, str]:
    """Give a workbook whose second style is a date."""
    parts = bare_parts(sheet)
    link = f'<Relationship Id="s" Type="{RELATION}/styles" Target="styles.xml"/></Relationships>'
    links = parts["xl/_rels/workbook.xml.rels"].replace("</Relationships>", link)
    return {**parts, "xl/_rels/workbook.xml.rels": links, "xl/styles.xml": STYLES}


@reads()
def by_xlsxwriter() -> bytes:
    return make_workbook(ROWS)


@reads()
def by_xlsxwriter_row_by_row_with_inline_texts() -> bytes:
    return make_workbook(ROWS, options={"constant_memory": True})


@reads()
def by_openpyxl() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Tracker"
    for row in CELLS:
        sheet.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


@reads()
def by_ourselves() -> bytes:
    rows = [make_row(n, **dict(zip(KEYS, row, strict=True))) for n, row in enumerate(ROWS, start=1)]  # type: ignore[arg-type] # the cells of a case are texts and dates
    return write_workbook(make_sheet(rows))


@reads()
def by_excel_with_shared_texts_and_spans() -> bytes:
    texts = list(dict.fromkeys(str(v) for row in CELLS for v in row if isinstance(v, str)))
    rows = numbered(CELLS)
    for number, text in enumerate(texts):
        inline = f't="inlineStr"><is><t>{escape(text)}</t></is>'
        rows = rows.replace(inline, f't="s"><v>{number}</v>')
    parts = with_styles(bare_sheet(rows.replace("<row ", '<row spans="1:10" x14ac:dyDescent="0.25" ')))
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    return zipped({**parts, "xl/sharedStrings.xml": f'<sst count="99" uniqueCount="99">{shared}</sst>'})


@reads()
def by_google_sheets_without_a_dimension() -> bytes:
    rows = numbered(CELLS).replace("<row ", '<row ht="15.75" customHeight="1" ')
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main"><sheetViews>'
        '<sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1"/>'
        f"<sheetData>{rows}</sheetData><drawing/></worksheet>"
    )
    return zipped(with_styles(sheet))


@reads(told=TYPED)
def by_sheetjs_with_texts_as_results() -> bytes:
    rows = numbered(TABLE).replace('t="inlineStr"><is><t>', 't="str"><v>').replace("</t></is>", "</v>")
    return bare_workbook(bare_sheet(rows))


@reads()
def by_sheetjs_with_dates_as_iso() -> bytes:
    xml = numbered(CELLS, day='<c r="{}" t="d"><v>{}</v></c>')
    for day, number in DAYS.items():
        xml = xml.replace(f"<v>{number}</v>", f"<v>{day.isoformat()}T00:00:00.000Z</v>")
    return bare_workbook(bare_sheet(xml))


@reads()
def by_a_reporting_tool_with_prefixes_on_everything() -> bytes:
    parts = with_styles(bare_sheet(numbered(CELLS)))
    prefixed = {name: re.sub(r"<(/?)(\w)", r"<\1x:\2", xml) for name, xml in parts.items()}
    return zipped({n: re.sub(r"<x:\w+", r'\g<0> xmlns:x="any"', xml, count=1) for n, xml in prefixed.items()})


@reads(told=TYPED)
def without_any_reference() -> bytes:
    return bare_workbook(bare_sheet(TYPED_ROWS))


@reads(at=(5, 6))
def with_references_on_cells_and_none_on_rows() -> bytes:
    rows = "".join(f"<row>{cells(n, row)}</row>" for n, row in enumerate(CELLS, start=4))
    return zipped(with_styles(bare_sheet(rows)))


@reads()
def with_a_wrong_dimension() -> bytes:
    sheet = bare_sheet(numbered(CELLS)).replace("<sheetData>", '<dimension ref="A1"/><sheetData>')
    return zipped(with_styles(sheet))


@reads(told=dict.fromkeys(TYPED, "date_from_number"))
def without_styles() -> bytes:
    return bare_workbook(bare_sheet(numbered(CELLS)))


@reads(told=TYPED)
def without_shared_texts() -> bytes:
    parts = bare_parts(bare_sheet(TYPED_ROWS))
    del parts["xl/sharedStrings.xml"]
    return zipped(parts)


@reads(told=TYPED)
def with_inline_texts_whose_type_is_left_out() -> bytes:
    return bare_workbook(bare_sheet(TYPED_ROWS.replace(' t="inlineStr"', "")))


@reads(told=TYPED)
def with_links_from_the_root_of_the_package() -> bytes:
    parts = bare_parts(bare_sheet(TYPED_ROWS))
    return zipped(
        {n: x.replace('Target="', 'Target="/xl/').replace("/xl/xl/", "/xl/") for n, x in parts.items()}
    )


@reads(told=TYPED)
def with_backslashes_in_the_names_of_its_parts() -> bytes:
    parts = bare_parts(bare_sheet(TYPED_ROWS))
    return zipped(
        {n.replace("/", "\\"): xml.replace("worksheets/", "worksheets\\") for n, xml in parts.items()}
    )


@reads()
def by_excel_as_a_strict_open_xml_workbook() -> bytes:
    xml = numbered(CELLS, day='<c r="{}" t="d" s="1"><v>{}</v></c>')
    for day, number in DAYS.items():
        xml = xml.replace(f"<v>{number}</v>", f"<v>{day.isoformat()}</v>")
    parts = with_styles(bare_sheet(xml))
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    return zipped({name: part.replace(RELATION, strict) for name, part in parts.items()})


@reads(told=TYPED)
def with_macros() -> bytes:
    parts = bare_parts(bare_sheet(TYPED_ROWS))
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", types)
    return zipped({**parts, "xl/vbaProject.bin": "\x00\x01"})


@reads(told=TYPED)
def in_two_bytes_a_character() -> bytes:
    xml = f'<?xml version="1.0" encoding="UTF-16"?>{bare_sheet(TYPED_ROWS)}'
    return zipped({**bare_parts(""), "xl/worksheets/sheet1.xml": xml.encode("utf-16")})


@reads(told=TYPED)
def with_folders_and_stored_parts_in_the_zip() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/", "")
        archive.writestr("xl/worksheets/", "")
        for name, xml in bare_parts(bare_sheet(TYPED_ROWS)).items():
            archive.writestr(name, xml)
    return output.getvalue()


@reads(told=TYPED)
def with_rows_out_of_order() -> bytes:
    one, two, three = (f'<row r="{n}">{cells(n, row)}</row>' for n, row in enumerate(TABLE, start=1))
    return bare_workbook(bare_sheet(three + one + two))


@reads(told=TYPED)
def with_small_letters_in_references() -> bytes:
    rows = numbered(TABLE)
    for column in range(1, 11):
        rows = rows.replace(f'r="{letters(column)}', f'r="{letters(column).lower()}')
    return bare_workbook(bare_sheet(rows))


@reads(told=TYPED)
def with_a_chart_sheet_first_and_a_sheet_for_every_week() -> bytes:
    parts = bare_parts(bare_sheet(TYPED_ROWS))
    weeks = range(2, 120)
    links = f'<Relationship Id="c" Type="{RELATION}/chartsheet" Target="chartsheets/a.xml"/>' + "".join(
        f'<Relationship Id="w{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in weeks
    )
    parts["xl/_rels/workbook.xml.rels"] = LINKS.format(
        links=links
        + f'<Relationship Id="worksheet" Type="{RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    )
    sheets = "".join(f'<sheet name="Week {n}" sheetId="{n}" r:id="w{n}"/>' for n in weeks)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "<sheets>", f'<sheets><sheet name="Chart" sheetId="999" r:id="c"/>{sheets}'
    )
    for n in weeks:
        parts[f"xl/worksheets/sheet{n}.xml"] = bare_sheet(bare_row(["Minutes", "of the week"]))
        parts[f"xl/worksheets/_rels/sheet{n}.xml.rels"] = LINKS.format(links="")
    return zipped(parts)


@reads(told=TYPED, action="Ring A & B <today>\nor tomorrow")
def with_texts_in_character_data_and_by_number() -> bytes:
    first = [*TEXTS[0]]
    rows = "".join(bare_row([escape(text) for text in row]) for row in [HEADINGS, first, TEXTS[1]])
    text = "<![CDATA[Ring A & B ]]>&lt;&#x74;oday&#62;&#10;or tomorrow"
    return bare_workbook(bare_sheet(rows.replace(escape(first[4]), text, 1)))
