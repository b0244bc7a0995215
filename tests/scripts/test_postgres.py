"""The PostgreSQL of the tests: a real one is started here."""

import os
import signal
import stat
import time
from pathlib import Path

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


def test_missing_programs_are_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "VENV", tmp_path)

    with pytest.raises(Explained, match="The tests need PostgreSQL"), postgres.server():
        pass
