"""Honest files by what teams do to the table: headings, tabs, tables, filters, merges, stray cells."""

from typing import Any

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # it ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # the same

from tests.tracker.workbook.files import (
    HEADINGS,
    LINKS,
    bare_parts,
    bare_row,
    bare_sheet,
    bare_workbook,
    case,
    make_workbook,
    zipped,
)
from tests.tracker.workbook.honest_writers import TYPED, TYPED_ROWS, numbered, with_styles
from tests.tracker.workbook.made import CELLS, ROWS, TEXTS, reads
from tracker.workbook.stored import letters

LONG_TEXT = " ".join(["Ring the school, write up the visit and tell the team."] * 4)


@reads()
def with_its_columns_in_another_order() -> bytes:
    backwards = [list(reversed(row)) for row in ROWS]
    return make_workbook(backwards, headings=list(reversed(HEADINGS)))


@reads()
def with_reworded_headings() -> bytes:
    headings = [
        "Pin No.", "Child’s name", "CIN stage", "What's needed to progress?", "Agreed action", "By whom",
        "Due date", "Latest update", "Escalations", "Next CIN meeting date",
    ]  # fmt: skip
    return make_workbook(ROWS, headings=headings)


@reads()
def with_headings_broken_over_lines() -> bytes:
    return make_workbook(ROWS, headings=[heading.replace(" ", "\r\n ") for heading in HEADINGS])


@reads(told=TYPED)
def with_headings_in_rich_text() -> bytes:
    runs = "".join(
        f"<si><r><rPr><b/><sz val='11'/></rPr><t>{heading[:4]}</t></r><r><t>{heading[4:]}</t></r>"
        f"<phoneticPr fontId='1'/></si>"
        for heading in HEADINGS
    )
    head = "<row>" + "".join(f'<c t="s"><v>{n}</v></c>' for n in range(10)) + "</row>"
    rows = "".join(bare_row(row) for row in TEXTS)
    return bare_workbook(bare_sheet(head + rows), shared=f"<sst>{runs}</sst>")


@reads(at=(5, 6), told={"A1": "above_headings", "A2": "above_headings", "A3": "above_headings"})
def with_a_title_and_notes_above() -> bytes:
    return make_workbook(ROWS, above=["Fern & Moss Team", "IC Meetings, weekly", "PIN = person number"])


@reads(at=(3, 4))
def with_headings_over_two_rows() -> bytes:
    hints = [heading.partition("(")[2] and f"({heading.partition('(')[2]}" for heading in HEADINGS]
    return make_workbook([hints, *ROWS], headings=[heading.partition("(")[0] for heading in HEADINGS])


@reads(at=(3, 4))
def with_headings_that_go_on_in_the_next_row() -> bytes:
    first = [
        *HEADINGS[:3],
        "What is needed",
        "Action",
        "Owner",
        "By when",
        "Update",
        "Difficulties",
        "Date of next",
    ]
    second = [None] * 3 + [
        "to progress",
        None,
        None,
        None,
        "on action",
        "which may need escalation",
        "CIN meeting",
    ]
    return make_workbook([second, *ROWS], headings=first)


@reads()
def with_its_tab_renamed() -> bytes:
    return make_workbook(ROWS, name="Fern's cases! 2026")


def _second_tab(name: str, *, hidden: bool) -> bytes:
    def add(book: Workbook, _: Worksheet) -> None:
        other = book.add_worksheet(name)
        other.write_row(0, 0, HEADINGS)
        other.write_row(1, 0, ["009999", "Old Case", "Closed"])
        if hidden:
            other.hide()

    return make_workbook(ROWS, also=add)


@reads(told={"A1": "other_tracker"})
def with_its_tab_doubled() -> bytes:
    return _second_tab("Tracker (2)", hidden=False)


@reads(told={"A1": "other_tracker"})
def with_a_hidden_copy_of_its_tab() -> bytes:
    return _second_tab("Copy of Tracker", hidden=True)


@reads(told={"A4": "not_a_case"})
def with_an_excel_table_and_its_total_row() -> bytes:
    def table(_: Workbook, sheet: Worksheet) -> None:
        columns: list[dict[str, Any]] = [{"header": heading} for heading in HEADINGS]
        columns[0]["total_string"], columns[1]["total_function"] = "Cases in all", "count"
        sheet.add_table("A1:J4", {"columns": columns, "total_row": True, "autofilter": True})

    return make_workbook(ROWS, also=table)


