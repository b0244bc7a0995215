"""The parts and the XML of an exported file, held against what ECMA-376 asks of them: a program that
finds otherwise offers to repair the file.
"""

import io
import posixpath
import re
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from tests.tracker.workbook.exports import make_row, make_sheet
from tracker.workbook.read import STAGES
from tracker.workbook.stored import read_area
from tracker.workbook.tracker_sheet import TrackerSheet
from tracker.workbook.write import SPARE_ROWS, write_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SHEETS = [f"xl/worksheets/sheet{n}.xml" for n in range(1, 6)]
# CT_Worksheet, part 1, 18.3.1.99: an element out of this order is damage.
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations",
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
    "tableParts", "extLst",
)  # fmt: skip
ROWS = [
    make_row(1, pin="000001", person="=cmd", stage=STAGES[1], needed="Write up", extra={"RAG": "-1"}),
    make_row(2, pin="000002", person="@Ed", action="'quoted", update="+44", extra={"RAG": None}),
]
AWKWARD = replace(
    make_sheet(ROWS, columns=["RAG"]), team="&" * 150, exported_by="A & \x01 <b> " + "&" * 300, locality="]]>"
)


@pytest.fixture(params=["usual", "awkward", "blank"])
def tracker(request: pytest.FixtureRequest) -> TrackerSheet:
    usual = make_sheet(ROWS, columns=["RAG"])
    return {"usual": usual, "awkward": AWKWARD, "blank": make_sheet([], needed=[], difficulties=[])}[
        request.param
    ]


@pytest.fixture
def parts(tracker: TrackerSheet) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(write_workbook(tracker))) as archive:
        assert archive.testzip() is None
        assert len({name.lower() for name in archive.namelist()}) == len(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def xml(parts: dict[str, bytes], name: str) -> Element:
    root: Element = fromstring(parts[name])
    return root


def test_every_part_has_a_content_type_and_every_content_type_a_part(parts: dict[str, bytes]) -> None:
    types = xml(parts, "[Content_Types].xml")
    overrides = [e.get("PartName", "").lstrip("/") for e in types if e.tag.endswith("Override")]
    defaults = {e.get("Extension") for e in types if e.tag.endswith("Default")}

    assert len(set(overrides)) == len(overrides)
    assert set(overrides) <= parts.keys()
    for name in parts.keys() - {*overrides, "[Content_Types].xml"}:
        assert name.rpartition(".")[2] in defaults


def test_every_link_leads_to_a_part_and_has_its_own_id(parts: dict[str, bytes]) -> None:
    for name in parts:
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        links = list(xml(parts, name))
        assert len({link.get("Id") for link in links}) == len(links)
        for link in links:
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
            assert target.lstrip("/") in parts


def test_elements_of_a_sheet_stand_in_the_order_of_the_standard(parts: dict[str, bytes]) -> None:
    for name in SHEETS:
        places = [ORDER.index(child.tag.removeprefix(MAIN)) for child in xml(parts, name)]
        assert places == sorted(places)


def test_cells_name_styles_that_exist_hold_their_texts_and_rows_go_down(parts: dict[str, bytes]) -> None:
    styles = len(xml(parts, "xl/styles.xml").findall(f"{MAIN}cellXfs/{MAIN}xf"))
    for name in SHEETS:
        root = xml(parts, name)
        numbers = [int(row.get("r", 0)) for row in root.iter(f"{MAIN}row")]
        assert numbers == sorted(set(numbers))
        for cell in root.iter(f"{MAIN}c"):
            assert int(cell.get("s", 0)) < styles
            if cell.get("t") == "inlineStr":
                assert cell.find(f"{MAIN}is/{MAIN}t") is not None
            else:
                assert cell.get("t", "n") == "n"


def test_drop_downs_are_counted_within_their_limits_and_reach_beyond_the_last_row(
    parts: dict[str, bytes], tracker: TrackerSheet
) -> None:
    rules = xml(parts, SHEETS[0]).find(f"{MAIN}dataValidations")

    assert rules is not None
    assert rules.get("count") == str(len(rules))
    areas = [read_area(rule.get("sqref", "")) for rule in rules if rule.get("type") in ("list", "date")]
    assert {area.bottom for area in areas if area} == {tracker.last_row + SPARE_ROWS}
    assert not any(a.meets(b) for n, a in enumerate(areas) for b in areas[n + 1 :] if a and b)
    for rule in rules:
        lengths = [len(rule.get(name, "")) for name in ("promptTitle", "errorTitle", "prompt", "error")]
        assert all(length <= most for length, most in zip(lengths, (32, 32, 255, 255), strict=True))


def test_names_are_defined_once_and_lead_to_sheets(parts: dict[str, bytes]) -> None:
    book = xml(parts, "xl/workbook.xml")
    sheets = [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]

    names = [(name.get("name"), name.get("localSheetId")) for name in book.iter(f"{MAIN}definedName")]
    assert max(Counter(names).values(), default=1) == 1
    for name in book.iter(f"{MAIN}definedName"):
        assert (name.text or "").partition("!")[0].strip("'") in sheets
    assert all(0 < len(sheet) <= 31 for sheet in sheets)
    assert len({sheet.get(LINK_ID) for sheet in book.iter(f"{MAIN}sheet")}) == len(sheets)


def test_headers_and_footers_keep_to_their_length(parts: dict[str, bytes]) -> None:
    for name in SHEETS:
        for margin in xml(parts, name).findall(f"{MAIN}headerFooter/*"):
            assert len(margin.text or "") <= 255


def test_no_text_of_anybody_is_a_formula(parts: dict[str, bytes]) -> None:
    formulas = {
        name: [f.text or "" for f in xml(parts, name).iter(f"{MAIN}f")]
        for name in SHEETS
        if name != SHEETS[1]
    }

    assert formulas == {name: [] for name in formulas}


def test_texts_like_formulas_are_marked_as_texts() -> None:
    with zipfile.ZipFile(io.BytesIO(write_workbook(make_sheet(ROWS, columns=["RAG"])))) as archive:
        styles = fromstring(archive.read("xl/styles.xml")).findall(f"{MAIN}cellXfs/{MAIN}xf")
        sheet = fromstring(archive.read(SHEETS[0]))

    marked = {
        c.get("r") for c in sheet.iter(f"{MAIN}c") if styles[int(c.get("s", 0))].get("quotePrefix") == "1"
    }
    assert marked == {"B2", "K2", "B3", "E3", "H3"}


def test_formulas_of_the_summary_count_rows_beyond_the_last(
    parts: dict[str, bytes], tracker: TrackerSheet
) -> None:
    formulas = [f.text or "" for f in xml(parts, SHEETS[1]).iter(f"{MAIN}f")]

    ends = {int(end) for f in formulas for end in re.findall(r"Tracker!\$[A-Z]+\$2:\$[A-Z]+\$(\d+)", f)}
    assert ends == {tracker.last_row + SPARE_ROWS}


def test_the_summary_has_charts_over_its_own_cells(parts: dict[str, bytes]) -> None:
    charts = [name for name in parts if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]

    assert len(charts) == 2
    for name in charts:
        references = re.findall(rb"<(?:c:)?f>([^<]+)</", parts[name])
        assert references
        assert all(reference.startswith(b"'Summary'!") for reference in references)
