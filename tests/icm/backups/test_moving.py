"""From SQLite to PostgreSQL: every record is the same there, or nothing has moved."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from json import loads
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory

from accounts import audit
from accounts.chain import triggers
from accounts.chain.seal import seal
from accounts.models import AuditEvent
from scripts import postgres
from scripts.environment import ROOT
from tests.commands import elsewhere, run
from tests.conftest import World
from tests.factories import make_closed_row, make_meeting, make_row
from tracker.changes.erasing import erase_row
from tracker.changes.lifecycle import remove_row
from tracker.models import Change, ParkedImport, TrackerRow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]

# The command, once for each argument that names a file, and what it ends with.
MOVES = """
import json, sys
import django
django.setup()
from icm.backups import moving
from tests.commands import run
{before}
print(json.dumps([run("move_from_sqlite", *words.split()) for words in sys.argv[1:]]))
"""
# After everything was copied, from where only a signal leads on.
STOPS = """
import signal
def stops(source):
    print("in the middle", flush=True)
    signal.pause()
moving._go_on_counting = stops
"""
# As a database would that stores something else than it was given.
ALTERS = """
from tracker.models import Case
compare = moving._compare
def alters(moved):
    Case.objects.update(person="Somebody else")
    compare(moved)
moving._compare = alters
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL beside the tests' SQLite."""
    with postgres.server() as url:
        yield url


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """The address of an empty database."""
    with closing(psycopg2.connect(server)) as asked, asked.cursor() as cursor:
        asked.autocommit = True
        cursor.execute("CREATE DATABASE empty")
        yield server.removesuffix("/postgres") + "/empty"
        cursor.execute("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture
def file() -> Path:
    """The test's own database."""
    return Path(connection.settings_dict["NAME"])


def ask(url: str, sql: str) -> list[tuple[Any, ...]]:
    """What the database answers."""
    with closing(psycopg2.connect(url)) as asked, asked.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def count(url: str, table: str) -> int:
    """How many records are there."""
    return int(ask(url, f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 # our own names


def tables(url: str) -> int:
    """How many tables are there."""
    return count(url, "pg_tables WHERE schemaname = 'public'")


def moved(url: str, *words: str, before: str = "") -> list[tuple[int, str, str]]:
    """Exit status of each run of the command, what it said, and what it complained of."""
    ended = elsewhere(url, "-c", MOVES.format(before=before), *words)
    assert ended.stderr == ""
    return [tuple(one) for one in loads(ended.stdout)]


def changed(file: Path, copy: Path, *statements: str) -> Path:
    """A copy of the database in which somebody has done this."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        for statement in statements:
            target.execute(statement)
        target.commit()
    return copy


def a_past(world: World) -> TrackerRow:
    """Some of everything that the two databases store differently. Answers a row that is open."""
    row = make_row(team=world.team, by=world.officer, person="Zoë Test", pin="000007", action="Ring 🙂\n“x”")
    make_closed_row(team=world.team, by=world.officer)
    make_meeting(team=world.team, by=world.manager)
    wrong = make_row(team=world.team, by=world.officer, person="Al Test")
    seal()
    remove_row(row=wrong, by=world.officer)
    wrong.refresh_from_db()
    erase_row(row=wrong, whole=True, reason="Added in error", by=world.officer)
    ParkedImport.objects.create(person=world.officer, team=world.team, file=bytes(range(256)))
    for address in ("10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1"):
        request = RequestFactory(REMOTE_ADDR=address).get("/")
        audit.record(AuditEvent.Kind.EXPORT, by=world.officer, purpose="test", request=request, share=0.1)
    seal()
    return row


@pytest.mark.sqlite
def test_killed_in_the_middle_nothing_has_moved_and_everybody_may_write_again(
    world: World, empty: str, file: Path
) -> None:
    make_row(team=world.team, by=world.officer)

    variables = os.environ | {"DATABASE_URL": empty, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", MOVES.format(before=STOPS), str(file)]
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "in the middle\n"
            with closing(sqlite3.connect(file, timeout=0)) as other, pytest.raises(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
        finally:
            process.kill()
    while ask(empty, "SELECT 1 FROM pg_stat_activity WHERE datname = 'empty' AND pid <> pg_backend_pid()"):
        pass

    assert tables(empty) == 0
    make_row(team=world.team, by=world.officer)


@pytest.mark.sqlite
def test_everything_moves_with_its_numbers_its_guards_and_a_log_that_verifies(
    world: World, empty: str, file: Path
) -> None:
    row = a_past(world)
    gone = Group.objects.create(name="Gone")
    last = gone.pk
    gone.delete()
    content = sha256(file.read_bytes()).digest()

    ((status, said, complained),) = moved(empty, str(file))

    assert (status, complained) == (0, "")
    assert sha256(file.read_bytes()).digest() == content
    told = {line.split()[-1]: line.split()[0] for line in said.splitlines()[:-3]}
    for model in (TrackerRow, Change, AuditEvent, ParkedImport):
        table = model._meta.db_table
        more = 2 * (model is AuditEvent)  # that everything was moved, and that the log was checked
        assert int(told[table]) == model._default_manager.count() == count(empty, table) - more
    assert "are the same in both, by number and digest" in said
    assert "The log verifies" in said
    kept = ask(empty, "SELECT id, case_id, action FROM tracker_trackerrow WHERE action <> ''")
    assert (row.pk, row.case_id, "Ring 🙂\n“x”") in kept
    assert (row.case_id, "Zoë Test", "000007") in ask(empty, "SELECT id, person, pin FROM tracker_case")
    assert ask(empty, "SELECT nextval(pg_get_serial_sequence('auth_group', 'id'))") == [(last + 1,)]
    for statement in (
        "DELETE FROM tracker_change RETURNING 1",
        "UPDATE accounts_auditevent SET purpose = '' RETURNING 1",
    ):
        with pytest.raises(psycopg2.errors.RestrictViolation):
            ask(empty, statement)
    newest = "SELECT purpose FROM accounts_auditevent WHERE kind = 'backup'"
    assert ask(empty, newest) == [("move",)]


@pytest.mark.sqlite
def test_one_record_that_is_not_the_same_and_nothing_has_moved(world: World, empty: str, file: Path) -> None:
    make_row(team=world.team, by=world.officer)

    ((status, _, complained),) = moved(empty, str(file), before=ALTERS)

    assert (status, tables(empty)) == (2, 0)
    assert complained == (
        "Not the same after moving: tracker_case (1 records in the file, 1 in PostgreSQL)."
        " Nothing was moved.\n"
    )


@pytest.mark.sqlite
@pytest.mark.parametrize("known", [False, True])
def test_a_log_that_does_not_verify_moves_only_when_its_faults_are_known(
    world: World, empty: str, file: Path, known: bool
) -> None:
    make_row(team=world.team, by=world.officer)
    seal()
    triggers.remove()
    AuditEvent.objects.filter(pk=AuditEvent.objects.earliest("pk").pk).update(purpose="something else")
    triggers.install()

    ((status, said, complained),) = moved(empty, f"{file} --faults-known" if known else str(file))

    assert (status, tables(empty) > 0) == ((0, True) if known else (2, False))
    if known:
        assert "The log has 1 faults" in said
    else:
        assert complained.startswith("The log does not verify: 1 faults, the first: Audit log, entry")
        assert complained.endswith("Nothing was moved.\n")


@pytest.mark.sqlite
def test_a_file_that_cannot_be_moved_is_refused_in_words(
    world: World, empty: str, file: Path, tmp_path: Path
) -> None:
    make_row(team=world.team, by=world.officer)
    text, foreign = tmp_path / "text", tmp_path / "foreign"
    text.write_text("Not a database, and long enough for SQLite to look at what stands there." * 10)
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE something (id)")
    older = changed(file, tmp_path / "older", "DELETE FROM django_migrations WHERE app = 'summary'")
    newer = changed(
        file,
        tmp_path / "newer",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('tracker', '9999_later', '2030-01-01')",
    )
    more = changed(file, tmp_path / "more", "CREATE TABLE something (id)")
    too_long = changed(
        file,
        tmp_path / "too_long",
        "UPDATE accounts_team SET name = hex(zeroblob(500))",
    )
    words = {
        tmp_path / "nowhere": "There is no file",
        text: "file is not a database",
        foreign: "no database of this program",
        older: "`manage.py upgrade` first",
        newer: "newer than this program",
        more: "not of this program: something",
        too_long: "A record of accounts_team cannot be moved: value too long",
    }

    refused = moved(empty, *map(str, words))

    assert [status for status, _, _ in refused] == [2] * len(words)
    assert [word in said for word, (_, _, said) in zip(words.values(), refused, strict=True)] == [True] * len(
        words
    )
    assert [said.count("\n") for _, _, said in refused] == [1] * len(words)
    assert tables(empty) == 0


@pytest.mark.sqlite
def test_nothing_moves_while_somebody_writes(world: World, empty: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")

        ((status, _, complained),) = moved(empty, str(file))

    assert status == 2
    assert complained == f"Somebody writes into {file}: stop the server and the timers first.\n"
    assert tables(empty) == 0


@pytest.mark.sqlite
def test_it_moves_into_postgresql_only(world: World, file: Path) -> None:
    status, _, complained = run("move_from_sqlite", str(file))

    assert status == 2
    assert complained.startswith("DATABASE_URL has to name the PostgreSQL")


@pytest.mark.postgresql
def test_nothing_moves_into_what_is_there(world: World, tmp_path: Path) -> None:
    make_row(team=world.team, by=world.officer)

    status, _, complained = run("move_from_sqlite", str(tmp_path / "icm.sqlite3"))

    assert status == 2
    assert "not empty" in complained
    assert TrackerRow.objects.exists()
