"""Copy, look, bring back, on both databases: with everything that had been acknowledged, and nothing more."""

import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from pytest_django import Settings

from accounts.chain.seal import seal
from accounts.chain.triggers import SENTENCE
from accounts.models import AuditEvent, Session
from icm.backups import Refused, copies, postgresql, sealed, store
from icm.backups.contents import Tally, differences
from icm.backups.key import the_key
from tests.commands import elsewhere, run
from tests.conftest import World
from tests.factories import cleaned, make_closed_row, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.erasing import erase_row
from tracker.changes.lifecycle import remove_row
from tracker.changes.retention import place_hold
from tracker.models import Change, LegalHold, TrackerRow
from tracker.months import beginning

WRITERS = 8

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]


@contextmanager
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database of the same kind with nothing in it."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    address, name = connection.settings_dict, f"empty_{os.getpid()}"
    server = psycopg2.connect(host=address["HOST"], user=address["USER"], dbname="postgres")
    server.autocommit = True
    with closing(server), server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield f"postgres://{address['USER']}@{quote(address['HOST'], safe='')}/{name}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_copy_comes_back_with_its_history_its_guards_and_without_what_came_later(world: World) -> None:
    row = make_row(team=world.team, by=world.officer, person="Ed Test", action="Call Gran")
    Client().force_login(world.officer)
    seal()
    made = run("backup")
    edit_cell(
        row=row,
        field="action",
        new=cleaned("action", "Later"),
        base=row.field_rev.get("action", 0),
        by=world.officer,
    )

    status, said, complained = run("restore", str(store.newest()), "--replace")

    assert (made[0], status, complained) == (0, 0, "")
    row = TrackerRow.objects.get(pk=row.pk)
    assert row.action == "Call Gran"
    assert not Change.objects.filter(new="Later").exists()
    assert "The log verifies" in said
    assert not Session.objects.exists()
    with pytest.raises(DatabaseError, match=SENTENCE), transaction.atomic():
        Change.objects.filter(row=row).delete()
    assert make_row(team=world.team, by=world.officer).pk > row.pk


def test_it_comes_back_on_an_empty_machine(world: World, tmp_path: Path, settings: Settings) -> None:
    make_row(team=world.team, by=world.officer, person="Ed Test")
    seal()
    run("backup")
    told = {
        name: getattr(settings, name) for name in ("BACKUP_FOLDER", "BACKUP_KEY_FILE", "POSTGRESQL_PROGRAMS")
    }

    with empty_database(tmp_path) as url:
        there = elsewhere(url, "manage.py", "restore", str(store.newest()), **told)

    assert (there.returncode, there.stderr) == (0, "")
    assert "The log verifies" in there.stdout


def test_a_copy_made_while_eight_write_holds_all_that_was_acknowledged_before(world: World) -> None:
    rows = [make_row(team=world.team, by=world.officer) for _ in range(WRITERS)]
    acknowledged: list[tuple[int, int]] = []
    finished: list[bool] = []

    def write(number: int) -> None:
        edit = 0
        while not finished and edit < 500:
            edit_cell(
                row=rows[number],
                field="owner",
                new=cleaned("owner", f"{number}-{edit}"),
                base=edit,
                by=world.officer,
            )
            acknowledged.append((number, edit))
            edit += 1
        connections.close_all()

    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [threads.submit(write, number) for number in range(WRITERS)]
        while len(acknowledged) < 2 * WRITERS:
            pass
        before = list(acknowledged)
        copy = copies.make()
        finished.append(True)
        for one in writing:
            one.result()

    after = list(acknowledged)
    assert len(after) > len(before)
    run("restore", str(copy.path), "--replace")
    there = set(Change.objects.filter(field="owner").values_list("new", flat=True))
    assert {f"{number}-{edit}" for number, edit in before} <= there
    for row in TrackerRow.objects.filter(pk__in=[row.pk for row in rows]):
        newest = Change.objects.filter(row=row, field="owner").order_by("-seq").first()
        assert row.owner == (newest.new if newest else "")
    numbers = list(Change.objects.filter(team=world.team).order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_newest_copy_is_verified_to_its_last_record(world: World) -> None:
    make_row(team=world.team, by=world.officer)
    run("backup")

    status, said, _ = run("verify_backup")

    assert status == 0
    assert "Every record is as it was." in said
    assert [event.purpose for event in AuditEvent.objects.filter(kind="backup").order_by("pk")] == [
        "back up",
        "verify backup",
    ]


def test_a_copy_that_does_not_hold_what_it_says_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team, by=world.officer)
    plain = copies._manifest_of

    def with_one_more(moment: Any, at: Any) -> Iterator[bytes]:
        moment.tables["tracker_case"].add(b"nothing")
        return plain(moment, at)

    monkeypatch.setattr(copies, "_manifest_of", with_one_more)
    copies.make()

    verified = run("verify_backup")
    restored = run("restore", str(store.newest()), "--replace")

    assert (verified[0], restored[0]) == (2, 2)
    assert verified[2].strip() == restored[2].strip() == sealed.DAMAGED
    assert TrackerRow.objects.filter(pk=row.pk).exists()
    assert make_row(team=world.team, by=world.officer).pk > row.pk


