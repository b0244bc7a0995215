"""A database of its own for what measures the application, and what such a process is told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import postgres
from scripts.environment import LOCAL


def environment_of(url: str) -> dict[str, str]:
    """What a process that measures this database, and the servers it starts, are told."""
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "icm.settings",
        # The process measures; Playwright keeps an event loop in its thread.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "HTTPS": "0",
        "SECRET_KEY": "public: only the invented people of the bench sign in with this key",
        "STATIC_ROOT": str(LOCAL / "static"),
    }


@contextmanager
def served(database: str, folder: Path, *, lasting: bool = False) -> Iterator[str]:
    """The address of a fresh database, for as long as the block runs; `lasting` as in `postgres.server`."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'icm.sqlite3'}"
    else:
        with postgres.server(lasting=lasting) as url:
            yield url
