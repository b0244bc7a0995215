"""Upgrading: a copy first, and a way back when it fails."""

import json
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, migrations
from django.db.migrations.recorder import MigrationRecorder

from accounts import backups
from accounts.models import AuditEvent
from tests.conftest import World
from tests.factories import make_row
from tracker.models import TrackerRow

LAST = ("accounts", "0009_backups_in_the_log")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]


@pytest.fixture
def older(world: World) -> TrackerRow:
    """A database that has not had the last migration, with a row in it."""
    row = make_row(team=world.team, by=world.officer, person="Ed Test")
    MigrationRecorder(connection).record_unapplied(*LAST)
    return row


def upgraded() -> tuple[int, str, str]:
    """Exit status of the command, what it said, and what it complained of."""
    out, err = StringIO(), StringIO()
    try:
        call_command("upgrade", stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_an_upgrade_copies_migrates_and_checks_and_does_nothing_a_second_time(
    older: TrackerRow, folder: Path
) -> None:
    first = upgraded()
    again = upgraded()

    made = [path.name for path in folder.glob("*.copy")]
    assert (first[0], again[0]) == (0, 0)
    assert "Upgraded: 1 migration. The log verifies." in first[1]
    assert "Nothing to do" in again[1]
    assert [name.endswith("-before-upgrade.copy") for name in made] == [True]
    assert LAST in MigrationRecorder(connection).applied_migrations()
    entry = backups.newest(backups.MADE)
    assert entry is not None
    assert entry.detail["copy"] == made[0]
    # An older copy learns from it what has been erased since, as from a backup's.
    assert json.loads((folder / "erased-and-held.json").read_text()) == {
        "erased": {"row": [], "case": []},
        "held": [],
    }


def test_an_upgrade_that_fails_names_the_command_that_goes_back(
    older: TrackerRow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(registry: Any, editor: Any) -> None:
        registry.get_model("accounts", "Notice").objects.all().delete()
        raise RuntimeError("no room")

    err = StringIO()
    last = import_module(f"accounts.migrations.{LAST[1]}").Migration
    with monkeypatch.context() as patched:
        patched.setattr(last, "operations", [migrations.RunPython(fails)])
        with pytest.raises(RuntimeError, match="no room"):
            call_command("upgrade", stderr=err)
    (copy,) = folder.glob("*.copy")
    call_command("restore", str(copy), "--replace", stdout=StringIO())

    assert f"manage.py restore {copy} --replace" in err.getvalue()
    assert TrackerRow.objects.get(pk=older.pk).case.person == "Ed Test"
    assert LAST in MigrationRecorder(connection).applied_migrations()


def test_a_database_that_is_newer_than_the_program_is_refused(world: World, folder: Path) -> None:
    MigrationRecorder(connection).record_applied("tracker", "9999_later")
    try:
        status, _, complained = upgraded()
    finally:
        MigrationRecorder(connection).record_unapplied("tracker", "9999_later")

    assert status == 2
    assert "newer than this program" in complained
    assert not folder.exists()
    assert not AuditEvent.objects.filter(kind=AuditEvent.Kind.BACKUP).exists()
