"""The acceptance tests of concurrent editing exist, each under its number: test_4_10_01 to test_4_10_18."""

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
