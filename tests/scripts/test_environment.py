"""When `.venv` is filled and when it is left alone."""

import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts import environment


@pytest.fixture(autouse=True)
def no_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """However wrong the code under test is, the environment of this very run stays whole."""

    def refuse(command: Sequence[str], **environment: str) -> None:
        raise AssertionError(f"ran {command}")

    monkeypatch.setattr(environment, "run", refuse)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A working copy with two locks and a usable `.venv`; the locks installed, in order."""
    (tmp_path / "runtime.txt").write_text("django==5.2.19")
    (tmp_path / "dev.txt").write_text("django==5.2.19\npytest==9.2.0")
    (tmp_path / ".venv").mkdir()
    done: list[str] = []
    monkeypatch.setattr(environment, "LOCKS", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "usable", lambda: True)
    monkeypatch.setattr(environment, "install", done.append)
    return done


def test_a_lock_is_installed_once(installed: list[str]) -> None:
    environment.ensure("runtime")
    environment.ensure("runtime")

    assert installed == ["runtime"]


def test_a_changed_lock_is_installed_again(installed: list[str]) -> None:
    environment.ensure("runtime")
    (environment.LOCKS / "runtime.txt").write_text("django==5.2.20")

    environment.ensure("runtime")

    assert installed == ["runtime", "runtime"]


def test_an_environment_for_tests_also_runs(installed: list[str]) -> None:
    environment.ensure("dev")

    environment.ensure("runtime")

    assert installed == ["dev"]


def test_an_environment_for_running_does_not_test(installed: list[str]) -> None:
    environment.ensure("runtime")

    environment.ensure("dev")

    assert installed == ["runtime", "dev"]


def test_a_failed_installation_leaves_no_stamp(installed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(lock: str) -> None:
        raise environment.Explained("no index")

    monkeypatch.setattr(environment, "install", fail)

    with pytest.raises(environment.Explained):
        environment.ensure("runtime")

    assert environment.stamped("runtime") is None


def test_an_environment_whose_python_is_gone_is_made_anew(
    installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    environment.ensure("runtime")
    monkeypatch.setattr(environment, "usable", lambda: False)
    monkeypatch.setattr(environment, "make", lambda: made.append("made"))

    environment.ensure("runtime")

    assert made == ["made"]
    assert installed == ["runtime", "runtime"]


def test_a_python_without_ensurepip_is_told_which_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(environment.Explained, match=r"apt-get install python3\.\d+-venv"):
        environment.make()


def test_a_linked_environment_is_not_emptied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / ".venv").symlink_to(tmp_path / "shared")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")

    with pytest.raises(environment.Explained, match="is a link to"):
        environment.make()


def test_pip_installs_where_uv_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> None:
        ran.append(command)
        if command[0] == environment.UV[0]:
            raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(environment, "run", run)

    environment.install("runtime")

    assert list(ran[-1][:3]) == environment.PIP[:3]
    assert "--require-hashes" in ran[-1]


def test_packages_are_compiled_once_and_not_at_each_start(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Sequence[str]] = []
    monkeypatch.setattr(environment, "run", ran.append)

    environment.install("runtime")

    # The server's user may not write into `.venv`, and uv leaves compiling to whoever starts first.
    assert ran[-1][0] == environment.UV[0]
    assert "--compile-bytecode" in ran[-1]


def test_the_bytecode_of_the_application_lies_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "run", lambda command: subprocess.run(command, check=True))
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    for own in environment.OWN:
        (tmp_path / own / "within").mkdir(parents=True)
        (tmp_path / own / "within" / "__init__.py").write_text("FORMS = 1")

    environment.compile_own()

    compiled = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("__pycache__/*.pyc")}
    assert compiled == set(environment.OWN)


def test_what_is_compiled_is_what_the_application_consists_of() -> None:
    rules = tomllib.loads((environment.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert sorted(environment.OWN) == sorted(rules["root_packages"])


def test_a_package_index_out_of_reach_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: Sequence[str]) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(environment, "run", run)

    with pytest.raises(environment.Explained, match=r"requirements/runtime\.txt"):
        environment.install("runtime")
