"""Good files, spoilt by chance: in their bytes, their XML and their cells. Whatever comes of it is a
reading that leaves out no row without a word, or a refusal. The long runs are marked slow.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape

import pytest
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracker.workbook.files import HEADINGS, bare_parts, bare_row, bare_sheet, case, make_workbook, read
from tests.tracker.workbook.honest_ods import ods, row
from tracker.workbook.guard import Refused
from tracker.workbook.headings import KEYS
from tracker.workbook.reading import Reading
from tracker.workbook.stored import letters
from tracker.workbook.words import clean

CASES = [case(pin=f"{n:06}", person=f"Person {n}") for n in range(1, 9)]
SHEET = "xl/worksheets/sheet1.xml"
TEXTS = [[str(v) if v is not None else "" for v in line] for line in CASES]
TYPED = "".join(bare_row([escape(text) for text in texts]) for texts in [HEADINGS, *TEXTS])
GOOD = {
    "shared texts": make_workbook(CASES),
    "an opendocument": ods(row(HEADINGS) + "".join(map(row, CASES))),
}
PARTS: dict[str, dict[str, bytes]] = {}
for name, data in GOOD.items():
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        PARTS[name] = {part: archive.read(part) for part in archive.namelist()}
PARTS["inline texts"] = {part: xml.encode() for part, xml in bare_parts(bare_sheet(TYPED)).items()}

BITS = (
    "", " ", "<", ">", "/", "&", "&amp;", "&#0;", "&#x1F600;", "]]>", "<!--", "<?x?>",
    "<!DOCTYPE x>", "\x00", "\xff",
    "-1", "0", "99999999999999999999", "1e999", "nan", "A0", "ZZZ99", "XFD1048577", "true", "xml:", "x:",
    "'", '"',
    "<row>", "</row>", "<c>", "</c>", "<c/>", "<v>1</v>", "<is/>", 'r="2"', ' t="s"', ' t="b"', ' hidden="1"',
)  # fmt: skip
HURRIED = settings(max_examples=150)
PATIENT = settings(max_examples=4_000)


@st.composite
def spoilt(draw: st.DrawFn, data: bytes) -> bytes:
    """Replace, cut out, double or insert something at a few places."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        piece = data[start:end]
        other = draw(st.sampled_from(BITS).map(lambda text: text.encode()) | st.binary(max_size=4))
        data = data[:start] + draw(st.sampled_from([other, b"", piece * 2, other + piece])) + data[end:]
    return data


@st.composite
def spoilt_elements(draw: st.DrawFn, data: bytes) -> bytes:
    """Rename an element from some row or text on, or give one attribute another value."""
    text = data.decode()
    elements = sorted(set(re.findall(r"</([\w:]+)", text)))
    renaming: bool = draw(st.booleans())
    if elements and renaming:
        element = draw(st.sampled_from(elements))
        other = draw(st.sampled_from(["x", "row", "c", "v", "t", "f", "is", "si", "p", "extLst"]))
        starts = [match.start() for match in re.finditer(r"<(?:row|si|[\w:]+-row)\b", text)]
        start = draw(st.sampled_from([0, *starts]))
        renamed = re.sub(rf"(</?){re.escape(element)}\b", rf"\1{other}", text[start:])
        return (text[:start] + renamed).encode()
    values = list(re.finditer(r'[\w:]+="([^"]*)"', text))
    if not values:
        return data
    match = draw(st.sampled_from(values))
    other = escape(draw(st.sampled_from(BITS)).replace('"', "").replace("\x00", ""), {"<": "&lt;"})
    return f"{text[: match.start(1)]}{other}{text[match.end(1) :]}".encode()


@st.composite
def spoilt_packages(draw: st.DrawFn) -> dict[str, bytes]:
    """Take a good file's parts and spoil one of them."""
    parts = PARTS[draw(st.sampled_from(sorted(PARTS)))]
    # Mostly the sheet: the other parts say little about the rows.
    name = draw(st.sampled_from([*parts, *[n for n in parts if n in (SHEET, "content.xml")] * 10]))
    return {**parts, name: draw(spoilt(parts[name]) | spoilt_elements(parts[name]))}


