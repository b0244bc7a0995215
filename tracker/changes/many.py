"""Thousands of records in a few statements (ADR 0050).

Django's `bulk_create` asks every field about every value, several times over: most of an import went there.
A text or a number is the same here and in the database, and only the rest is asked about.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model

# Records in one statement: even of the widest table fewer values than SQLite takes (32,766).
BATCH = 500
PLAIN = frozenset((str, int, bool, type(None)))


def insert(records: Sequence[Model]) -> None:
    """Writes new records of one table and tells them their numbers."""
    if not records:
        return
    fields = [field for field in records[0]._meta.concrete_fields if not field.primary_key]
    # Both databases answer in the order of the values; Django's own bulk_create rests on that too.
    for record, (number,) in zip(records, _send(records, fields, " RETURNING id"), strict=True):
        record.pk, record._state.adding, record._state.db = number, False, connection.alias


def overwrite(records: Sequence[Model], columns: Iterable[str]) -> None:
    """Writes these columns of records of one table which all exist.

    They are sent as whole records, of which the database takes these columns only. Django's
    `bulk_update` says the same with a CASE for each column and takes six times as long.
    """
    if not records:
        return
    fields = records[0]._meta.concrete_fields
    named = {field.name: connection.ops.quote_name(field.column) for field in fields}
    taken = ", ".join(f"{named[column]} = excluded.{named[column]}" for column in columns)
    _send(records, fields, f" ON CONFLICT (id) DO UPDATE SET {taken}")


def _send(records: Sequence[Model], fields: Sequence["Field[Any, Any]"], then: str) -> list[tuple[Any, ...]]:
    """What the statements answer, in the order of the records; `then` ends each of them."""
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    into = f"INSERT INTO {name(records[0]._meta.db_table)} ({columns}) VALUES "  # noqa: S608 # our own names
    marks = f"({', '.join(['%s'] * len(fields))})"
    answered: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(records), BATCH):
            some = records[start : start + BATCH]
            values = [value for record in some for value in _values(record, fields)]
            cursor.execute(into + ", ".join([marks] * len(some)) + then, values)
            answered += cursor.fetchall() if cursor.description else []
    return answered


def _values(record: Model, fields: Sequence["Field[Any, Any]"]) -> Iterator[Any]:
    """What the database is given for each field."""
    for field in fields:
        value = getattr(record, field.attname)
        if type(value) in PLAIN and not isinstance(field, JSONField):
            yield value
        else:
            yield field.get_db_prep_save(value, connection)
