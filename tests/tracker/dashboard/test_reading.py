"""Dashboard lists as other programs write them, and as they get broken: what is read, what is told."""

import csv
import json
from datetime import date, datetime
from typing import Any

import pytest

from tests.tracker.dashboard.lists import (
    AS_READ,
    CASES,
    DATA,
    HEADINGS,
    MIA,
    SAMPLES,
    TODAY,
    book,
    codes,
    made,
    read,
)
from tests.tracker.workbook import hostile
from tracker.dashboard.read import read_in_child
from tracker.dashboard.reading import KEYS, DashboardList
from tracker.workbook.guard import Refused

NOTE = '\r\n"Applied filters:\nTeam is Amber, Bolsover\nOpen is Yes"\r\n'
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def iso(text: str) -> str:
    """A date as databases write it; nothing for nothing."""
    return "-".join(reversed(text.split("/")))


def day(text: str) -> datetime | None:
    """A date as a workbook keeps it."""
    return datetime.fromisoformat(iso(text)) if text else None


SAME_LIST = {
    "Excel’s UTF-8 with a mark": made().encode("utf-8-sig"),
    "UTF-8 without a mark": made().encode(),
    "Excel’s Unicode text": made(separator="\t").encode("utf-16"),
    "UTF-16 big endian": b"\xfe\xff" + made().encode("utf-16-be"),
    "UTF-16 little endian without a mark": made().encode("utf-16-le"),
    "UTF-32": made().encode("utf-32"),
    "Windows-1252": made().encode("cp1252"),
    "semicolons": made(separator=";").encode(),
    "tabs": made(separator="\t").encode(),
    "bars": made(separator="|").encode(),
    "a line that tells the separator": ("sep=;\r\n" + made(separator=";")).encode(),
    "a mark and that line": ("sep=,\n" + made()).encode("utf-8-sig"),
    "line feeds": made(end="\n").encode(),
    "carriage returns": made(end="\r").encode(),
    "everything quoted": made(quoting=csv.QUOTE_ALL).encode(),
    "quoted with semicolons in Windows-1252": made(separator=";", quoting=csv.QUOTE_ALL).encode("cp1252"),
    "no line end at the end": made().rstrip().encode(),
    "the end-of-file mark of DOS": (made() + "\x1a").encode(),
    "empty lines at the end": (made() + "\r\n\r\n,,,,,,\r\n").encode(),
    "spaces around values": made([[f" {value} " for value in row] for row in CASES]).encode(),
    "a title and an empty line above": ("Open CIN cases\r\n\r\n" + made()).encode(),
    "PINs as formulas that keep the zeros": made([[f'="{row[0]}"', *row[1:]] for row in CASES]).encode(),
    "PINs with an apostrophe before them": made([[f"'{row[0]}", *row[1:]] for row in CASES]).encode(),
    "separators at the end of each line": "".join(f"{line},,\r\n" for line in made().splitlines()).encode(),
    "the last blanks left out": made([MIA, CASES[1], CASES[2][:5]]).encode(),
    "ISO datetimes": made(
        [
            [*row[:3], f"{iso(row[3])}T00:00:00", *row[4:6], row[6] and f"{iso(row[6])} 00:00:00"]
            for row in CASES
        ]
    ).encode(),
    "ISO datetimes with a zone": made(
        [
            [*row[:3], f"{iso(row[3])}T00:00:00+00:00", *row[4:6], row[6] and f"{iso(row[6])}T00:00:00.000Z"]
            for row in CASES
        ]
    ).encode(),
    "trailing separators under the headings alone": "".join(
        f"{line}{',' * (number > 0)}\r\n" for number, line in enumerate(made().splitlines())
    ).encode(),
    "dates in words": made(
        [
            ["001452", "Mia Notreal", "Amber Team 1", "9 Oct 2025", "407", "G. Hypothetical", "7-Apr-26"],
            *CASES[1:],
        ]
    ).encode(),
    "reordered and reworded": made(
        [[row[2], row[0], row[6], row[1], row[5], row[4], row[3]] for row in CASES],
        headings=(
            "Allocated Team",
            "Mosaic ID",
            "Manager sign off",
            "Child name",
            "Social Worker",
            "Days open",
            "Plan start",
        ),
    ).encode(),
    "a data model’s names": made(headings=[f"Cases[{heading}]" for heading in HEADINGS]).encode(),
    "summed up by Power BI": made(
        headings=[
            "PIN",
            "Name",
            "Team",
            "Earliest CIN start date",
            "Sum of Duration (days)",
            "First Allocated worker",
            "Latest Last sign-off date",
        ]
    ).encode(),
    "the note under the table": (made() + NOTE).encode(),
    "totals under the table": (made() + "Total,,,,526,,\r\n").encode(),
    "headings repeated": (made() + made([])).encode(),
    "a workbook with texts": book(CASES),
    "a workbook with numbers and real dates": book(
        [[int(row[0]), row[1], row[2], day(row[3]), int(row[4]), row[5], day(row[6])] for row in CASES]
    ),
}