def zipped_bytes(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return output.getvalue()


def read_or_refused(data: bytes) -> Reading | None:
    """Read it; a refusal is a sentence, and any other error is the test's failure."""
    try:
        return read(data)
    except Refused as refusal:
        said = str(refusal)
    assert re.fullmatch(r"[A-Z“].*\.", said, re.DOTALL)
    return None


def accounted_for(reading: Reading) -> set[int]:
    """Give every row that the reading says anything about."""
    rows = (
        {row.row for row in reading.rows} | {m.row for m in reading.messages if m.row} | {reading.header_row}
    )
    for not_row in reading.not_rows:
        last = re.fullmatch(r"blank, to row (\d+)", not_row.why)
        rows |= {*range(not_row.row, int(last[1]) + 1)} if last else {not_row.row}
    return rows


def rows_with_values(parts: dict[str, bytes]) -> Iterator[int]:
    """Give the rows of the only sheet that hold something, by a parser of its own."""
    try:
        sheet: Element = fromstring(parts[SHEET])
    except (KeyError, ParseError, DefusedXmlException, ValueError, LookupError):
        return
    number = 0
    for found in sheet.iter():
        if found.tag.rpartition("}")[2] != "row":
            continue
        number = int(found.get("r") or number + 1)
        held = [e for e in found.iter() if e.tag.rpartition("}")[2] in ("v", "t")]
        if any((e.text or "").strip() for e in held):
            yield number


def check_package(parts: dict[str, bytes]) -> None:
    """Read a spoilt file and miss no row of its sheet."""
    reading = read_or_refused(zipped_bytes(parts))

    if reading is None:
        return
    accounted = accounted_for(reading)
    assert {*rows_with_values(parts)} <= accounted
    # The other way round: a person who still stands in the file is read, or something is said of the row.
    content = b"".join(parts.values())
    read_as = repr(reading.rows)
    for number, values in enumerate(CASES, start=2):
        person = str(values[1])
        assert f"{person}<".encode() not in content or person in read_as or number in accounted


@HURRIED
@given(st.sampled_from(sorted(GOOD)).flatmap(lambda name: spoilt(GOOD[name])))
def test_a_file_with_spoilt_bytes_is_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


@HURRIED
@given(spoilt_packages())
def test_a_file_with_spoilt_xml_misses_no_row_without_a_word(parts: dict[str, bytes]) -> None:
    check_package(parts)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@PATIENT
@given(st.sampled_from(sorted(GOOD)).flatmap(lambda name: spoilt(GOOD[name])))
def test_thousands_of_files_with_spoilt_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refused(data)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@PATIENT
@given(spoilt_packages())
def test_thousands_of_files_with_spoilt_xml_miss_no_row_without_a_word(parts: dict[str, bytes]) -> None:
    check_package(parts)


# What people and programs leave in cells. No control characters: XML has none.
ODD = st.sampled_from(
    [
        "Total", "total cases: 5", "PIN", "Person", "Stage", "closed", "Closed ", "PIN 7", "#12", "OO12",
        "12.0", "\uff11\uff12", "\u0663", "\u00b2", "1e5", "TBC", "31/02/26", "12/25/26", "1/12", "+7",
        "today", "-", "=1", "#REF!", "TRUE", "\u200b", "\u00a0", "a\u0301", "see row above",
        "Ann 12 November", "a" * 130, "a" * 2_001, "_x0041_", "_xD83D_",
    ]
)  # fmt: skip
FREE = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=12)
KINDS = ("inlineStr", "n", "str", "d", "b", "e")
CELL = st.tuples(st.sampled_from(KINDS + ("inlineStr",) * 6), ODD | FREE)
BLANK = ("inlineStr", "")
LINES = st.lists(st.lists(CELL | st.just(BLANK), min_size=10, max_size=10), min_size=1, max_size=6)
Line = list[tuple[str, str]]


def cell_xml(kind: str, value: str) -> str:
    """Give a cell of any type, whether the value fits or not."""
    if kind == "inlineStr":
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c t="{kind}"><v>{escape(value)}</v></c>'


def check_cells(lines: list[Line]) -> None:
    """Every row is accounted for, and every text that is not taken as it stands has a message."""
    rows = "".join(f"<row>{''.join(cell_xml(*cell) for cell in line)}</row>" for line in lines)
    parts = {n: x.encode() for n, x in bare_parts(bare_sheet(bare_row(HEADINGS) + rows)).items()}
    reading = read_or_refused(zipped_bytes(parts))
    assert reading is not None
    assert {n for n, line in enumerate(lines, start=2) if any(clean(v) for _, v in line)} <= accounted_for(
        reading
    )
    told = {message.cell for message in reading.messages}
    for found in reading.rows:
        for column, (kind, value) in enumerate(lines[found.row - 2], start=1):
            text, taken = clean(value), found.values()[KEYS[column - 1]]
            if kind == "inlineStr" and "_x" not in text and text != (taken or ""):
                assert f"Tracker!{letters(column)}{found.row}" in told


@HURRIED
@given(LINES)
def test_no_odd_value_of_a_cell_is_lost_or_changed_without_a_word(lines: list[Line]) -> None:
    check_cells(lines)


@pytest.mark.slow
@pytest.mark.timeout(1_200)
@PATIENT
@given(LINES)
def test_none_of_thousands_of_odd_values_is_lost_or_changed_without_a_word(lines: list[Line]) -> None:
    check_cells(lines)
