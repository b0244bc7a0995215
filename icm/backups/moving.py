"""From a SQLite file into the empty PostgreSQL that the settings name: all that it holds, or nothing.

Tables, guards, records and the check of the log are one transaction of PostgreSQL: killed anywhere, it leaves
nothing there. What a record says is compared as the application reads it: the two databases store moments,
truths and structured values differently. (Copies compare within one kind of database: contents.py.)
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extras import execute_values

from accounts import audit
from accounts.backups import MOVED
from accounts.chain.verify import Report
from accounts.models import AuditEvent
from icm.backups import Refused, postgresql
from icm.backups.contents import Tallies, Tally, differences
from icm.backups.program import lacking
from icm.databases import LOCK_SECONDS

SOURCE = "moved"
AT_ONCE = 1000
# Each database writes this one itself; what it says is compared by `lacking`.
MIGRATIONS = "django_migrations"
Model = type[models.Model]


def move(path: Path, *, faults_known: bool) -> tuple[Tallies, Report]:
    """Answers what was moved, table by table, and what the check of the log found in PostgreSQL.

    Nobody writes into the file meanwhile. Raises `Refused`; then PostgreSQL is as empty as before. A log that
    does not verify is refused unless its `faults_known`.
    """
    if connection.vendor != "postgresql":
        raise Refused("DATABASE_URL has to name the PostgreSQL into which the file is to be moved.")
    if not postgresql.empty():
        raise Refused("The database that DATABASE_URL names is not empty: name one with nothing in it.")
    with _source(path) as source:
        _fits(path, source)
        try:
            with transaction.atomic(durable=True):
                return _moved(source, faults_known=faults_known)
        except DatabaseError as error:
            raise Refused(f"It was refused: {_words(error)}. Nothing was moved.") from error


@contextmanager
def _source(path: Path) -> Iterator[BaseDatabaseWrapper]:
    """The file as a second database, at one moment: nobody else writes into it within the block."""
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    connections.databases[SOURCE] = {
        **connection.settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        # Neither made nor told how to keep its journal: the file stays as it is.
        "NAME": f"file:{quote(str(path.resolve()))}?mode=rw",
        "OPTIONS": {"timeout": LOCK_SECONDS},
    }
    source = connections[SOURCE]
    try:
        _lock(path, source)
        yield source
    finally:
        source.close()
        del connections[SOURCE], connections.databases[SOURCE]


def _lock(path: Path, source: BaseDatabaseWrapper) -> None:
    try:
        with source.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
    except DatabaseError as error:
        if "locked" in str(error):
            raise Refused(f"Somebody writes into {path}: stop the server and the timers first.") from error
        raise Refused(f"{path} cannot be read: {_words(error)}.") from error


def _fits(path: Path, source: BaseDatabaseWrapper) -> None:
    there = set(source.introspection.table_names())
    if MIGRATIONS not in there:
        raise Refused(f"{path} is no database of this program.")
    if lacking(source):
        raise Refused(
            f"{path} is older than this program: name it in DATABASE_URL and run `manage.py upgrade` first."
        )
    if unknown := sorted(there - {MIGRATIONS} - {model._meta.db_table for model in _models()}):
        raise Refused(f"{path} holds what is not of this program: {', '.join(unknown)}.")


def _moved(source: BaseDatabaseWrapper, *, faults_known: bool) -> tuple[Tallies, Report]:
    _make_tables()
    moved = {model._meta.db_table: _copy(model) for model in _models()}
    _go_on_counting(source)
    _compare(moved)
    records = sum(tally.records for tally in moved.values())
    audit.record(AuditEvent.Kind.BACKUP, by=None, purpose=MOVED, tables=len(moved), records=records)
    report = audit.check_log(by=None)
    if not (report.fine or faults_known):
        raise Refused(
            f"The log does not verify: {report.found} faults, the first: {report.faults[0]} LOG_KEY and"
            " SECRET_KEY have to be those of before; --faults-known moves it as it is. Nothing was moved."
        )
    return moved, report


def _make_tables() -> None:
    """The tables and guards, empty: what migrations write into them the file holds as it is today."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for model in _models():
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 # our own names


def _copy(model: Model) -> Tally:
    """Writes every record as it is, and counts what it has read."""
    tally, fields, target = Tally(), model._meta.concrete_fields, connections[DEFAULT_DB_ALIAS]

    def prepared() -> Iterator[list[Any]]:
        for record in _records(model, SOURCE):
            tally.add(_said(record))
            yield [
                field.get_db_prep_save(value, connection=target)
                for field, value in zip(fields, record, strict=True)
            ]

    columns = ", ".join(f'"{field.column}"' for field in fields)
    insert = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES %s'  # noqa: S608 # our own names
    try:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, insert, prepared(), page_size=AT_ONCE)
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
    except (DatabaseError, psycopg2.Error, ValueError) as error:
        raise Refused(
            f"A record of {model._meta.db_table} cannot be moved: {_words(error)}. Nothing was moved."
        ) from error
    return tally


def _go_on_counting(source: BaseDatabaseWrapper) -> None:
    """New records get the numbers that they would have got: that of a deleted one is not given again."""
    with source.cursor() as asked:
        asked.execute("SELECT name, seq FROM sqlite_sequence")
        given = dict(asked.fetchall())
    with connection.cursor() as cursor:
        for model in _models():
            table, number = model._meta.db_table, model._meta.auto_field
            if number:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), greatest(%s, max({number.column})))"  # noqa: S608 # our own names
                    f' FROM "{table}"',
                    [table, number.column, given.get(table) or None],
                )


def _compare(moved: Tallies) -> None:
    there = {}
    for model in _models():
        there[model._meta.db_table] = tally = Tally()
        for record in _records(model, DEFAULT_DB_ALIAS):
            tally.add(_said(record))
    different = [
        f"{table} ({moved[table].records} records in the file, {there[table].records} in PostgreSQL)"
        for table in differences(moved, there)
    ]
    if different:
        raise Refused(f"Not the same after moving: {', '.join(different)}. Nothing was moved.")


def _models() -> list[Model]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _records(model: Model, using: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return model._base_manager.using(using).order_by().values_list(*names).iterator(chunk_size=AT_ONCE)


def _said(record: tuple[Any, ...]) -> bytes:
    return json.dumps(record, sort_keys=True, default=_as_text).encode()


def _as_text(value: object) -> str:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)


def _words(error: Exception) -> str:
    """What the database said first. Later lines may repeat what stands in a record."""
    return (str(error).splitlines() or ["it said nothing"])[0].rstrip(".")