@pytest.mark.parametrize("data", SAME_LIST.values(), ids=SAME_LIST)
def test_the_same_list_is_read_from_whatever_wrote_it(data: bytes) -> None:
    found = read(data)

    assert found.rows == AS_READ


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_expected(name: str) -> None:
    expected = json.loads((DATA / f"{name}.expected.json").read_text())

    found = read_in_child((DATA / name).read_bytes(), today=TODAY)

    told: Any = found.to_json()["rows"]
    assert [{key: row[key] for key in ("row", *KEYS)} for row in told] == expected["rows"]
    assert [one.row for one in found.not_rows] == [one["row"] for one in expected["not_rows"]]
    assert {message.level for message in found.messages} <= {"info"}


# A record, as it stands in the file between two good ones, and what is told at it.
BROKEN = {
    "a mark that is never closed": ('001999,"Fay Fictional,Amber Team 1,01/10/2026,5,A. Nobody,', "broken"),
    "text after the closing mark": ('001999,"Fay" Fictional,Amber Team 1,01/10/2026,5,,', "broken"),
    "too many fields": ("001999,Fictional, Fay,Amber Team 1,01/10/2026,5,A. Nobody,", "broken"),
    "a field lost in the middle": ("001999,Amber Team 1,01/10/2026,5,A. Nobody", "broken"),
    "no PIN": (",Fay Fictional,Amber Team 1,01/10/2026,5,A. Nobody,", "pin_missing"),
    "a PIN that is a word": ("tbc,Fay Fictional,Amber Team 1,01/10/2026,5,A. Nobody,", "pin_unreadable"),
    "a PIN that a spreadsheet rounded": ("1.23E+11,Fay Fictional,Amber Team 1,01/10/2026,5,,", "pin_rounded"),
    "a PIN without its zeros": ("1999,Fay Fictional,Amber Team 1,01/10/2026,5,A. Nobody,", "pin_padded"),
    "a PIN that is there twice": ("001452,Mia Notreal,Amber Team 1,01/10/2026,5,A. Nobody,", "pin_duplicate"),
    "a day that does not exist": ("001999,Fay Fictional,Amber Team 1,31/09/2026,5,,", "date_unreadable"),
    "the month first": ("001999,Fay Fictional,Amber Team 1,10/31/2026,5,,", "date_unreadable"),
    "no date at all": ("001999,Fay Fictional,Amber Team 1,soon,5,,", "date_unreadable"),
    "days that are no number": ("001999,Fay Fictional,Amber Team 1,01/10/2026,many,,", "duration_unreadable"),
    "a name that is too long": (f"001999,{'Fay ' * 40},Amber Team 1,01/10/2026,5,,", "too_long"),
    "the last fields left out": ("001999,Fay Fictional,Amber Team 1", "short"),
}  # fmt: skip


@pytest.mark.parametrize(("record", "code"), BROKEN.values(), ids=BROKEN)
def test_a_broken_record_is_told_by_its_number_and_takes_no_other_with_it(record: str, code: str) -> None:
    lines = made().splitlines()

    found = read("\r\n".join([*lines[:3], record, *lines[3:]]))

    assert (4, code) in codes(found)
    assert [row.pin for row in found.rows if row.row != 4] == ["001452", "001241", "001248"]
    assert [row.row for row in found.rows] == [2, 3, 4, 5]


