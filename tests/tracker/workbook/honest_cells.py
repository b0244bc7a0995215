"""Honest files by what stands in their cells: dates in every shape, PINs, formulas, errors."""

from datetime import date, datetime, timedelta
from typing import Any

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped] # it ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped] # the same

from tests.tracker.workbook.files import HEADINGS, bare_row, bare_sheet, bare_workbook, case, make_workbook
from tests.tracker.workbook.made import ROWS, TEXTS, reads

DAY = date(2026, 12, 1)
SHAPES = (
    "01/12/26", "1/12/2026", "1.12.26", "01-12-2026", "1 12 26", "1 Dec 2026", "1st December 2026",
    "1-Dec-26", "01Dec26", "Tue 1/12/26", "Tuesday, 1 December 2026", "2026-12-01", "2026-12-01T00:00:00",
    "1/12/2026 10:30", "Dec 1, 2026", "1st of Dec '26", " 01/12/26\u00a0", "1\\12\\26", "Tues 1st Dec 2026",
)  # fmt: skip
NO_DATES = (
    "31/02/26", "30.2.2026", "29/02/27", "31/11/26", "12/25/26", "1/13/26", "00/12/26", "1/12/1926",
    "Mon 1/12/26", "TBC", "ASAP", "w/c 1/12/26", "1/12/26 or 2/12/26", "end of Dec", "?", "1/12/206",
)  # fmt: skip


def _column(values: list[object], **others: object) -> bytes:
    rows = [case(pin=f"{n:06}", by_when=value, **others) for n, value in enumerate(values, start=1)]
    return make_workbook(rows)


@reads(
    rows={n: {"by_when": DAY} for n, _ in enumerate(SHAPES, start=2)},
    told={f"G{n}": "date_from_text" for n, _ in enumerate(SHAPES, start=2)},
)
def with_dates_typed_as_text_in_every_shape() -> bytes:
    return _column([*SHAPES])


@reads(
    rows={n: {"by_when": None, "pin": f"{n - 1:06}"} for n, _ in enumerate(NO_DATES, start=2)},
    told={f"G{n}": "date_unreadable" for n, _ in enumerate(NO_DATES, start=2)},
)
def with_impossible_and_american_dates_which_are_never_rolled_over() -> bytes:
    return _column([*NO_DATES])


@reads(
    rows={2: {"by_when": DAY}, 3: {"by_when": date(2027, 1, 20)}},
    told=dict.fromkeys(("G2", "G3"), "date_without_year"),
)
def with_dates_without_a_year() -> bytes:
    return _column(["1/12", "20 Jan"])


@reads(
    rows={2: {"by_when": DAY}, 3: {"by_when": DAY}, 4: {"by_when": None}, 5: {"by_when": None}},
    told={"G2": "time_left_out", "G3": "date_from_number", "G4": "date_unreadable", "G5": "date_unreadable"},
)
def with_times_and_numbers_in_columns_of_dates() -> bytes:
    return _column([datetime(2026, 12, 1, 14, 30), 46357, 7, 1e300])  # noqa: DTZ001 - as a cell has it


@reads()
def with_dates_counted_from_1904() -> bytes:
    return make_workbook(ROWS, options={"date_1904": True})


@reads()
def with_formulas_and_their_saved_results() -> bytes:
    def formulas(book: Workbook, sheet: Worksheet) -> None:
        day: Any = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_formula("A2", '="00"&1201', None, "001201")
        sheet.write_formula("E2", '=IF(TRUE,"Update chronology")', None, "Update chronology")
        sheet.write_formula(
            "G2", "=G3-3", day, (date(2026, 11, 27) - date(1899, 12, 30)) // timedelta(days=1)
        )

    return make_workbook(ROWS, also=formulas)


@reads(
    rows={2: {"pin": "001201", "action": None, "by_when": None}},
    told={"E2": "formula_unsaved", "G2": "formula_unsaved"},
)
def with_formulas_whose_results_were_not_saved() -> bytes:
    xml = bare_row(TEXTS[0]).replace(
        '<c t="inlineStr"><is><t>Update chronology</t></is></c>', '<c><f>B2&amp;"!"</f></c>'
    )
    xml = xml.replace('<c t="inlineStr"><is><t>2026-11-27</t></is></c>', "<c><f>TODAY()+7</f><v></v></c>")
    xml = xml.replace('<c t="inlineStr"><is><t>2026-12-04</t></is></c>', '<c t="inlineStr"><is><t/></is></c>')
    return bare_workbook(bare_sheet(bare_row(HEADINGS) + xml))


