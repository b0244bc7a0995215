"""Copies of SQLite: by its own online backup, which sees one moment of the file while others write.

The copy lies beside the database for a moment, for its owner alone: nothing goes through the machine's
temporary folder.
"""

import os
import shutil
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from icm.backups import Refused
from icm.backups.contents import Snapshot, Tallies, Tally, differences, head_of_log, migrations
from icm.backups.sealed import DAMAGED

LEVEL = 3  # of compression: a sixth of the size is left, at the speed of a disk
PIECE = 1024 * 1024
UNPACKED = ".icm-copy-"
LEFT_BEHIND = 24 * 60 * 60
BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def copying() -> Iterator[Snapshot]:
    """One moment of the database; writers wait while its pages are copied, as for one long save."""
    if not _file().exists():
        raise Refused(f"There is no database at {_file()}.")
    with _folder() as folder:
        copy = folder / "copy"
        with closing(sqlite3.connect(_file())) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with closing(sqlite3.connect(copy)) as database:
            tables, cursor = _tallies(database), database.cursor()
            yield Snapshot(tables, migrations(cursor), head_of_log(cursor, tables), _packed(copy))


def tallies_of(data: Iterable[bytes]) -> Tallies:
    """What a copy holds. Raises `Refused` where it is no whole database."""
    with _folder() as folder:
        return _checked(_unpacked(data, folder))


def empty() -> bool:
    """Whether there is nothing yet where the settings say that the database is."""
    connection.close()
    if not _file().exists():
        return True
    with closing(sqlite3.connect(_file())) as database:
        return not _names(database)


def put_in(data: Iterable[bytes], wanted: Tallies) -> None:
    """Puts the copy in the database's place in one step, after it was found to hold what is `wanted`."""
    connection.close()
    with _folder() as folder:
        copy = _unpacked(data, folder)
        if list(differences(_checked(copy), wanted)):
            raise Refused(DAMAGED)
        for ending in BESIDE:
            Path(f"{_file()}{ending}").unlink(missing_ok=True)
        os.replace(copy, _file())
        kept = os.open(_file().parent, os.O_RDONLY)
        os.fsync(kept)
        os.close(kept)


def _file() -> Path:
    return Path(connection.settings_dict["NAME"]).resolve()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder beside the database that only its owner may open; what a killed run left behind goes."""
    beside = _file().parent
    beside.mkdir(parents=True, exist_ok=True)
    for left in beside.glob(f"{UNPACKED}*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND:
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=UNPACKED, dir=beside) as folder:
        yield Path(folder)


def _packed(copy: Path) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL)
    with copy.open("rb") as file:
        while piece := file.read(PIECE):
            yield packer.compress(piece)
    yield packer.flush()


def _unpacked(data: Iterable[bytes], folder: Path) -> Path:
    """The file that the bytes are, on the disk."""
    copy, unpacker = folder / "copy", zlib.decompressobj()
    with copy.open("wb") as file:
        os.chmod(copy, 0o600)
        for piece in data:
            file.write(unpacker.decompress(piece))
        file.write(unpacker.flush())
        file.flush()
        os.fsync(file.fileno())
    return copy


def _checked(copy: Path) -> Tallies:
    try:
        with closing(sqlite3.connect(copy)) as database:
            if database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                raise Refused(DAMAGED)
            return _tallies(database)
    except sqlite3.DatabaseError as error:
        raise Refused(DAMAGED) from error


def _names(database: sqlite3.Connection) -> list[str]:
    """The tables, by name; those that SQLite keeps for itself apart."""
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    return [name for (name,) in database.execute(asked)]


def _tallies(database: sqlite3.Connection) -> Tallies:
    tallies = {}
    for name in _names(database):
        tallies[name] = tally = Tally()
        for record in database.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 # a table's own name
            tally.add(repr(record).encode())
    return tallies
