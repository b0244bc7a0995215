"""A tracker whose columns cannot be told: what is asked, and what an answer does."""

import pytest

from tests.tracker.workbook.files import HEADINGS, TODAY, case, make_workbook, read
from tests.tracker.workbook.made import ROWS
from tracker.workbook.guard import ColumnSeen, ColumnsUnclear, Refused
from tracker.workbook.read import read_in_child, read_workbook
from tracker.workbook.table import Answer

UNKNOWN = ["Reference", "Initials of family", *HEADINGS[2:]]
UNCLEAR = make_workbook(ROWS, headings=UNKNOWN, above=["Fern & Moss"])


def question(data: bytes) -> ColumnsUnclear:
    with pytest.raises(ColumnsUnclear) as asked:
        read_in_child(data, today=TODAY)
    return asked.value


def test_a_question_says_what_is_missing_and_shows_the_columns() -> None:
    asked = question(UNCLEAR)

    assert str(asked).startswith("The sheet Tracker has no column that could be told to be “PIN” or “Person”")
    assert (asked.sheet, asked.header_row, asked.missing) == ("Tracker", 2, ("pin", "person"))
    assert next(iter(asked.header_rows.items())) == (2, "Reference, Initials of family, Stage (se")
    assert asked.columns[0] == ColumnSeen("A", "Reference", ("001201", "001202"))
    assert asked.found["stage"] == "C"


def test_what_must_not_be_stored_is_not_shown_in_a_question() -> None:
    data = make_workbook([[*case(), "01/02/2015"]], headings=[*UNKNOWN, "DOB"])

    assert question(data).columns[-1] == ColumnSeen("K", "DOB", ())


def test_an_answer_is_taken() -> None:
    reading = read_in_child(UNCLEAR, today=TODAY, columns={"pin": "A", "person": "b"})

    assert [row.pin for row in reading.rows] == ["001201", "001202"]
    assert [row.person for row in reading.rows] == ["Tess Sample", "Ann Other"]


def test_an_answer_goes_before_what_the_headings_say() -> None:
    data = make_workbook([case()])

    reading = read_workbook(data, today=TODAY, answer=Answer({"action": "H", "update": "E"}))

    assert (reading.rows[0].action, reading.rows[0].update) == (None, "Update chronology")


def test_a_field_may_be_said_to_have_no_column() -> None:
    headings = [*HEADINGS[:2], "RAG", *HEADINGS[3:]]
    data = make_workbook([case(stage="red")], headings=headings)

    reading = read_in_child(data, today=TODAY, columns={"stage": ""})

    assert (reading.rows[0].stage, reading.rows[0].extra) == (None, {"RAG": "red"})


def test_a_tracker_without_pins_may_be_read_when_somebody_says_so() -> None:
    data = make_workbook([case()[1:]], headings=HEADINGS[1:])

    reading = read_in_child(data, today=TODAY, columns={"pin": ""})

    assert [(row.pin, row.person) for row in reading.rows] == [(None, "Tess Sample")]


def test_another_sheet_and_another_row_of_headings_may_be_named() -> None:
    data = make_workbook(ROWS, headings=["a", "b", "c", "d"], above=[], name="Cases")
    columns = {"pin": "A", "person": "B", "stage": "C"}

    reading = read_in_child(data, today=TODAY, columns=columns, sheet="cases", header_row=1)

    assert [row.person for row in reading.rows] == ["Tess Sample", "Ann Other"]


def test_a_sheet_that_is_only_a_little_like_a_tracker_is_asked_about() -> None:
    data = make_workbook([["001201", "Tess", "x"]], headings=["PIN", "Person", "Where we are"])

    asked = question(data)

    assert str(asked).startswith("No Tracker was found for certain in this workbook.")
    assert asked.missing == ("stage",)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer({"pin": "A1"}), "is no column"),
        (Answer({"pin": "ZZZ"}), "is no column"),
        (Answer({"pin": "CX"}), "is no column"),
        (Answer({"colour": "A"}), "is no column"),
        (Answer({"pin": "A", "person": "A"}), "two things at once"),
        (Answer({"pin": "", "person": ""}), "needs a column for the PIN or for the person"),
        (Answer({"pin": "A"}), "“Person”"),
        (Answer(sheet="Gone"), "no sheet “Gone”"),
        (Answer({"pin": "A", "person": "B"}, header_row=40), "has no headings in it"),
    ],
)
def test_an_answer_that_cannot_be_true_is_refused(answer: Answer, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_workbook(UNCLEAR, today=TODAY, answer=answer)


def test_a_question_is_the_same_after_a_way_through_json() -> None:
    with pytest.raises(ColumnsUnclear) as asked:
        read(UNCLEAR)

    again = ColumnsUnclear.from_json(asked.value.to_json())

    assert again.to_json() == asked.value.to_json()
