"""What a database says that a server must not start with: each of it in a real database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from pytest_django import Settings

from accounts.demo import PASSWORD
from accounts.roles import Role
from icm.databases import database
from icm.deployment import checks, stored
from scripts import postgres
from tests.conftest import World
from tests.factories import make_person

pytestmark = pytest.mark.django_db

REAL = "somebody@council.example"
INVENTED = "team-manager.amber-valley@demo.example"


def test_missing_migrations_are_counted_and_nothing_else_is_looked_at() -> None:
    make_person(email=INVENTED)
    last = MigrationRecorder.Migration.objects.filter(app="toolkit").latest("name")
    last.delete()

    found = checks.in_database(connection)

    assert [(one.id, one.msg) for one in found] == [
        (
            "icm.migrations",
            "The database is older than this program: 1 migration is missing. "
            "Run `manage.py upgrade`; in a new and empty database, `manage.py migrate`.",
        )
    ]


def test_a_database_with_every_migration_is_as_new_as_the_program() -> None:
    assert stored.migrations(connection) is None


def test_demo_where_there_are_real_people_is_refused(settings: Settings) -> None:
    settings.DEMO = True
    before = stored.demonstration(connection)
    make_person(email=REAL)

    said = stored.demonstration(connection)

    assert before is None
    assert said == (
        "DEMO is on. This database holds people outside @demo.example: invented cases may not be mixed with "
        "real ones. Take DEMO out of the environment, or name another DATABASE_URL."
    )


def test_a_person_who_was_added_to_the_demonstration_does_not_stop_it(settings: Settings) -> None:
    settings.DEMO = True
    make_person(email=INVENTED)
    make_person(email=REAL)

    assert stored.demonstration(connection) is None


def test_real_people_without_demo_are_well() -> None:
    make_person(email=REAL)

    assert stored.demonstration(connection) is None
    assert stored.demonstration_people(connection) is None


def test_the_demonstrations_people_are_refused_where_demo_is_off(settings: Settings) -> None:
    make_person(email=INVENTED)
    off = stored.demonstration_people(connection)
    settings.DEMO = True
    on = stored.demonstration_people(connection)

    assert on is None
    assert off == (
        "The database holds the demonstration's people, whose password everybody can read. "
        "Begin with an empty database: name another DATABASE_URL."
    )


def test_an_officer_with_the_demonstrations_password_is_refused_until_it_is_changed(world: World) -> None:
    officer = world.person(Role.PERFORMANCE_OFFICER)
    before = stored.officers_password(connection)
    officer.set_password(PASSWORD)
    officer.save(update_fields=["password"])

    said = stored.officers_password(connection)

    assert before is None
    assert said == (
        "1 officer has the demonstration's password, which everybody can read: "
        f"/people/{officer.pk}/. Give another: `manage.py add_officer EMAIL --password`."
    )


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """A SQLite file, opened as icm.databases says."""
    handler = ConnectionHandler({"default": database(f"sqlite:///{tmp_path}/icm.sqlite3")})
    yield handler["default"]
    handler.close_all()


def test_sqlite_as_the_settings_open_it_keeps_its_word(opened: BaseDatabaseWrapper) -> None:
    assert stored.durability(opened) is None


@pytest.mark.parametrize(
    ("pragmas", "said"),
    [
        ("PRAGMA synchronous=NORMAL", "synchronous=1 and journal_mode=delete"),
        ("PRAGMA synchronous=FULL; PRAGMA journal_mode=MEMORY", "synchronous=2 and journal_mode=memory"),
        ("PRAGMA synchronous=FULL; PRAGMA journal_mode=OFF", "synchronous=2 and journal_mode=off"),
    ],
)
def test_sqlite_that_could_lose_saves_is_refused(
    opened: BaseDatabaseWrapper, pragmas: str, said: str
) -> None:
    opened.settings_dict["OPTIONS"]["init_command"] = pragmas

    assert stored.durability(opened) == (
        f"SQLite writes with {said}: saves could be lost. "
        "Let `icm.databases.database` make the settings, or use PostgreSQL."
    )


@pytest.mark.parametrize(("safe", "refused"), [(True, False), (False, True)])
def test_wal_is_refused_where_the_library_may_lose_commits(
    opened: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch, safe: bool, refused: bool
) -> None:
    opened.settings_dict["OPTIONS"]["init_command"] = "PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL"
    monkeypatch.setattr(stored, "wal_is_safe", lambda version: safe)

    assert bool(stored.durability(opened)) == refused


@pytest.mark.postgresql
def test_a_postgresql_that_could_lose_saves_is_refused() -> None:
    assert stored.durability(connection) == (
        "PostgreSQL has fsync, full_page_writes, synchronous_commit off: saves could be lost at a power cut. "
        "Turn on in postgresql.conf what is named here, and reload PostgreSQL."
    )


@pytest.mark.postgresql
def test_a_postgresql_as_it_comes_keeps_its_word() -> None:
    with postgres.server(lasting=True) as url:
        handler = ConnectionHandler({"default": database(url)})
        said = stored.durability(handler["default"])
        handler.close_all()

    assert said is None


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    nobody = ConnectionHandler({"default": database(postgres.database_url(tmp_path))})

    found = checks.in_database(nobody["default"])

    assert [(one.id, one.msg) for one in found] == [("icm.database", checks.NO_ANSWER)]


def test_no_database_is_asked_unless_it_is_named() -> None:
    make_person(email=INVENTED)

    assert checks.databases_are_safe() == []
    assert "icm.demonstration_people" in [one.id for one in checks.databases_are_safe(databases=["default"])]