def test_a_broken_record_is_not_to_be_compared_and_keeps_its_pin() -> None:
    found = read(made() + '001999,"Fay Fictional,Amber Team 1\r\n')

    assert (found.rows[-1].pin, found.rows[-1].counts, found.rows[-1].broken) == ("001999", False, True)


def test_columns_that_are_none_of_the_list_are_named_and_their_values_are_nowhere() -> None:
    headings = (*HEADINGS, "Date of birth", "Ethnicity", "Postcode", "Notes")
    rows = [(*row, "03/03/2015", "Any", "DE1 1AA", "secret remark") for row in CASES]

    found = read(made(rows, headings=headings))

    assert found.unread == ("Date of birth", "Ethnicity", "Postcode", "Notes")
    assert not [word for word in ("2015", "DE1", "secret", "Any") if word in json.dumps(found.to_json())]
    assert len([m for m in found.messages if m.code == "column_unread"]) == 4


def test_of_annex_a_only_plans_count_and_the_others_are_to_be_checked() -> None:
    headings = (
        "ChildUniqueID", "Gender", "Ethnicity", "DateOfBirth", "Age", "HasDisability", "CINStartDate",
        "PrimaryNeedCode", "DateChildLastSeen", "CINClosureDate", "ReasonForClosure", "CaseStatus",
        "AllocatedTeam", "AllocatedWorker",
    )  # fmt: skip
    statuses = ("c) Child in need plan", "b) Child Protection plan", "e) Closed episode", "Child in Need", "")
    kept_out = ("f", "WBRI", "01/01/2015", "11", "a")
    rows = [
        (f"00100{n}", *kept_out, "01/10/2026", "N1", "", "", "", status, "Amber Team 1", "KW")
        for n, status in enumerate(statuses)
    ]

    found = read(made(rows, headings=headings))

    assert [row.counts for row in found.rows] == [True, False, False, True, False]
    assert {(row, code) for row, code in codes(found) if code == "check"} == {(n, "check") for n in (3, 4, 6)}


@pytest.mark.parametrize(
    ("visit", "meeting"),
    [
        ("Last visit", "Next CIN meeting"),
        ("DateChildLastSeen", "Next review"),
        ("Latest of Last seen", "CIN[Next Review Date]"),
    ],
)
def test_the_last_visit_and_the_next_cin_meeting_are_read(visit: str, meeting: str) -> None:
    found = read(made([(*MIA, "05/11/2026", "2026-12-03")], headings=(*HEADINGS, visit, meeting)))

    assert (found.rows[0].last_visit, found.rows[0].next_meeting) == (date(2026, 11, 5), date(2026, 12, 3))
    assert found.unread == ()


def test_a_list_that_was_parked_before_a_field_came_is_still_read() -> None:
    parked: Any = read(made()).to_json()
    for row in parked["rows"]:
        del row["last_visit"], row["next_meeting"]

    assert DashboardList.from_json(parked).rows == AS_READ


def test_a_damaged_byte_costs_its_own_sign_and_no_other_name() -> None:
    bad = made([("001453", "Bad ? Byte", "Amber Team 1", "", "", "", "")]).splitlines()[1]

    found = read(made().encode() + bad.encode().replace(b"?", b"\xe9") + b"\r\n")

    assert (found.rows[:3], found.rows[3].name) == (AS_READ, "Bad \ufffd Byte")
    assert (5, "sign_lost") in codes(found)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # As an American computer writes them: what can be read both ways would be another day.
        (("10/13/2026", "10/09/2026", "3/3/2026"), (None, None, date(2026, 3, 3))),
        # One slip among days that are written as here.
        (("10/13/2026", "10/09/2026", "13/10/2026"), (None, date(2026, 9, 10), date(2026, 10, 13))),
        (("20261009", "2026-10-09T00:00:00Z", "9-Oct-26"), (date(2026, 10, 9),) * 3),
    ],
)
def test_a_day_is_read_as_its_whole_column_has_it(
    days: tuple[str, ...], expected: tuple[date | None, ...]
) -> None:
    rows = [(f"00145{n}", "Mia Notreal", "Amber Team 1", day, "9", "", "") for n, day in enumerate(days)]

    found = read(made(rows))

    assert tuple(row.cin_start for row in found.rows) == expected
    unread = {n for n, day in enumerate(expected, start=2) if day is None}
    assert unread <= {row for row, _ in codes(found)}


