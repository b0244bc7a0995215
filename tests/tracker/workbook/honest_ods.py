"""Honest OpenDocument files, as LibreOffice and others write them: the same two cases."""

from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape

from tests.tracker.workbook.files import HEADINGS, case, zipped
from tests.tracker.workbook.made import ROWS, reads

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for prefix, space in {
        "office": "office", "table": "table", "text": "text", "style": "style", "fo": "xsl-fo-compatible",
        "manifest": "manifest",
    }.items()
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
REST = '<table:table-row table:number-rows-repeated="1048500"><table:table-cell/></table:table-row>'


def cell(value: object, attributes: str = "") -> str:
    """Give a cell with its value and the text that is shown."""
    if value is None:
        return f"<table:table-cell {attributes}/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        shown = f"{value:%d/%m/%y}"
    elif isinstance(value, int):
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', escape(str(value))
    return f"<table:table-cell {kind} {attributes}><text:p>{shown}</text:p></table:table-cell>"


def row(values: Sequence[object], attributes: str = "") -> str:
    """Give a row of such cells."""
    return f"<table:table-row {attributes}>{''.join(map(cell, values))}</table:table-row>"


def ods(rows: str, *, name: str = "Tracker", styles: str = "", before: str = "", after: str = "") -> bytes:
    """Zip a document around the rows of its only table."""
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f'<office:body><office:spreadsheet>{before}<table:table table:name="{name}">'
        f'<table:table-column table:number-columns-repeated="1024"/>{rows}{REST}</table:table>{after}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": MIMETYPE, "content.xml": content})


TYPICAL = row(HEADINGS) + "".join(map(row, ROWS))


@reads()
def by_libreoffice_as_opendocument() -> bytes:
    return ods(TYPICAL)


@reads(at=(3, 4), told={"A1": "above_headings"})
def as_opendocument_with_a_title_and_headings_in_their_own_group() -> bytes:
    rows = f"{row(['Our team'])}<table:table-header-rows>{row(HEADINGS)}</table:table-header-rows>"
    return ods(rows + f"<table:table-rows>{''.join(map(row, ROWS))}</table:table-rows>")


@reads(
    told={
        "A1": "rows_hidden",
        "E2": "comment",
        "A2": "pin_from_number",
        "F2": "cell_error",
        "D2": "formula_unsaved",
    },
    rows={
        2: {"pin": "001201", "action": "Ring  the\nschool", "owner": None, "needed": None},
        3: {"pin": "001202"},
    },
)
def as_opendocument_with_comments_spaces_errors_and_hidden_rows() -> bytes:
    first = case(pin=None, needed=None, action=None, owner=None)
    shown = row(first)
    blank = "<table:table-cell />"
    values = (
        '<table:table-cell office:value-type="float" office:value="1201"><text:p>001201</text:p>'
        "</table:table-cell>",
        '<table:table-cell table:formula="of:=[.A1]"/>',
        '<table:table-cell office:value-type="string"><office:annotation><text:p>Not this</text:p>'
        "</office:annotation><text:p>Ring <text:s/>the</text:p><text:p><text:span>school</text:span></text:p>"
        "</table:table-cell>",
        '<table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>',
    )
    for value in values:
        shown = shown.replace(blank, value, 1)
    return ods(row(HEADINGS) + shown + row(ROWS[1], 'table:visibility="filter"'))


@reads(
    told={"A2": "pin_duplicate", "A3": "pin_duplicate", "A4": "pin_duplicate"},
    rows={n: {"pin": "001201", "needed": "Write up", "action": "Write up"} for n in (2, 3, 4)},
)
def as_opendocument_with_rows_and_cells_that_repeat() -> bytes:
    repeated = row(case(needed=None, action=None), 'table:number-rows-repeated="3"')
    both = cell("Write up", 'table:number-columns-repeated="2"')
    return ods(row(HEADINGS) + repeated.replace("<table:table-cell /><table:table-cell />", both, 1))


@reads(told={"D2": "needed_unknown"}, needed="Panel")
def as_opendocument_with_a_drop_down_and_a_coloured_row() -> bytes:
    styles = (
        '<style:style style:name="c1" style:family="table-cell">'
        '<style:table-cell-properties fo:background-color="#ffc000"/></style:style>'
    )
    rule = (
        '<table:content-validations><table:content-validation table:name="v1" '
        'table:condition="of:cell-content-is-in-list(&quot;Write up&quot;;&quot;Meet, then write&quot;)"/>'
        "</table:content-validations>"
    )
    first = row(case(needed="Panel"))
    first = first.replace("<table:table-cell ", '<table:table-cell table:style-name="c1" ')
    first = first.replace(
        '"string" ><text:p>Panel', '"string" table:content-validation-name="v1"><text:p>Panel'
    )
    return ods(row(HEADINGS) + first + row(ROWS[1]), styles=styles, before=rule)
