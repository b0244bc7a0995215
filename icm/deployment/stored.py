"""What the database says that a server must not start with, each with the sentence that says what to do.

Each function is given the connection and answers the sentence, or None where it is well.
"""

import sqlite3
from collections.abc import Callable

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.demo import PASSWORD, REAL_PEOPLE, invented_people, real_people
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.waiting import counted
from icm.backups.program import missing
from icm.databases import wal_is_safe

# SQLite's numbers for `synchronous`: FULL, and EXTRA, which flushes more.
FLUSHES = (2, 3)
KEEPS_COMMITS = frozenset({"delete", "truncate", "persist", "wal"})
# Of PostgreSQL: each of them off means that a save of which people were told can be gone after a power cut.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def migrations(connection: BaseDatabaseWrapper) -> str | None:
    """The database is older than the program."""
    count = missing(MigrationExecutor(connection))
    if not count:
        return None
    return (
        f"The database is older than this program: {counted(count, 'migration is', 'migrations are')} "
        "missing. Run `manage.py upgrade`; in a new and empty database, `manage.py migrate`."
    )


def demonstration(connection: BaseDatabaseWrapper) -> str | None:
    """DEMO where there are real people: its sign-ins and their password are on the sign-in page."""
    if not settings.DEMO or not real_people():
        return None
    return f"DEMO is on. {REAL_PEOPLE} Take DEMO out of the environment, or name another DATABASE_URL."


def demonstration_people(connection: BaseDatabaseWrapper) -> str | None:
    """A demonstration's database is used for real children."""
    if settings.DEMO or not invented_people():
        return None
    return (
        "The database holds the demonstration's people, whose password everybody can read. "
        "Begin with an empty database: name another DATABASE_URL."
    )


def officers_password(connection: BaseDatabaseWrapper) -> str | None:
    """Who reaches everything has the demonstration's password. Trying it on everybody would take minutes."""
    if settings.DEMO:
        return None
    roles = Membership.objects.active(timezone.localdate()).filter(role=Role.PERFORMANCE_OFFICER)
    officers = User.objects.filter(pk__in=roles.values("person"), is_active=True).order_by("pk")
    known = [f"/people/{one.pk}/" for one in officers if one.check_password(PASSWORD)]
    if not known:
        return None
    return (
        f"{counted(len(known), 'officer has', 'officers have')} the demonstration's password, which everybody"
        f" can read: {', '.join(known)}. Give another: `manage.py add_officer EMAIL --password`."
    )


def durability(connection: BaseDatabaseWrapper) -> str | None:
    """A save of which people were told could be gone after a power cut (ADR 0004)."""
    return sqlite(connection) if connection.vendor == "sqlite" else postgresql(connection)


def sqlite(connection: BaseDatabaseWrapper) -> str | None:
    """How SQLite writes; what a connection was opened with."""
    synchronous, journal = (asked(connection, f"PRAGMA {name}") for name in ("synchronous", "journal_mode"))
    unsafe_wal = journal == "wal" and not wal_is_safe(sqlite3.sqlite_version_info)
    if synchronous in FLUSHES and journal in KEEPS_COMMITS and not unsafe_wal:
        return None
    return (
        f"SQLite writes with synchronous={synchronous} and journal_mode={journal}: saves could be lost. "
        "Let `icm.databases.database` make the settings, or use PostgreSQL."
    )


def postgresql(connection: BaseDatabaseWrapper) -> str | None:
    """How PostgreSQL writes."""
    off = [name for name in DURABLE if asked(connection, f"SHOW {name}") == "off"]
    if not off:
        return None
    return (
        f"PostgreSQL has {', '.join(off)} off: saves could be lost at a power cut. "
        "Turn on in postgresql.conf what is named here, and reload PostgreSQL."
    )


def asked(connection: BaseDatabaseWrapper, question: str) -> object:
    """The one value that the database answers."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


Look = Callable[[BaseDatabaseWrapper], str | None]
LOOKS: tuple[Look, ...] = (demonstration, demonstration_people, officers_password, durability)