@reads(told={"A1": "columns_hidden", "C1": "rows_hidden"})
def with_hidden_rows_and_columns_and_a_filter_left_on() -> bytes:
    def hide(_: Workbook, sheet: Worksheet) -> None:
        sheet.autofilter("A1:J3")
        sheet.filter_column("C", "x == Closed")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("E:F", None, None, {"hidden": True})

    return make_workbook(ROWS, also=hide)


@reads(told={"E2": "merged_cells"}, rows={2: {"action": "Both of them"}, 3: {"action": None, "owner": "JB"}})
def with_cells_merged_over_rows() -> bytes:
    def merge(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("E2:E3", "Both of them")

    return make_workbook([case(action=None), case(pin="001202", action=None)], also=merge)


@reads(told={"E2": "merged_cells"}, action="Ring, then write", owner=None)
def with_cells_merged_over_columns() -> bytes:
    def merge(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("E2:F2", "Ring, then write")

    return make_workbook([case(action=None, owner=None), ROWS[1]], also=merge)


@reads(told={"A3": "not_a_case", "A4": "not_a_case", "A6": "not_a_case", "A7": "not_a_case"}, at=(2, 5))
def with_headings_again_and_notes_and_a_total_under_it() -> bytes:
    rows: list[list[object]] = [
        ROWS[0],
        [*HEADINGS],
        ["Closed in 2026"],
        ROWS[1],
        ["Total cases:", None, 2],
        ["Checked by TC on 16 Nov"],
    ]
    return make_workbook(rows)


@reads(told={"K2": "no_heading"})
def with_values_under_no_heading() -> bytes:
    return make_workbook([[*ROWS[0], "ask Jo"], [*ROWS[1], None]])


@reads(told={"K1": "column_forbidden", "L1": "column_extra"})
def with_a_column_that_must_not_be_stored_and_one_of_the_team() -> bytes:
    return make_workbook(
        [[*row, "01/02/2015", "red"] for row in ROWS], headings=[*HEADINGS, "Date of Birth", "RAG"]
    )


@reads()
def with_numbered_headings_in_capitals() -> bytes:
    return make_workbook(ROWS, headings=[f"{n}. {h.upper()}:" for n, h in enumerate(HEADINGS, start=1)])


@reads(told={f"{letter}1": "column_forbidden" for letter in "KLMNO"})
def with_other_words_for_what_must_not_be_stored() -> bytes:
    more = ["DateOfBirth", "Age", "M/F", "Details (D.O.B)", "Category of need"]
    return make_workbook([[*row, *("?" * len(more))] for row in ROWS], headings=[*HEADINGS, *more])


@reads(told={"K4": "not_a_case"})
def with_numbers_and_boxes_on_rows_that_wait_for_cases() -> bytes:
    rows = [[*row, n, True] for n, row in enumerate(ROWS, start=1)]
    rows += [[*([None] * 10), n, False] for n in range(3, 30)]
    return make_workbook(rows, headings=[*HEADINGS, "No.", "Seen?"])


@reads(told={"A4": "not_a_case", "A5": "not_a_case"})
def with_a_total_beside_its_number_and_a_key() -> bytes:
    return make_workbook([*ROWS, ["Total", 2], ["Key:", "Red = urgent"]])


@reads()
def with_check_boxes_and_a_document_set_in() -> bytes:
    place = (
        "<anchor><from><xdr:col>10</xdr:col><xdr:row>1</xdr:row></from>"
        "<to><xdr:col>11</xdr:col><xdr:row>2</xdr:row></to></anchor>"
    )
    return zipped(
        with_styles(
            bare_sheet(
                numbered(CELLS),
                f"<controls><mc:AlternateContent><mc:Choice><control name='Check Box 1'><controlPr>{place}"
                "</controlPr></control></mc:Choice></mc:AlternateContent></controls>"
                f"<oleObjects><oleObject progId='Word.Document.12'><objectPr>{place}</objectPr></oleObject>"
                "</oleObjects>",
            )
        )
    )


@reads(told={"A1": "too_far_right"})
def with_something_far_to_the_right() -> bytes:
    return make_workbook(ROWS, also=lambda _, sheet: sheet.write("XFD2", "here"))


@reads(told={"E2": "comment", "F3": "cell_colour", "E3": "struck_through", "A2": "rule_colour"})
def with_comments_and_single_colours_and_lines_through_and_colours_by_rule() -> bytes:
    def paint(book: Workbook, sheet: Worksheet) -> None:
        sheet.write_comment("E2", "Spoke to school")
        sheet.write_string("F3", "JB", book.add_format({"bg_color": "#FFFF00"}))
        sheet.write_string("E3", "Ring school", book.add_format({"font_strikeout": True}))
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": '"Closed"',
            "format": book.add_format({"bg_color": "red"}),
        }
        sheet.conditional_format("A2:J50", rule)

    return make_workbook(ROWS, also=paint)


@reads()
def with_thousands_of_styled_blank_rows() -> bytes:
    def style(book: Workbook, sheet: Worksheet) -> None:
        boxed = book.add_format({"border": 1})
        for row in range(3, 8_000):
            for column in range(10):
                sheet.write_blank(row, column, None, boxed)

    return make_workbook(ROWS, also=style)


@reads(
    told={"B1048576": "nobody"}, rows={2: {"pin": "001201"}, 3: {"pin": "001202"}, 1_048_576: {"action": "x"}}
)
def with_a_stray_cell_in_the_last_row_of_the_sheet() -> bytes:
    return make_workbook(ROWS, also=lambda _, sheet: sheet.write("E1048576", "x"))


@reads(rows={n: {"pin": f"{n:06}", "person": f"Person {n}"} for n in (2, 2_500, 5_001)})
def with_five_thousand_cases() -> bytes:
    rows = [case(pin=f"{n:06}", person=f"Person {n}") for n in range(2, 5_002)]
    return make_workbook(rows, options={"constant_memory": True})


@reads(
    told={f"{letters(column)}1": "column_extra" for column in range(11, 21)},
    rows={5_001: {"pin": "005001", "action": f"5001: {LONG_TEXT}", "update": f"{LONG_TEXT} 5001"}},
)
def with_five_thousand_cases_long_texts_and_ten_columns_of_the_team() -> bytes:
    headings = [*HEADINGS, *(f"Column {number}" for number in range(1, 11))]
    rows = [
        [
            *case(pin=f"{n:06}", action=f"{n}: {LONG_TEXT}", update=f"{LONG_TEXT} {n}"),
            *(f"Note {n} of {column}" for column in range(10)),
        ]
        for n in range(2, 5_002)
    ]
    return make_workbook(rows, headings=headings, options={"constant_memory": True})


@reads(told=TYPED)
def with_drop_downs_in_the_newer_markup() -> bytes:
    rule = (
        '<extLst><ext uri="x"><x14:dataValidations count="1"><x14:dataValidation type="list"><x14:formula1>'
        '<xm:f>"Write up,Panel"</xm:f></x14:formula1><xm:sqref>D2:D50</xm:sqref></x14:dataValidation>'
        "</x14:dataValidations></ext></extLst>"
    )
    return bare_workbook(bare_sheet(TYPED_ROWS, rule))


@reads(told={**TYPED, "A2": "comment"})
def with_a_thread_of_comments() -> bytes:
    parts = bare_parts(bare_sheet(numbered([HEADINGS, *TEXTS])))
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    links = LINKS.format(links=f'<Relationship Id="t" Type="{kind}" Target="../threadedComments/t.xml"/>')
    thread = (
        '<ThreadedComments><threadedComment ref="A2"><text>Why?</text></threadedComment></ThreadedComments>'
    )
    return zipped(
        {**parts, "xl/worksheets/_rels/sheet1.xml.rels": links, "xl/threadedComments/t.xml": thread}
    )


@reads(rows={2: {"stage": None, "needed": None, "pin": "001201"}}, told={"A1": "column_missing"})
def with_few_of_the_columns() -> bytes:
    return make_workbook([["001201", "Tess Sample", "", "JB"]], headings=[HEADINGS[k] for k in (0, 1, 2, 5)])
