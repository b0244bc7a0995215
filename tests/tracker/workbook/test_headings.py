"""Which column is which field, however it is headed."""

import pytest

from tests.tracker.workbook.files import HEADINGS
from tracker.choices import Stage
from tracker.fields import COLUMNS
from tracker.workbook.headings import FIELDS, KEYS, field_of, find_columns, is_forbidden
from tracker.workbook.read import STAGES


def numbered(*headings: str) -> dict[int, str]:
    return dict(enumerate(headings, start=1))


def test_the_headings_of_the_guide_are_the_ten_fields_in_order() -> None:
    columns = find_columns(numbered(*HEADINGS))

    assert columns.fields == {key: place for place, key in enumerate(KEYS, start=1)}
    assert not columns.missing


def test_the_workbook_and_the_page_word_the_ten_fields_alike() -> None:
    on_page = [(column.key, column.label, column.hint) for column in COLUMNS]

    assert [(field.key, field.label, field.hint) for field in FIELDS] == on_page
    assert list(STAGES) == Stage.labels


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("PIN", "pin"),
        ("pin no.", "pin"),
        ("Child's name", "person"),
        ("What is needed\nto progress?", "needed"),
        ("WHAT'S NEEDED TO PROGRESS (drop down)", "needed"),
        ("By  When (dd/mm", "by_when"),
        ("Difficulties which may need escalation", "difficulty"),
        ("Next CIN meeting", "next_meeting"),
        ("Update on action: ", "update"),
        ("RAG", None),
        ("Allocated SW", None),
    ],
)
def test_a_reworded_heading_is_known(heading: str, key: str | None) -> None:
    assert field_of(heading) == key


def test_columns_may_stand_in_any_order() -> None:
    columns = find_columns(numbered(*reversed(HEADINGS)))

    assert columns.fields["next_meeting"] == 1
    assert columns.fields["pin"] == 10


def test_the_guides_own_heading_wins_over_a_short_one_to_its_left() -> None:
    columns = find_columns(numbered("Action", *HEADINGS))

    assert columns.fields["action"] == 6
    assert columns.doubled == {1: "Action"}
    assert columns.extra == {1: "Action"}


def test_of_two_columns_headed_alike_the_left_one_is_the_field() -> None:
    columns = find_columns(numbered("PIN", "Person", "Stage", "Action", "Actions"))

    assert (columns.fields["action"], columns.doubled) == (4, {5: "Actions"})


def test_a_heading_with_other_words_around_is_found_by_a_clue_and_said_so() -> None:
    columns = find_columns(numbered("PIN", "Person", "Stage", "Owner of this week's task"))

    assert columns.fields["owner"] == 4
    assert columns.reworded == {"owner": "Owner of this week's task"}


def test_two_columns_with_the_same_clue_are_left_to_the_team() -> None:
    columns = find_columns(numbered("PIN", "Person", "Stage", "Owner at home", "Owner here"))

    assert "owner" in columns.missing
    assert columns.extra == {4: "Owner at home", 5: "Owner here"}


def test_extra_columns_with_one_heading_get_two_names() -> None:
    columns = find_columns(numbered(*HEADINGS, "RAG", "RAG"))

    assert columns.extra == {11: "RAG", 12: "RAG (2)"}


@pytest.mark.parametrize(
    "heading",
    ["DOB", "D.O.B.", "Date of birth", "Ethnicity", "Home address", "Disability", "Need code"],
)
def test_what_a_tracker_must_not_store_is_known_by_its_heading(heading: str) -> None:
    assert is_forbidden(heading)
    assert find_columns(numbered(*HEADINGS, heading)).extra == {}
