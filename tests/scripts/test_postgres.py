"""The PostgreSQL of the tests: a real one is started here."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from threading import Event, Thread, Timer

import dj_database_url
import psycopg2
import pytest

from scripts import postgres
from scripts.environment import Explained


def test_the_server_answers_and_is_gone_with_its_folder_afterwards() -> None:
    with postgres.server() as url:
        address = dj_database_url.parse(url)
        folder = Path(address["HOST"])
        connection = psycopg2.connect(host=folder, user=address["USER"], dbname=address["NAME"])
        with connection.cursor() as cursor:
            cursor.execute("SHOW listen_addresses")
            ports = cursor.fetchone()
        connection.close()
        access = stat.S_IMODE(folder.stat().st_mode)

    assert ports == ("",)
    assert access == stat.S_IRWXU
    assert not folder.exists()


def test_the_server_stops_when_the_tests_fail() -> None:
    numbers: list[int] = []

    def fail() -> None:
        with postgres.server() as url:
            folder = Path(dj_database_url.parse(url)["HOST"])
            numbers.append(postmaster(folder))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with pytest.raises(ProcessLookupError):
        os.kill(numbers[0], 0)


def test_one_that_lasts_comes_back_when_it_is_killed_and_not_after_the_end() -> None:
    with postgres.server(lasting=True) as url:
        folder = Path(dj_database_url.parse(url)["HOST"])
        first = postmaster(folder)
        os.kill(first, signal.SIGKILL)
        second = comes_back(url, folder, first)

    assert second != first
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)


def postmaster(folder: Path) -> int:
    """The number of the server's process, as it wrote it down itself."""
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def comes_back(url: str, folder: Path, before: int) -> int:
    """Waits until another process takes connections; its number."""
    until = time.monotonic() + postgres.START_SECONDS
    while time.monotonic() < until:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
            continue
        if (now := postmaster(folder)) != before:
            return now
    raise AssertionError("It did not come back")


def test_one_that_is_stopped_while_it_comes_back_is_stopped_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops it has the old process in hand when the keeper has just begun another."""
    first, second = sleeping(), sleeping()
    beginning, begun = Event(), Event()

    def again() -> postgres.Process:
        beginning.set()
        begun.wait()
        return second

    monkeypatch.setattr(postgres, "AWAY_SECONDS", 0)
    # Where the tests run in the background these processes ignore the signal, as a database does not.
    monkeypatch.setattr(postgres, "STOP_SECONDS", 1)
    keeper = postgres.Keeper(first, again)
    first.kill()
    beginning.wait()
    Timer(0.2, begun.set).start()
    stopping = Thread(target=keeper.stop, daemon=True)
    stopping.start()
    stopping.join(10)
    ended = second.poll() is not None
    second.kill()
    second.wait()

    assert ended


def sleeping() -> postgres.Process:
    """A process that would go on for a minute."""
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])


def test_a_folder_that_cannot_be_made_in_time_is_explained(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "MADE_SECONDS", 0.01)

    with pytest.raises(Explained, match="did not start"), postgres.server():
        pass


def test_missing_programs_are_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "VENV", tmp_path)

    with pytest.raises(Explained, match="This needs PostgreSQL"), postgres.server():
        pass
