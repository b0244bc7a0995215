"""The commands as people call them: exit statuses, and words for what is wrong."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts import __main__ as commands
from scripts import checks, environment, instance, suite
from scripts.environment import ROOT, Explained


def test_an_older_python_is_told_which_one_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "OLDEST_PYTHON", (4, 0))

    assert commands.main() == 1

    assert "This needs Python 4.0 or newer" in capsys.readouterr().err


def test_an_unknown_command_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["scripts", "walk"])

    assert commands.main() == 2

    assert "There are: run, install, test" in capsys.readouterr().err


def test_make_alone_lists_every_command() -> None:
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)

    listed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("make ")]
    assert listed == [
        "help",
        "run",
        "install",
        "test",
        "test-all",
        "bench",
        "faults",
        "faults-all",
        "check",
        "fix",
        "lock",
        "sbom",
        "pictures",
        "release",
    ]


CHILD = """
import pathlib, time
from scripts.environment import end_when_told
end_when_told()
try:
    pathlib.Path("{folder}/began").touch()
    time.sleep(60)
finally:
    pathlib.Path("{folder}/cleared away").touch()
"""
PARENT = """
import sys
from scripts.environment import end_when_told, run
end_when_told()
run([sys.executable, "-c", sys.argv[1]])
"""


def test_a_command_that_is_told_to_end_lets_what_it_runs_clear_away(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD.format(folder=tmp_path)], cwd=ROOT)
    while not (tmp_path / "began").exists():
        assert parent.poll() is None
        time.sleep(0.02)

    parent.terminate()

    assert parent.wait(30) == 128 + signal.SIGTERM
    assert (tmp_path / "cleared away").exists()


@pytest.mark.parametrize("text", ["", "0", "65536", "80a", "-1", "٣"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Explained, match="PORT is"):
        instance.wanted_port(text)


def test_a_port_in_use_is_refused_with_a_way_out() -> None:
    with socket.create_server((instance.HOST, 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(Explained, match="make run PORT="):
            instance.refuse_taken(port)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((0, 0), 0),
        ((0, 1), 1),
        ((1, 0), 1),
        ((0, suite.NOTHING_COLLECTED), 0),
        ((suite.NOTHING_COLLECTED, suite.NOTHING_COLLECTED), 1),
        ((2, 2), 1),
    ],
)
def test_a_run_passes_only_when_tests_ran_and_none_failed(statuses: tuple[int, int], expected: int) -> None:
    results = {"one": (statuses[0], 1.0), "other": (statuses[1], 1.0)}

    assert suite.summary(results) == expected


def test_installing_leaves_the_key_of_the_machine_to_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    compiled: list[str] = []
    monkeypatch.setattr(environment, "ensure", lambda lock: None)
    monkeypatch.setattr(environment, "compile_own", lambda: compiled.append("the application"))
    monkeypatch.setattr(environment, "run", lambda command, **variables: told.append(variables))

    assert instance.install([]) == instance.install([]) == 0

    # With a key given none is made and kept in `.local/`, where a container would carry it to everybody.
    assert len({variables["SECRET_KEY"] for variables in told}) == 2
    assert compiled == ["the application"] * 2


def test_every_check_runs_even_when_one_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    monkeypatch.setattr(environment, "ensure", lambda lock: None)
    monkeypatch.setattr(checks, "CHECKS", {"first": ("false",), "second": ("touch", str(ran))})

    assert checks.run([]) == 1

    assert ran.exists()
    assert "1 of 2 failed: first" in capsys.readouterr().out


def test_checks_that_all_pass_exit_with_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ensure", lambda lock: None)
    monkeypatch.setattr(checks, "CHECKS", {"only": ("true",)})

    assert checks.run([]) == 0
