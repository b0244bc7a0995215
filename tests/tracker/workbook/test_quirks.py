"""What teams and programs do to a workbook over the years, and what is made of it."""

from datetime import date
from typing import Any

import pytest
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # it ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # the same

from tests.tracker.workbook.files import (
    HEADINGS,
    bare_row,
    bare_workbook,
    case,
    make_workbook,
    read,
    told,
)
from tracker.workbook.reading import Reading


def codes(reading: Reading, cell: str) -> list[str]:
    return [message.code for message in told(reading, cell)]


def test_a_workbook_without_cell_references_and_with_prefixes_is_read() -> None:
    texts = ["001201", "Tess", "Closed", "", "Two &amp; two", "", "20/1/22", "", "", ""]
    rows = (bare_row(HEADINGS) + bare_row(texts)).replace("<", "<x:").replace("<x:/", "</x:")
    sheet = f'<x:worksheet xmlns:x="any"><x:sheetData>{rows}</x:sheetData></x:worksheet>'

    (row,) = read(bare_workbook(sheet)).rows

    assert (row.row, row.pin, row.action, row.by_when) == (
        2,
        "001201",
        "Two & two",
        date(2022, 1, 20),
    )


def test_rich_and_escaped_text_is_joined_without_its_pronunciation() -> None:
    shared = (
        "<sst><si><r><t>Ring</t></r><r><rPr/><t> the_x000D_\nschool</t></r><rPh><t>no</t></rPh></si></sst>"
    )
    cells = "".join(
        f'<c r="{place}" t="{kind}">{value}</c>'
        for place, kind, value in (
            ("A2", "inlineStr", "<is><t>001201</t></is>"),
            ("B2", "inlineStr", "<is><t>Tess</t></is>"),
            ("E2", "s", "<v>0</v>"),
        )
    )
    rows = f'{bare_row(HEADINGS)}<row r="2">{cells}</row>'
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
    (row,) = read(bare_workbook(sheet, shared=shared)).rows

    assert row.action == "Ring the\nschool"


def test_dates_counted_from_1904_are_the_days_that_people_see() -> None:
    data = make_workbook([case()], options={"date_1904": True})

    assert read(data).rows[0].by_when == date(2026, 11, 27)


def test_reordered_and_reworded_headings_under_a_title_are_found() -> None:
    headings = ["Name", "PIN", "Plan stage", "What's needed", "Actions", "Who", "Due date"]
    row = ["Tess", "001201", "Closed", "Write up", "Ring", "JB", "20/1/22"]

    reading = read(make_workbook([row], headings=headings, above=["Our team", "updated weekly"]))

    assert reading.header_row == 3
    assert (reading.rows[0].pin, reading.rows[0].person) == ("001201", "Tess")
    assert codes(reading, "A3").count("column_missing") == 3


@pytest.mark.parametrize("name", ["CIN tracker 2026", "Sheet1"])
def test_a_renamed_tab_is_found(name: str) -> None:
    assert read(make_workbook([case()], name=name)).sheet == name


def test_a_second_tab_like_the_tracker_is_named_and_not_read() -> None:
    def copy(book: Workbook, _: Worksheet) -> None:
        other = book.add_worksheet("Tracker (2)")
        other.write_row(0, 0, HEADINGS)

    reading = read(make_workbook([case()], also=copy))

    assert len(reading.rows) == 1
    assert "Tracker (2)" in told(reading, "A1")[0].text


def test_the_tab_named_tracker_is_read_before_one_to_its_left() -> None:
    def tracker(book: Workbook, _: Worksheet) -> None:
        sheet = book.add_worksheet("Tracker")
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["001209", "Ann Other", "Closed"])

    reading = read(make_workbook([case()], name="Archive", also=tracker))

    assert (reading.sheet, [row.pin for row in reading.rows]) == ("Tracker", ["001209"])


