"""What is not well stands on the officers' home page; how everything is, on a page of its own."""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import audit
from accounts.backups import MADE, VERIFIED
from accounts.chain.seal import seal
from accounts.models import AuditEvent, Notice, User
from icm import health
from tests.conftest import World
from tests.factories import forget_log

SignIn = Callable[[User], Client]


def test_officers_are_told_of_what_is_not_well_and_nobody_else(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "QUICK", (lambda: health.Check("Disk", False, "2% of the disk is free."),))
    assert world.neighbour.pk

    officers, heads = (sign_in(person).get("/").content.decode() for person in (world.officer, world.head))

    assert f'<a href="{reverse("health")}">Disk: 2% of the disk is free.</a>' in officers
    assert "of the disk" not in heads


def test_that_no_backup_was_made_is_said_until_one_is(world: World, sign_in: SignIn) -> None:
    assert "Backups: Never" in sign_in(world.officer).get("/").content.decode()


def copied(at: datetime, name: str = "one.copy") -> None:
    """The log's entry of a copy made at this moment."""
    with time_machine.travel(at, tick=False):
        audit.record(AuditEvent.Kind.BACKUP, by=None, purpose=MADE, copy=name, bytes=7_000_000, records=9)


def test_the_newest_backup_is_told_with_its_size_and_whether_it_was_verified(world: World) -> None:
    now = timezone.now()
    copied(now - timedelta(hours=30))
    late = health.backups()
    copied(now - timedelta(hours=1), "two.copy")
    unverified = health.backups()
    audit.record(AuditEvent.Kind.BACKUP, by=None, purpose=VERIFIED, copy="one.copy")
    older = health.backups()
    audit.record(AuditEvent.Kind.BACKUP, by=None, purpose=VERIFIED, copy="two.copy")
    verified = health.backups()

    assert [one.well for one in (late, unverified, older, verified)] == [False, True, True, True]
    at = timezone.localtime(now - timedelta(hours=1))
    assert unverified.said == f"{at:%d/%m/%y at %H:%M}, 7.0 MB, none verified yet."
    assert older.said.endswith(f"the last one verified on {timezone.localdate():%d/%m/%y}.")
    assert verified.said.endswith("7.0 MB, verified.")


def test_the_installation_is_not_ready_26_hours_after_its_last_copy_and_tells_strangers_no_more(
    world: World, settings: Settings
) -> None:
    began = timezone.now()
    forget_log()
    audit.record(AuditEvent.Kind.SIGN_IN, by=world.officer, purpose="sign in")

    def answer(hours: float) -> tuple[int, bytes]:
        with time_machine.travel(began + timedelta(hours=hours), tick=False):
            told = Client().get("/readyz")
        return told.status_code, told.content

    first_day, never = answer(25), answer(27)
    copied(began + timedelta(hours=27))
    fresh, late = answer(52), answer(54)
    settings.DEMO = True
    demonstration = answer(54)

    well, ill = (200, b"well\n"), (503, b"not well\n")
    assert [first_day, never, fresh, late, demonstration] == [well, ill, well, ill, well]


def read_only() -> AbstractContextManager[None]:
    """The database answers and takes nothing, as on a standby or a disk that was remounted."""

    def refuse(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, *more)

    return connection.execute_wrapper(refuse)


def without_a_migration() -> AbstractContextManager[None]:
    """The program is newer than the database by one migration."""
    MigrationRecorder(connection).migration_qs.filter(app="tracker").order_by("-pk")[:1].get().delete()
    return nullcontext()


def full_disk() -> AbstractContextManager[object]:
    """Less than a twentieth is free on one of the disks."""

    def usage(folder: Path) -> SimpleNamespace:
        return SimpleNamespace(total=100, free=4 if folder == Path(tempfile.gettempdir()) else 50)

    return patch("shutil.disk_usage", new=usage)


@pytest.mark.parametrize(
    ("ill", "name", "said"),
    [
        (read_only, "Database", "takes nothing that is written"),
        (without_a_migration, "Database", "1 migration is missing"),
        (full_disk, "Disk", "4% of the disk is free for uploads."),
    ],
)
def test_the_installation_is_not_ready_where_saves_could_not_be_made_or_kept(
    ill: Callable[[], AbstractContextManager[object]], name: str, said: str, world: World
) -> None:
    before = Client().get("/readyz")

    with ill():
        told = Client().get("/readyz")
        alive = Client().get("/livez")
        found = {one.name: one for one in (health.database(), health.disk())}[name]

    assert (before.status_code, told.status_code, told.content) == (200, 503, b"not well\n")
    # What sends people to a server must not end a meeting over it.
    assert alive.status_code == 200
    assert not found.well
    assert said in found.said


def test_the_page_says_of_each_thing_whether_it_is_well(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.officer).get(reverse("health")).content.decode()

    assert [name for name in ("Database", "Disk", "Mail", "Backups", "Log") if name not in page] == []
    assert "up to date" in page


def test_a_failed_mail_needs_attention_where_there_is_a_server(world: World, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    Notice.objects.create(person=world.manager, text="News", mail_failed=True)

    found = health.mail()

    assert (found.well, found.said) == (False, "1 mail could not be sent.")


def test_a_log_that_no_timer_seals_or_that_was_altered_needs_attention(world: World) -> None:
    fresh = health.log()
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        audit.record(AuditEvent.Kind.SIGN_IN, by=world.officer, purpose="sign in")
    unsealed = health.log()
    seal()
    sealed = health.log()
    audit.record(AuditEvent.Kind.LOG, by=None, purpose=audit.CHECK_OF_LOG, links=9, found=1, faults=["…"])
    altered = health.log()

    assert [one.well for one in (fresh, unsealed, sealed, altered)] == [True, False, True, False]
    assert "seal_log" in unsealed.said
    assert "not checked yet" in sealed.said
    assert "not as they were written" in altered.said
