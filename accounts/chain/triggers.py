"""What the database itself refuses: to change or delete an entry of a log, whoever asks.

Put in place after each `migrate` (SQLite loses a table's triggers when it is altered). While `AuditSwitch`
names a run of retention, in that run's own transaction, entries may be erased, and the database notes each
in `AuditErased`. The links and those notes are never changed by anybody.
"""

from collections.abc import Iterator

from django.db import connection

from accounts.chain.logs import LOGS
from accounts.models import AuditErased, AuditLink, AuditRow, AuditSwitch

SENTENCE = "The log is kept as it was written."
FUNCTION = "icm_log_is_kept"
NEVER, UNNOTED = "never", "unnoted"

_SWITCH, _ERASED = AuditSwitch._meta.db_table, AuditErased._meta.db_table

_ON_POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erasing uuid;
BEGIN
  SELECT run INTO erasing FROM {_SWITCH} WHERE run IS NOT NULL;
  IF erasing IS NULL OR TG_ARGV[0] = '{NEVER}' OR TG_OP = 'TRUNCATE' THEN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_ARGV[0] <> '{UNNOTED}' THEN
    INSERT INTO {_ERASED} (run, log, stream, position) VALUES (
      erasing, TG_ARGV[0],
      coalesce((to_jsonb(OLD) ->> TG_ARGV[1])::bigint, 0), (to_jsonb(OLD) ->> TG_ARGV[2])::bigint
    ) ON CONFLICT DO NOTHING;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$
"""  # noqa: S608 # names of our own tables


def install() -> None:
    """Puts the missing ones in place. Repeatable."""
    wanted = missing()
    with connection.cursor() as cursor:
        if wanted and connection.vendor == "postgresql":
            cursor.execute(_ON_POSTGRESQL)
        for name in wanted:
            cursor.execute(_statements()[name])


def remove() -> None:
    """Takes them away. Nothing of the application does so: it is for tests, which empty their tables."""
    with connection.cursor() as cursor:
        for name in _there() & _statements().keys():
            table = name.removeprefix("kept_").rpartition("_")[0]
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def missing() -> list[str]:
    """The triggers that should be there and are not."""
    tables = set(connection.introspection.table_names())
    there = _there()
    # While the first migration of one app runs alone, the tables of another may not be there yet.
    return [
        name
        for name in _statements()
        if name not in there and name.removeprefix("kept_").rpartition("_")[0] in tables
    ]


def _there() -> set[str]:
    asked = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'kept\\_%' AND tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


def _statements() -> dict[str, str]:
    """Every trigger by its name, with the statement that makes it."""
    made = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    return dict(
        pair for table, log, stream, position in _kept() for pair in made(table, log, stream, position)
    )


def _kept() -> Iterator[tuple[str, str, str, str]]:
    """The tables: name, log (or what is done instead of noting it), columns of stream and position."""
    for log in LOGS.values():
        yield log.table, log.code, log.stream_column, log.position_column
    yield AuditRow._meta.db_table, UNNOTED, "", ""
    yield AuditLink._meta.db_table, NEVER, "", ""
    yield AuditErased._meta.db_table, NEVER, "", ""


def _on_postgresql(table: str, log: str, stream: str, position: str) -> Iterator[tuple[str, str]]:
    for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"kept_{table}_{event.lower()}"
        yield (
            name,
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each}"
            f" EXECUTE FUNCTION {FUNCTION}('{log}', '{stream}', '{position}')",
        )


def _on_sqlite(table: str, log: str, stream: str, position: str) -> Iterator[tuple[str, str]]:
    closed = f"NOT EXISTS (SELECT 1 FROM {_SWITCH} WHERE run IS NOT NULL)"  # noqa: S608 # as above
    refused = "1" if log == NEVER else closed
    old = f"'{log}', {f'OLD.{stream}' if stream else 0}, OLD.{position}"
    noted = (
        ""
        if log in (NEVER, UNNOTED)
        else f"INSERT OR IGNORE INTO {_ERASED} (run, log, stream, position)"  # noqa: S608 # as above
        f" SELECT run, {old} FROM {_SWITCH};"
    )
    for event in ("UPDATE", "DELETE"):
        name = f"kept_{table}_{event.lower()}"
        yield (
            name,
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW BEGIN"
            f" SELECT RAISE(ABORT, '{SENTENCE}') WHERE {refused}; {noted} END",
        )
