"""How each database is opened so that an acknowledged save survives a crash (ADR 0004)."""

import sqlite3
from typing import Any

import dj_database_url

# How long a save waits for another one before it is answered with 503.
LOCK_SECONDS = 5

# The WAL-reset race could drop committed transactions; these releases mended it, each in its line.
WAL_FIXED_IN = {(3, 44): 6, (3, 50): 7, (3, 51): 3}


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite library has the WAL-reset fix (3.51.3, or 3.50.7+, 3.44.6+ in their lines)."""
    line, patch = version[:2], version[2]
    return line > max(WAL_FIXED_IN) or (line in WAL_FIXED_IN and patch >= WAL_FIXED_IN[line])


def journal_mode(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> str:
    """WAL where it is safe, else TRUNCATE: a little slower, and nothing to lose."""
    return "WAL" if wal_is_safe(version) else "TRUNCATE"


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a DATABASE_URL (sqlite:/// or postgres://)."""
    entry: dict[str, Any] = dict(dj_database_url.parse(url))
    # Opening one costs a third of what a page asks of it, on SQLite too (ADR 0039).
    entry["CONN_MAX_AGE"] = 60
    if entry["ENGINE"] == "django.db.backends.sqlite3":
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": LOCK_SECONDS,
            "init_command": (
                f"PRAGMA journal_mode={journal_mode()};PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            ),
        }
    else:
        entry["CONN_HEALTH_CHECKS"] = True
        # Compiling a query costs more than any query here takes. Who waits for a lock is told so in time,
        # as on SQLite: a row that others wait for is two locks, a place in its queue and the row itself.
        options = f"-c jit=off -c lock_timeout={LOCK_SECONDS * 1000 // 2}ms"
        entry.setdefault("OPTIONS", {}).setdefault("options", options)
    return entry
