"""What is exported comes back to the letter, whatever people wrote."""

import unicodedata
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracker.workbook.exports import DIFFICULTIES, NEEDED, make_row, make_sheet
from tests.tracker.workbook.files import read
from tracker.workbook.headings import EXTRA_MOST, FIELDS, KEYS
from tracker.workbook.read import STAGES
from tracker.workbook.tracker_sheet import SheetRow
from tracker.workbook.write import write_workbook

AWKWARD = st.sampled_from(
    [
        "=1+1", "+44", "-", "- ring", "@home", "'quoted", "20/1/22", "001", "1e5", "TRUE", "#N/A",
        "_x000D_", "_x005F_x000D_", "a_x0041_b", "a\nb", "<b>&amp;</b>", "]]>", "Total", "PIN 1",
        "\ufeffa", "\uffff", "👩‍👧", "a\u2028b", "Closed", "none",
    ]
)  # fmt: skip
COLUMNS = ("RAG", "Allocated SW", "=odd heading")


def text_of(most: int) -> st.SearchStrategy[str | None]:
    """Give every text that a cell's form accepts: NFC, line feeds, trimmed, no controls."""
    characters = st.characters(exclude_categories=("Cc", "Cs")) | st.just("\n")
    free = st.text(characters, max_size=60).map(lambda t: unicodedata.normalize("NFC", t).strip())
    return (AWKWARD | free).map(lambda text: text[:most].strip() or None)


DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
ROW = st.fixed_dictionaries(
    {
        **{field.key: text_of(field.most or 0) for field in FIELDS},
        "stage": st.none() | st.sampled_from(STAGES),
        "needed": st.none() | st.sampled_from(NEEDED) | AWKWARD,
        "difficulty": st.none() | st.sampled_from(DIFFICULTIES),
        "by_when": DAYS,
        "next_meeting": DAYS,
    }
)
EXTRA = st.fixed_dictionaries({heading: text_of(EXTRA_MOST) for heading in COLUMNS})
COLOURS = st.none() | st.sampled_from(["F8CBAD", "FFE0A3", "C6E0B4"])


@st.composite
def rows_of_a_tracker(draw: st.DrawFn) -> list[SheetRow]:
    """Draw rows that hold something, no PIN twice: no tracker has other ones."""
    drawn = draw(st.lists(st.tuples(ROW, EXTRA, COLOURS), max_size=6))
    rows: list[SheetRow] = []
    pins: set[str] = set()
    for number, (values, extra, colour) in enumerate(drawn, start=1):
        pin = "".join(str(values["pin"] or "").split()).casefold()
        if (values["pin"] or values["person"]) and pin not in pins - {""}:
            pins.add(pin)
            rows.append(make_row(number, extra=extra, colour=colour, **values))
    return rows


@settings(max_examples=150)
@given(rows_of_a_tracker())
def test_an_export_reads_back_as_the_same_rows(rows: list[SheetRow]) -> None:
    reading = read(write_workbook(make_sheet(rows, columns=COLUMNS)))

    back = [(dict(row.values()), dict(row.extra), row.colour, row.held_back) for row in reading.rows]
    assert back == [(dict(row.values), dict(row.extra), row.colour, None) for row in rows]


@settings(max_examples=50)
@given(rows_of_a_tracker())
def test_an_export_knows_its_rows_and_versions_again(rows: list[SheetRow]) -> None:
    reading = read(write_workbook(make_sheet(rows, columns=COLUMNS)))

    assert [row.ref and (row.ref.row_id, dict(row.ref.versions)) for row in reading.rows] == [
        (row.row_id, dict.fromkeys(KEYS, row.row_id)) for row in rows
    ]


def test_texts_of_full_length_come_back() -> None:
    values: dict[str, str | date | None] = {f.key: "ä" * f.most for f in FIELDS if f.most}

    (row,) = read(write_workbook(make_sheet([SheetRow(1, {}, values, {})]))).rows

    assert {key: row.values()[key] for key in values} == values
    assert row.held_back is None


def test_characters_that_no_form_accepts_break_nothing() -> None:
    (row,) = read(write_workbook(make_sheet([make_row(person="Te\x00ss\x0b \ud800!")]))).rows

    assert row.person == "Tess \ufffd!"


def test_five_thousand_rows_come_back() -> None:
    rows = [make_row(n, pin=f"{n:06}", person=f"Person {n}") for n in range(1, 5_001)]

    reading = read(write_workbook(make_sheet(rows)))

    assert [row.ref and row.ref.row_id for row in reading.rows] == list(range(1, 5_001))