def rewritten(path: Path, **said: Any) -> Path:
    """A copy like this one that says something else of itself."""
    with copies.reading(path) as (manifest, data):
        content = b"".join(data)
    told = {
        "at": manifest.at.isoformat(),
        "kind": manifest.kind,
        "version": manifest.version,
        "migrations": manifest.migrations,
        "head": manifest.head,
        "tables": {},
    } | said
    text = json.dumps(told).encode()
    with store.written(path.with_name("rewritten")) as file:
        writer = sealed.Writer(file, the_key())
        writer.write(len(text).to_bytes(4, "big") + text + content)
        writer.finish()
    return path.with_name("rewritten")


def test_a_copy_of_a_newer_program_or_of_the_other_database_is_refused_in_words(world: World) -> None:
    row = make_row(team=world.team, by=world.officer)
    path = copies.make().path
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"

    newer = run(
        "restore", str(rewritten(path, migrations=["tracker.9999_later"], version="9.9")), "--replace"
    )
    foreign = run("restore", str(rewritten(path, kind=other)), "--replace")

    assert (newer[0], foreign[0]) == (2, 2)
    assert "newer program (9.9)" in newer[2]
    assert "only on the kind of database" in foreign[2]
    assert TrackerRow.objects.filter(pk=row.pk).exists()


def test_without_replace_nothing_is_lost(world: World) -> None:
    row = make_row(team=world.team, by=world.officer)
    path = copies.make().path

    status, _, complained = run("restore", str(path))

    assert status == 2
    assert "not empty" in complained
    assert TrackerRow.objects.filter(pk=row.pk).exists()


def test_what_is_over_is_erased_again_and_what_is_held_stays(world: World) -> None:
    with time_machine.travel(beginning(date(2026, 3, 10)), tick=False):
        gone, held = (make_closed_row(team=world.team, by=world.officer) for _ in range(2))
        place_hold(case=held.case, reason="Court", asked_by="Legal", by=world.officer)
        path = copies.make().path

    with time_machine.travel(beginning(date(2026, 3, 10) + timedelta(days=200)), tick=False):
        status, said, _ = run("restore", str(path), "--replace")

    assert (status, "The log verifies" in said) == (0, True)
    erased = dict(TrackerRow.objects.values_list("pk", "erased_at"))
    assert erased[gone.pk] is not None
    assert erased[held.pk] is None


def test_an_older_copy_learns_what_was_erased_by_hand_and_held_since(world: World) -> None:
    wrong, kept = (
        make_row(team=world.team, by=world.officer, person=name) for name in ("Ed Test", "Al Test")
    )
    older = copies.make().path
    remove_row(row=wrong, by=world.officer)
    wrong.refresh_from_db()
    erase_row(row=wrong, whole=True, reason="Added in error", by=world.officer)
    place_hold(case=kept.case, reason="Court", asked_by="Legal", by=world.officer)
    run("backup")

    status, said, complained = run("restore", str(older), "--replace")

    assert (status, complained) == (0, "")
    assert re.search("Held again: 1 cases. Erased again .*: 1 rows", said)
    row = TrackerRow.objects.select_related("case").get(pk=wrong.pk)
    assert (row.erased_at is not None, row.case.person) == (True, "Erased")
    assert LegalHold.objects.get(ended_at=None).case_id == kept.case_id
    assert not TrackerRow.objects.kept().filter(state="open", case__person="Erased").exists()
    beside = json.loads((older.parent / "erased-and-held.json").read_text())
    assert beside == {"erased": {"row": [], "case": [wrong.pk]}, "held": [[kept.case_id, world.officer.pk]]}


def test_the_digests_do_not_depend_on_the_order_and_tell_one_record_from_two() -> None:
    one, other, doubled = Tally(), Tally(), Tally()
    for record in (b"a", b"b"):
        one.add(record)
    for record in (b"b", b"a"):
        other.add(record)
    for record in (b"b", b"a", b"a"):
        doubled.add(record)

    assert list(differences({"t": one, "u": one}, {"t": other, "u": doubled})) == ["u"]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("version", "words"), [(None, "pg_dump is not here"), (15, "pg_dump here is of version 15")]
)
def test_a_missing_or_older_pg_dump_is_refused_in_words(
    tmp_path: Path, settings: Settings, version: int | None, words: str
) -> None:
    settings.POSTGRESQL_PROGRAMS = str(tmp_path)
    if version:
        (tmp_path / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.18'\n")
        (tmp_path / "pg_dump").chmod(0o700)

    with pytest.raises(Refused, match=words) as refused:
        copies.make()

    assert "install the package postgresql-client-18" in str(refused.value)


@pytest.mark.postgresql
def test_on_postgresql_nothing_is_replaced_while_somebody_is_connected(world: World) -> None:
    make_row(team=world.team, by=world.officer)
    path = copies.make().path

    with closing(psycopg2.connect(**postgresql._address())):
        status, _, complained = run("restore", str(path), "--replace")

    assert status == 2
    assert "Somebody is connected" in complained


@pytest.mark.postgresql
def test_what_a_killed_restore_had_set_aside_is_put_back_first(world: World) -> None:
    row = make_row(team=world.team, by=world.officer)
    path = copies.make().path
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {postgresql.ASIDE}; CREATE SCHEMA public")

    status, _, complained = run("restore", str(path), "--replace")

    assert (status, complained) == (0, "")
    assert TrackerRow.objects.get().pk == row.pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [postgresql.ASIDE])
        assert cursor.fetchone() == (0,)
