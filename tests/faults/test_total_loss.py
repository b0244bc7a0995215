"""What judges a machine that was lost and came back finds what it is there for, and else nothing."""

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from scripts.faults import contents
from scripts.faults.contents import SESSIONS, Held
from scripts.faults.injected import total_loss
from scripts.faults.operating import Done

HELD = {"tracker_case": Held(2, "ab" * 32), SESSIONS: Held(3, "cd" * 32)}
BACK = HELD | {SESSIONS: Held(0, "0" * 64)}


def test_what_came_back_as_it_was_and_signed_everybody_out_is_well() -> None:
    assert contents.differences(HELD, BACK, but=[SESSIONS]) == []
    assert contents.sessions(BACK) == []
    assert contents.sessions(HELD) == ["Sessions came back"]


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (HELD | {"tracker_case": Held(1, "ab" * 32)}, "tracker_case held 2 records"),
        (HELD | {"tracker_case": Held(2, "ac" * 32)}, "tracker_case held 2 records"),
        ({SESSIONS: HELD[SESSIONS]}, "tracker_case held 2 records of digest abababab, now nothing"),
        (HELD | {"another": Held(0, "0" * 64)}, "another held nothing"),
        (HELD | {SESSIONS: Held(2, "cd" * 32)}, "accounts_session held 3 records"),
    ],
)
def test_what_came_back_otherwise_than_it_was_is_found(after: dict[str, Held], sentence: str) -> None:
    [said] = contents.differences(HELD, after, but=[])

    assert sentence in said


def held_in(file: Path, *statements: str, upto: dict[str, Held]) -> dict[str, Held]:
    """What a database holds when this was done in it."""
    with closing(sqlite3.connect(file)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return contents.read(f"sqlite:///{file}", upto)


def test_records_are_counted_by_what_they_say_and_a_log_up_to_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "some.sqlite3"
    first = held_in(
        file,
        "CREATE TABLE accounts_auditevent (id INTEGER, purpose TEXT)",
        "CREATE TABLE tracker_case (id INTEGER, person TEXT)",
        "INSERT INTO accounts_auditevent VALUES (7, 'export'), (8, 'print')",
        "INSERT INTO tracker_case VALUES (1, 'Ed Test'), (2, 'Al Test')",
        upto={},
    )
    printed = contents.parsed(json.dumps({name: asdict(held) for name, held in first.items()}))
    later = held_in(file, "INSERT INTO accounts_auditevent VALUES (9, 'restore')", upto=printed)
    swapped = held_in(file, "UPDATE tracker_case SET id = 3 - id", upto=printed)
    altered = held_in(file, "UPDATE accounts_auditevent SET purpose = 'none' WHERE id = 7", upto=printed)

    assert (first["tracker_case"].records, first["accounts_auditevent"].last) == (2, 8)
    assert later == first
    assert swapped["tracker_case"] != first["tracker_case"]
    assert altered["accounts_auditevent"] != first["accounts_auditevent"]


def done(status: int, said: str) -> Done:
    """A command that has ended."""
    return Done(["python", "manage.py", "restore"], status, said)


def test_a_copy_that_is_refused_in_one_sentence_and_leaves_nothing_is_well() -> None:
    assert total_loss.refusal_wrong(done(2, "This copy is damaged.\n"), "damaged", empty=True) == []


@pytest.mark.parametrize(
    ("ended", "empty", "sentence"),
    [
        (done(0, "This copy is damaged.\n"), True, "ended with 0"),
        (done(1, "Traceback\nThis copy is damaged."), True, "Not refused"),
        (done(2, "No room."), True, "Not refused with “damaged”"),
        (done(2, "This copy is damaged."), False, "not empty after “damaged”"),
    ],
)
def test_a_copy_that_is_not_refused_or_leaves_something_is_found(
    ended: Done, empty: bool, sentence: str
) -> None:
    [said] = total_loss.refusal_wrong(ended, "damaged", empty=empty)

    assert sentence in said


@pytest.mark.parametrize(
    ("before", "after", "sentences"),
    [
        (["200 one", "200 two"], ["200 one", "200 two"], []),
        (["200 one", "200 two"], ["200 one", "200 other"], ["1 of 2 trackers are not what was seen before"]),
        (["200 one"], ["302 "], ["1 of 1 trackers are not what was seen before"]),
        (["302 "], ["302 "], ["Nobody saw a tracker before the loss"]),
        ([], [], ["Nobody saw a tracker before the loss"]),
    ],
)
def test_who_signs_in_afterwards_has_to_see_the_same(
    before: list[str], after: list[str], sentences: list[str]
) -> None:
    assert total_loss.looks_wrong(before, after) == sentences


def test_a_loss_of_less_than_the_plan_has_is_told() -> None:
    held = {"tracker_trackerrow": Held(20_000, ""), "tracker_change": Held(499_999, "")}

    assert total_loss.too_little(held, "whole") == ["tracker_change held 499,999 records, not 500,000"]
    assert total_loss.too_little(held, "short") == []