@pytest.mark.parametrize(("text", "days"), [("407,0", 407), ("407.0", 407), ("1,204", 1204), ("12,5", None)])
def test_a_duration_is_read_with_either_mark(text: str, days: int | None) -> None:
    found = read(made([(*MIA[:3], "", text, "", "")], separator=";"))

    assert found.rows[0].duration_days == days


def test_surname_and_forename_make_a_name() -> None:
    found = read(made([("001452", "Notreal", "Mia")], headings=("Person ID", "Surname", "Forename")))

    assert found.rows[0].name == "Mia Notreal"


def test_a_line_break_in_quotes_is_part_of_its_field() -> None:
    found = read(made([(MIA[0], "Mia\nNotreal", *MIA[2:]), *CASES[1:]]))

    assert (found.rows[0].name, len(found.rows)) == ("Mia Notreal", 3)


def test_a_formula_is_a_text_like_any_other() -> None:
    found = read(made([(MIA[0], "=cmd|' /C calc'!A0", *MIA[2:])]))

    assert found.rows[0].name == "=cmd|' /C calc'!A0"


# PINs of a list, how wide ours are, and how the first is read.
WIDTHS = {
    "those that kept their zeros tell it": (["1452", "001241"], None, "001452"),
    "our trackers tell it": (["1452", "1241"], 8, "00001452"),
    "ours vary": (["1452", "1241"], 0, "1452"),
    "the guide's six": (["1452", "1241"], None, "001452"),
    "longer ones have none to lose": (["1452", "1234567"], None, "1452"),
    "letters are kept": (["A1452", "001241"], None, "A1452"),
}


@pytest.mark.parametrize(("pins", "ours", "first"), WIDTHS.values(), ids=WIDTHS)
def test_lost_zeros_come_back_only_where_a_width_is_known(
    pins: list[str], ours: int | None, first: str
) -> None:
    found = read(made([(pin, *MIA[1:]) for pin in pins]), pin_width=ours)

    assert found.rows[0].pin == first


def test_a_duration_is_worked_out_where_the_list_has_none() -> None:
    found = read(made([("001452", "01/11/2026")], headings=("PIN", "Start date")))

    assert (found.rows[0].cin_start, found.rows[0].duration_days) == (date(2026, 11, 1), 19)


REFUSED = {
    "nothing": (b"", "empty"),
    "blanks": (b" \r\n \r\n", "empty"),
    "headings alone": (made([]).encode(), "no cases"),
    "no list at all": (b"Dear all,\r\nplease find attached\r\n", "No dashboard list"),
    "no PIN column": (made(headings=("Ref", *HEADINGS[1:])).encode(), "no column for the PIN"),
    "a PDF": (b"%PDF-1.7\n...", "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n....", "picture"),
    "a web page": (b"<html><table><tr><td>PIN", "web page"),
    "random bytes": (bytes(range(256)) * 20, "damaged"),
    "a workbook without a list": (book([["a", "b"]], headings=("one", "two")), "No dashboard list"),
    "a damaged workbook": (book(CASES)[:900], "damaged"),
    "an old workbook": (OLD_OFFICE + "Workbook".encode("utf-16-le"), "xls"),
    "an encrypted one": (OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "too many rows": (made([MIA] * 6000).encode(), "too large"),
    "too many bytes": (b"PIN,Name\r\n" + b"x" * (6 * 1024 * 1024), "too large"),
    "a bomb": (hostile.a_bomb_of_elements(), "too large"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        read_in_child(data, today=TODAY)

    assert len(str(refused.value)) < 400


def test_a_file_of_nothing_but_marks_ends_soon() -> None:
    with pytest.raises(Refused):
        read_in_child(b"PIN,Name\r\n" + b'"a\r\n,"b' * 300_000, today=TODAY)