def test_a_tab_with_cases_is_read_before_a_blank_one_named_tracker() -> None:
    def blank(book: Workbook, _: Worksheet) -> None:
        book.add_worksheet("Tracker").write_row(0, 0, HEADINGS)

    reading = read(make_workbook([case()], name="Archive", also=blank))

    assert (reading.sheet, len(reading.rows)) == ("Archive", 1)
    assert codes(reading, "A1") == ["other_tracker"]


def test_a_stray_cell_in_the_last_row_of_the_sheet_hides_nothing_and_costs_nothing() -> None:
    def stray(_: Workbook, sheet: Worksheet) -> None:
        sheet.write(1_048_575, 4, "x")

    reading = read(make_workbook([case(), [None], [None], case(pin="001202")], also=stray))

    assert [row.row for row in reading.rows if not row.held_back] == [2, 5]
    assert codes(reading, "B1048576") == ["nobody"]


def test_a_formula_gives_its_saved_value_and_says_when_there_is_none() -> None:
    def formulas(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula("E2", '="Ring "&"school"', None, "Ring school")
        sheet.write_formula("H2", '="x"', None, "")

    data = make_workbook([case(action=None)], also=formulas)

    assert read(data).rows[0].action == "Ring school"

    unsaved = bare_workbook(
        f"<worksheet><sheetData>{bare_row(HEADINGS)}<row>"
        '<c t="inlineStr"><is><t>1</t></is></c><c><f>"T"</f></c></row></sheetData></worksheet>'
    )
    assert "formula_unsaved" in codes(read(unsaved), "B2")


def test_numbers_in_text_cells_are_given_as_people_see_them() -> None:
    reading = read(make_workbook([case(action=12, update=0.5, owner=1e21)]))

    assert (reading.rows[0].action, reading.rows[0].update) == ("12", "0.5")


def test_a_number_among_six_digit_pins_gets_its_zeros_back_and_is_told() -> None:
    reading = read(make_workbook([case(), case(pin=1405)]))

    assert reading.rows[1].pin == "001405"
    assert codes(reading, "A3") == ["pin_padded"]


def test_the_same_pin_as_number_and_text_is_held_back_the_second_time() -> None:
    reading = read(make_workbook([case(), case(pin=1201)]))

    assert [bool(row.held_back) for row in reading.rows] == [False, True]
    assert "pin_duplicate" in codes(reading, "A2")
    assert "pin_duplicate" in codes(reading, "A3")


def test_pins_that_differ_in_leading_zeros_only_are_the_same() -> None:
    reading = read(make_workbook([case(), case(pin="1201")]))

    assert [bool(row.held_back) for row in reading.rows] == [False, True]


@pytest.mark.parametrize(
    ("typed", "pin", "code"),
    [
        ("PIN 001405", "001405", "pin_prefix"),
        ("OO1405", "OO1405", "pin_look_alike"),
        ("tbc", None, "pin_unreadable"),
        ("1405", "1405", "pin_short"),
    ],
)
def test_an_odd_pin_is_told_at_its_cell(typed: str, pin: str | None, code: str) -> None:
    reading = read(make_workbook([case(), case(pin="001203"), case(pin=typed)]))

    assert reading.rows[2].pin == pin
    assert code in codes(reading, "A4")


@pytest.mark.parametrize(
    ("value", "day", "code"),
    [
        ("12/25/26", None, "date_unreadable"),
        ("31/02/26", None, "date_unreadable"),
        ("1/12", date(2026, 12, 1), "date_without_year"),
        ("1.12.26", date(2026, 12, 1), "date_from_text"),
        (46357, date(2026, 12, 1), "date_from_number"),
        (3, None, "date_unreadable"),
    ],
)
def test_a_date_that_is_none_is_read_or_refused_at_its_cell(
    value: object, day: date | None, code: str
) -> None:
    reading = read(make_workbook([case(by_when=value)]))

    assert reading.rows[0].by_when == day
    assert codes(reading, "G2") == [code]


def test_a_sixth_stage_is_not_set_and_told_with_what_was_there() -> None:
    reading = read(make_workbook([case(stage="On hold")]))

    assert reading.rows[0].stage is None
    (message,) = told(reading, "C2")
    assert message.text == ("C2 (Stage) says “On hold”, which is none of the five stages: read as not set.")


def test_what_a_tracker_must_not_store_is_left_unread_and_named() -> None:
    data = make_workbook([[*case(), "01/02/2015", "x"]], headings=[*HEADINGS, "DOB", "RAG"])

    reading = read(data)

    assert reading.rows[0].extra == {"RAG": "x"}
    assert codes(reading, "K1") == ["column_forbidden"]
    assert "2015" not in str(reading.to_json())


def test_notes_totals_and_repeated_headings_are_no_cases_and_told() -> None:
    rows: list[list[object]] = [
        case(),
        [*HEADINGS],
        ["Total", None, "1"],
        ["Checked by TC, 16 November"],
    ]

    reading = read(make_workbook(rows))

    assert [row.row for row in reading.rows] == [2]
    assert [(n.row, n.why) for n in reading.not_rows] == [
        (3, "the headings again"),
        (4, "a total"),
        (5, "a note"),
    ]
    assert codes(reading, "A5") == ["not_a_case"]


def test_a_pin_alone_in_its_row_is_a_case_and_a_remark_is_none() -> None:
    rows: list[list[object]] = [case(), ["PIN 001203"], ["Checked 16 November"], ["AV77"]]

    reading = read(make_workbook(rows))

    assert [(row.row, row.pin) for row in reading.rows] == [(2, "001201"), (3, "001203"), (5, "AV77")]


def test_a_row_of_nobody_and_a_text_that_does_not_fit_are_held_back() -> None:
    rows = [case(pin=None, person=None), case(action="a" * 2001)]

    reading = read(make_workbook(rows))

    assert all(row.held_back for row in reading.rows)
    assert codes(reading, "E3") == ["too_long"]


# What add_format takes is XlsxWriter's own: Any.
def coloured(colour: str) -> bytes:
    def also(book: Workbook, sheet: Worksheet) -> None:
        style: Any = book.add_format({"bg_color": colour})
        for column, value in enumerate(case()[:6]):
            sheet.write(1, column, value, style)

    return make_workbook([case()], also=also)


@pytest.mark.parametrize(("colour", "read_as"), [("#FFC000", "FFC000"), ("#FFFFFF", None)])
def test_the_colour_of_most_of_a_row_is_the_rows(colour: str, read_as: str | None) -> None:
    assert read(coloured(colour)).rows[0].colour == read_as


@pytest.mark.parametrize(
    "source",
    [["Write up", "Panel"], "=Lists!$A$2:$A$3", "=Needs", "='My lists'!A1:A2"],
)
def test_drop_downs_are_known_however_they_are_kept(source: object) -> None:
    def also(book: Workbook, sheet: Worksheet) -> None:
        for name, top in (("Lists", 1), ("My lists", 0)):
            book.add_worksheet(name).write_column(top, 0, ["Write up", "Panel"])
        book.define_name("Needs", "=Lists!$A$2:$A$3")
        sheet.data_validation("D2:D500", {"validate": "list", "source": source})

    reading = read(make_workbook([case(needed="write  UP"), case(pin="2", needed="?")], also=also))

    assert reading.lists["needed"] == ("Write up", "Panel")
    assert [row.needed for row in reading.rows] == ["Write up", "?"]
    assert codes(reading, "D3") == ["needed_unknown"]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    def hide(_: Workbook, sheet: Worksheet) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("F:F", None, None, {"hidden": True})

    reading = read(make_workbook([case()], also=hide))

    assert (reading.rows[0].hidden, reading.rows[0].owner) == (True, "JB")
    assert codes(reading, "A1") == ["rows_hidden", "columns_hidden"]


def test_a_reading_is_the_same_after_a_way_through_json() -> None:
    reading = read(make_workbook([case(), case(pin=None)]))

    assert Reading.from_json(reading.to_json()) == reading
