"""The table of `make faults` says what failed, and of what nobody has tried that it was not tested."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts import environment
from scripts.environment import Explained
from scripts.faults import faults, table
from scripts.faults.catalogue import FAULTS, RESULTS
from scripts.faults.table import Line

HOLDS = Line("F1", "sqlite", "1,000 acknowledged, 3 kills", recovery=4.24, note="40 refused")
LOSES = Line("F2", "postgresql", "1,000 acknowledged, 3 kills", lost=2, wrong=["lost: act 7"])
CANNOT = Line("F3", "sqlite", "", note="strace is not installed")


def test_every_fault_of_the_plan_has_its_line_and_what_nobody_tried_says_so() -> None:
    lines = table.cells([HOLDS])

    assert [line[0] for line in lines] == [fault.number for fault in FAULTS]
    assert lines[0][2:] == ("sqlite", "1,000 acknowledged, 3 kills", "0", "0", "4.2", "40 refused")
    assert {line[3] for line in lines[1:]} == {table.NOT_TESTED}


def test_what_cannot_be_tested_here_says_why() -> None:
    assert table.cells([CANNOT])[2][2:] == (
        "sqlite",
        table.NOT_TESTED,
        "",
        "",
        "",
        "strace is not installed",
    )


def test_what_did_not_hold_is_said_in_the_table_and_below_it() -> None:
    printed = table.printed([HOLDS, LOSES])

    assert "FAILED: lost: act 7" in printed
    assert printed.endswith("F2 on postgresql: lost: act 7\n1 of 2 failed.")


@pytest.mark.parametrize(("lines", "status"), [([HOLDS, CANNOT], 0), ([HOLDS, LOSES], 1)])
def test_the_command_ends_with_1_where_a_line_fails_and_only_a_whole_run_is_written_down(
    lines: list[Line], status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "faults.md"
    page.write_text(f"What it is.\n{faults.WRITTEN_BELOW}of before")
    monkeypatch.setattr(faults, "PAGE", page)
    monkeypatch.setattr(environment, "ensure", lambda lock: None)
    # What is to happen when the command is ended is not for the program that runs the tests.
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(faults, "DATABASES", ("sqlite",))
    monkeypatch.setattr(faults, "leg", lambda *_: lines)

    assert faults.run([]) == status
    assert page.read_text().endswith("of before")

    assert faults.run_all([]) == status
    assert "of before" not in page.read_text()
    assert "| F1 | kill -9 of the web worker in a burst | sqlite | 1,000" in page.read_text()


def test_a_run_that_breaks_off_keeps_what_it_measured_and_fails_where_it_was() -> None:
    measured = [Line("F23", "sqlite", "100 tamperings"), Line("F22", "sqlite", "200 ends of access")]

    lines = faults.unfinished(measured, "sqlite", [], 1)

    assert lines[:2] == measured
    assert (lines[2].number, lines[2].failed) == ("F17", True)
    assert {line[3] for line in table.cells(lines) if line[0] == "F16"} == {table.NOT_TESTED}


def test_a_process_that_breaks_off_is_a_line_that_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def breaks_off(command: Sequence[str], **told: str) -> None:
        table.keep(Line("F23", "sqlite", "100 tamperings"), tmp_path / "sqlite" / RESULTS)
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(environment, "run", breaks_off)

    lines = faults.leg("sqlite", "test", tmp_path, ["F22", "F23"])

    assert [(line.number, line.failed) for line in lines] == [("F23", False), ("F22", True)]


def test_a_fault_that_nobody_has_built_cannot_be_asked_for() -> None:
    with pytest.raises(Explained, match="No such fault or database: F99"):
        faults.run(["F99"])
