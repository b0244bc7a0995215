"""Making a copy, looking whether it is whole, and what stands at its beginning."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from icm.backups import Refused, postgresql, sealed, sqlite, store
from icm.backups.contents import Snapshot, Tallies, Tally, differences
from icm.backups.key import the_key

LENGTH = 4  # bytes that say how long the manifest is
KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Engine(Protocol):
    """What is done differently by each kind of database: the modules `sqlite` and `postgresql`."""

    def copying(self) -> AbstractContextManager[Snapshot]:
        """One moment of the database."""

    def tallies_of(self, data: Iterable[bytes]) -> Tallies:
        """What the bytes of a copy hold."""

    def empty(self) -> bool:
        """Whether there is nothing yet."""

    def put_in(self, data: Iterable[bytes], wanted: Tallies) -> None:
        """Brings the bytes of a copy back, all or nothing."""


ENGINES: dict[str, Engine] = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True)
class Manifest:
    """What a copy says of itself, inside of what is encrypted."""

    at: datetime
    kind: str
    version: str
    migrations: list[str]
    head: str
    tables: Tallies

    @property
    def records(self) -> int:
        """How many records it holds in all."""
        return sum(tally.records for tally in self.tables.values())


@dataclass(frozen=True)
class Copy:
    """A copy that was looked at: the file, how big it is, what it says of itself."""

    path: Path
    size: int
    manifest: Manifest


def engine() -> Engine:
    """That of the database which the settings name."""
    return ENGINES[connection.vendor]


def make(*, before_upgrade: bool = False) -> Copy:
    """Makes a copy, reads it through, and lets go of what need not be kept. Raises `Refused`."""
    key = the_key()
    with store.alone():
        at = timezone.now()
        path = store.free_path(at, before_upgrade=before_upgrade)
        with engine().copying() as moment, store.written(path) as file:
            writer = sealed.Writer(file, key)
            for piece in chain(_manifest_of(moment, at), moment.data):
                writer.write(piece)
            writer.finish()
        copy = look_at(path)
        store.let_go_of_old()
    return copy


def look_at(path: Path) -> Copy:
    """Reads the copy to its end: every chunk is as it was written. Raises `Refused`."""
    with reading(path) as (manifest, data):
        for _ in data:
            pass
    return Copy(path, path.stat().st_size, manifest)


def verify(path: Path) -> Copy:
    """Looks at the copy and counts what it holds against what it says. Raises `Refused`."""
    copy = look_at(path)
    with reading(path) as (manifest, data):
        if list(differences(ENGINES[manifest.kind].tallies_of(data), manifest.tables)):
            raise Refused(sealed.DAMAGED)
    return copy


@contextmanager
def reading(path: Path) -> Iterator[tuple[Manifest, Iterator[bytes]]]:
    """The manifest, and the bytes after it. Raises `Refused`."""
    key = the_key()
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"{path} cannot be read.") from error
    with file:
        chunks = sealed.opened(file, key)
        start = b""
        # The manifest of very many tables is longer than a chunk.
        while len(start) < LENGTH or len(start) < LENGTH + int.from_bytes(start[:LENGTH], "big"):
            start += next(chunks, b"") or _not_whole()
        ends = LENGTH + int.from_bytes(start[:LENGTH], "big")
        yield _read(start[LENGTH:ends]), chain([start[ends:]], chunks)


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Those that this program does not have: the copy is of a newer one."""
    known = MigrationLoader(None).disk_migrations
    names = {f"{app}.{name}" for app, name in known}
    apps = {app for app, _ in known}
    return [name for name in manifest.migrations if name.partition(".")[0] in apps and name not in names]


def version() -> str:
    """The program's own version."""
    told = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(told["project"]["version"])


def _not_whole() -> bytes:
    raise Refused(sealed.DAMAGED)


def _manifest_of(moment: Snapshot, at: datetime) -> Iterator[bytes]:
    told = {
        "at": at.isoformat(),
        "kind": connection.vendor,
        "version": version(),
        "migrations": moment.migrations,
        "head": moment.head,
        "tables": {name: [tally.records, f"{tally.total:064x}"] for name, tally in moment.tables.items()},
    }
    written = json.dumps(told).encode()
    yield len(written).to_bytes(LENGTH, "big")
    yield written


def _read(text: bytes) -> Manifest:
    told = json.loads(text)
    tables = {name: Tally(records, int(total, 16)) for name, (records, total) in told.pop("tables").items()}
    return Manifest(at=datetime.fromisoformat(told.pop("at")), tables=tables, **told)
