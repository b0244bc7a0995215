"""The acceptance tests exist: test_4_10_01 to 18 of editing together, those of the grid by their names."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

# What each says, in the order of the specification (concurrency 4.10).
ACCEPTANCE = {
    1: "two browsers, different cells of one row: both stay",
    2: "the same cell: one panel, both texts in the history",
    3: "two fast edits of one person on a slow server: no panel",
    4: "two tabs of one person: the panel says so",
    5: "a lost answer: the repeat gets it again, one line of history",
    6: "the lower number commits last: a follower sees both",
    7: "no push: the page converges by asking",
    8: "edits made offline survive a reload and arrive in order",
    9: "closed while somebody was offline: the text is offered back",
    10: "access removed while typing: text kept, stream closed",
    11: "somebody else signs in on the tab: nothing is sent",
    12: "a paste of 50 cells against one changed cell: nothing applied, one marked",
    13: "undo after another's change: refused with a name",
    14: "five changes a second while typing: no lost key, no moved caret",
    15: "a filtered page: the count changes, rows do not jump",
    16: "seven tabs of a browser: all live",
    17: "too much missed: drawn anew, the queue kept",
    18: "every road to a row checks the version",
}


@pytest.fixture(scope="module")
def numbered() -> set[int]:
    """The numbers that names of tests carry."""
    text = "".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    return {int(number) for number in re.findall(r"^def test_4_10_(\d\d)_", text, re.MULTILINE)}


@pytest.mark.parametrize("number", ACCEPTANCE, ids=ACCEPTANCE.values())
def test_an_acceptance_test_carries_its_number(numbered: set[int], number: int) -> None:
    assert number in numbered


# The grid's (grid 3.9), each with the test that plays it. What a screen reader says is for people to hear:
# the tree that it reads is looked at.
OF_THE_GRID = {
    "a new case by keyboard in half a minute": "test_a_new_case_is_filled_by_keyboard_in_half_a_minute",
    "head and value on every arrow": "test_on_every_arrow_the_cell_has_its_value_its_column_and_its_case",
    "the same on a card": "test_the_cells_of_a_card_have_their_column_the_case_and_their_value",
    # The 50 ms themselves are what `make bench` prints: they depend on the machine.
    "300 rows, an arrow painted as in few": (
        "test_an_arrow_in_300_rows_costs_a_few_times_what_it_costs_in_20_also_with_a_range"
    ),
    "five pasted cells change five": "test_five_cells_of_a_column_change_exactly_five",
    "pasted dates, a wrong and an empty one": (
        "test_dates_are_read_day_first_one_is_refused_and_an_empty_one_is_asked_about"
    ),
    "Tab reaches and leaves both ways": "test_tab_reaches_and_leaves_the_grid_both_ways",
    "a remote edit moves nothing": "test_anothers_change_moves_neither_focus_caret_selection_nor_scroll",
    "every option in three keys": "test_every_drop_down_value_is_chosen_in_three_keys_or_fewer",
    "four states in forced colours": "test_active_selected_changed_refused_and_conflict_can_be_told_apart",
}


@pytest.mark.parametrize("name", OF_THE_GRID.values(), ids=OF_THE_GRID.keys())
def test_an_acceptance_test_of_the_grid_is_there(name: str) -> None:
    text = "".join(path.read_text() for path in (TESTS / "browser").glob("test_*.py"))

    assert f"\ndef {name}(" in text
