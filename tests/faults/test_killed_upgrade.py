"""What judges an upgrade that was killed finds what it is there for, and else nothing."""

import pytest

from scripts.faults.contents import SESSIONS, Held
from scripts.faults.injected.killed_upgrade import MIGRATIONS, different, not_killed
from scripts.faults.operating import Done

BEFORE = {"tracker_case": Held(2, "ab"), SESSIONS: Held(1, "cd"), MIGRATIONS: Held(66, "ef")}


def test_after_an_upgrade_all_is_as_it_was_but_sessions_and_when_it_was_upgraded() -> None:
    assert different(BEFORE, BEFORE | {SESSIONS: Held(0, "0"), MIGRATIONS: Held(66, "0")}) == []


@pytest.mark.parametrize("after", [Held(1, "ab"), Held(2, "ac")])
def test_a_record_that_an_upgrade_lost_or_altered_is_found(after: Held) -> None:
    [said] = different(BEFORE, BEFORE | {"tracker_case": after})

    assert said.startswith("tracker_case held 2 records")


def test_an_upgrade_that_nobody_killed_is_told() -> None:
    ended = Done(["python", "-m", "scripts.faults.dying"], 0, "Upgraded: 5 migrations.")

    assert not_killed(Done([], -9, "")) == []
    assert not_killed(ended) == ["Not killed: -m scripts.faults.dying ended with 0: Upgraded: 5 migrations."]
