"""What an exported file is like for those who open it. openpyxl looks at it, not our reader."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from tests.tracker.workbook.exports import DIFFICULTIES, NEEDED, make_row, make_sheet
from tests.tracker.workbook.files import HEADINGS, read
from tracker.workbook.read import STAGES
from tracker.workbook.tracker_sheet import SheetRow
from tracker.workbook.write import write_workbook

ROWS = [
    make_row(
        41,
        pin="000001",
        person="=cmd",
        stage=STAGES[1],
        needed="Write up",
        by_when=date(2022, 1, 20),
        extra={"RAG": "Red"},
        colour="F8CBAD",
    ),
    make_row(42, pin="000002", person="Ed Test", needed="Not in the list"),
]


def written(rows: list[SheetRow] = ROWS) -> Workbook:
    return load_workbook(io.BytesIO(write_workbook(make_sheet(rows, columns=["RAG"]))))


def test_it_has_the_three_tabs_and_hidden_sheets_behind_them() -> None:
    book = written()

    assert [(sheet.title, sheet.sheet_state) for sheet in book.worksheets] == [
        ("Tracker", "visible"),
        ("Summary", "visible"),
        ("Toolkit", "visible"),
        ("Lists", "hidden"),
        ("ICM", "veryHidden"),
    ]


def test_the_first_row_has_the_guides_headings_and_the_teams_columns() -> None:
    sheet = written()["Tracker"]

    assert [cell.value for cell in sheet[1]] == [*HEADINGS, "RAG"]


def test_headings_and_names_stay_in_sight_and_can_be_filtered() -> None:
    sheet = written()["Tracker"]

    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:K3")


def test_pins_are_text_and_dates_are_dates() -> None:
    sheet = written()["Tracker"]

    assert (sheet["A2"].value, sheet["A2"].number_format) == ("000001", "@")
    assert (sheet["G2"].value, sheet["G2"].number_format) == (datetime(2022, 1, 20), "dd/mm/yy")  # noqa: DTZ001 - as openpyxl gives it


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = written([make_row(action=text, person="A")])["Tracker"]["E2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_drop_downs_offer_the_lists_beyond_the_last_row() -> None:
    sheet = written()["Tracker"]

    rules = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert rules["C2:C503"] == f"Lists!$A$2:$A${len(STAGES) + 1}"
    assert rules["D2:D503"] == f"Lists!$B$2:$B${len(NEEDED) + 1}"
    assert rules["I2:I503"] == f"Lists!$C$2:$C${len(DIFFICULTIES) + 1}"


def test_a_coloured_row_is_coloured_from_end_to_end() -> None:
    sheet = written()["Tracker"]

    assert {cell.fill.fgColor.rgb for cell in sheet[2]} == {"FFF8CBAD"}


def test_every_tab_prints_on_a4_across() -> None:
    book = written()

    pages = [book[tab].page_setup for tab in ("Tracker", "Summary", "Toolkit")]
    assert [(page.orientation, str(page.paperSize)) for page in pages] == [("landscape", "9")] * 3


def test_the_summary_is_locked() -> None:
    assert written()["Summary"].protection.sheet


def test_every_tab_says_that_it_is_a_copy() -> None:
    book = written()
    stamp = "Copy, not live: exported 20/11/26 14:05 by Olive Officer"

    assert [book[tab]["A2"].value for tab in ("Summary", "Toolkit")] == [stamp, stamp]
    footer = book["Tracker"].oddFooter
    assert footer is not None
    assert stamp in str(footer.left.text)
    assert any(v.prompt == stamp for v in book["Tracker"].data_validations.dataValidation)


def test_an_export_without_rows_or_lists_can_be_opened_and_read() -> None:
    data = write_workbook(make_sheet([], needed=[], difficulties=[]))

    assert read(data).rows == ()


def test_a_sorted_and_edited_export_knows_its_rows_by_pin_and_place() -> None:
    book = written([make_row(41, pin="1", person="A"), make_row(42, pin="2", person="B")])
    sheet = book["Tracker"]
    for column in "AB":
        sheet[f"{column}2"].value, sheet[f"{column}3"].value = (
            sheet[f"{column}3"].value,
            sheet[f"{column}2"].value,
        )
    sheet["A4"].value = "3"
    output = io.BytesIO()
    book.save(output)

    rows = read(output.getvalue()).rows

    assert [row.ref and row.ref.row_id for row in rows] == [42, 41, None]


def test_the_toolkits_ideas_stand_under_their_need() -> None:
    sheet = written()["Toolkit"]

    assert [cell.value for cell in sheet["A"]][3:] == [
        "Write up",
        "Protect two hours",
        "=not a formula",
        None,
        "Home visit",
    ]