@reads(
    rows={2: {"pin": None, "person": "Tess", "owner": None, "by_when": None}},
    told={"A2": "cell_error", "F2": "cell_error", "G2": "cell_error"},
)
def with_errors_in_cells() -> bytes:
    def errors(_: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula("A2", "=VLOOKUP(1,2,3)", None, "#N/A")
        sheet.write_formula("F2", "=Gone!A1", None, "#REF!")
        sheet.write_formula("G2", "=1/0", None, "#DIV/0!")

    return make_workbook([case(person="Tess")], also=errors)


@reads(rows={2: {"pin": "1201"}, 3: {"pin": "1202"}}, told={"A2": "pin_from_number"})
def with_pins_as_numbers_none_of_which_tells_its_zeros() -> bytes:
    return make_workbook([case(pin=1201), case(pin=1202)])


@reads(
    rows={2: {"pin": "001201"}, 3: {"pin": "001405"}, 4: {"pin": "000007"}},
    told={"A3": "pin_padded", "A4": "pin_padded"},
)
def with_pins_that_lost_their_zeros() -> bytes:
    return make_workbook([case(), case(pin=1405), case(pin=7)])


@reads(
    rows={2: {"pin": "001201"}, 3: {"pin": "001202"}, 4: {"pin": "001203"}, 5: {"pin": "001204"}},
    told=dict.fromkeys(("A3", "A4", "A5"), "pin_prefix"),
)
def with_prefixes_before_its_pins() -> bytes:
    return make_workbook([case(pin=pin) for pin in ("001201", "PIN 001202", "#001203", "Pin: 001204")])


@reads(
    rows={
        2: {"pin": "001201"},
        3: {"pin": "OO12O2"},
        4: {"pin": "0012l3"},
        5: {"pin": "OOOOll"},
        6: {"pin": "٠٠١٢٠٥"},
    },
    told=dict.fromkeys(("A3", "A4", "A5", "A6"), "pin_look_alike"),
)
def with_letters_that_look_like_digits_in_its_pins() -> bytes:
    return make_workbook([case(pin=pin) for pin in ("001201", "OO12O2", "0012l3", "OOOOll", "٠٠١٢٠٥")])


@reads(
    rows={
        2: {"pin": "001201"},
        3: {"pin": "1201.0"},
        4: {"pin": "AV-77"},
        5: {},
    },
    told=dict.fromkeys(("A3", "A4", "A5"), "pin_odd"),
)
def with_pins_unlike_the_others() -> bytes:
    return make_workbook([case(pin=pin) for pin in ("001201", "1201.0", "AV-77", 12345678901234567890)])


@reads(rows={2: {"pin": "001201"}, 3: {"pin": "001201"}}, told={"A2": "pin_duplicate", "A3": "pin_duplicate"})
def with_the_same_pin_as_number_and_as_text() -> bytes:
    return make_workbook([case(), case(pin=1201)])


@reads(
    rows={2: {"action": "12", "update": "0.5", "owner": "TRUE", "person": "12/01/27", "stage": None}},
    told={"C2": "stage_unknown", "B2": "text_from_date"},
)
def with_numbers_dates_and_truths_in_columns_of_text() -> bytes:
    row = case(person=date(2027, 1, 12), action=12, update=0.5, owner=True, stage="On hold")
    return make_workbook([row])


@reads(told={"C2": "stage_normalised"}, person="Zoë O'Brien", action="Ring\nschool")
def with_stray_spaces_breaks_and_accents_in_two_parts() -> bytes:
    row = case(
        pin="\u00a0001201 ",
        person="  Zoe\u0308 O'Brien\u00a0",
        stage="intervention  UNDERWAY ",
        action="Ring\r\nschool\t",
    )
    return make_workbook([row, ROWS[1]])


@reads(told={"B3": "nobody", "E4": "too_long"}, rows={2: {}, 3: {"pin": None}, 4: {"pin": "001203"}})
def with_a_row_of_nobody_and_a_text_that_does_not_fit() -> bytes:
    return make_workbook([case(), case(pin=None, person=None), case(pin="001203", action="a" * 2001)])
