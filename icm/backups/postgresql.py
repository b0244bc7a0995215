"""Copies of PostgreSQL: by its own pg_dump and pg_restore, as new as the server or newer.

pg_dump reads the moment that a transaction of ours has opened, in which the records are counted as well.
Nothing lies on a disk unencrypted: the programs write into and read out of pipes.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, cast

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from icm.backups import Refused
from icm.backups.contents import Snapshot, Tallies, Tally, differences, head_of_log, migrations
from icm.backups.sealed import DAMAGED

# Where Debian's packages put the programs of each version.
INSTALLED = Path("/usr/lib/postgresql")
PIECE = 1024 * 1024
COPIED = re.compile(rb"COPY public\.(\S+) \(.*\) FROM stdin;\n")
END = b"\\.\n"
ASIDE = "before_restore"
BACK = f"DROP SCHEMA public CASCADE; ALTER SCHEMA {ASIDE} RENAME TO public"
OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# How texts of moments look, whoever asks: the digests are made of them.
MANNERS = "-c timezone=UTC -c datestyle=ISO"


class Lines:
    """Takes what COPY writes and adds each whole line to a tally."""

    def __init__(self) -> None:
        self.tally, self._rest = Tally(), b""

    def write(self, data: bytes) -> None:
        """Any part of any number of lines."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self.tally.add(line)


@contextmanager
def copying() -> Iterator[Snapshot]:
    """One moment of the database, as a transaction sees it that lasts as long as the block."""
    with closing(_connected()) as asked:
        asked.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        dump = _program("pg_dump", asked.server_version)
        with asked.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            moment = cursor.fetchone()[0]
            tables = _tallies(cursor)
            head = head_of_log(cursor, tables)
            command = [dump, "--format=custom", "--compress=3", "--no-owner", "--no-privileges"]
            data = _output([*command, f"--snapshot={moment}"])
            yield Snapshot(tables, migrations(cursor), head, data)


def tallies_of(data: Iterable[bytes]) -> Tallies:
    """What a copy holds: pg_restore writes it out as text, which is counted and let go of."""
    tallies: Tallies = {}
    table = None
    for line in _output([_program("pg_restore"), "--file=-"], data, lines=True):
        if table is None:
            if begins := COPIED.fullmatch(line):
                table = tallies[begins[1].decode().strip('"')] = Tally()
        elif line == END:
            table = None
        else:
            table.add(line[:-1])
    return tallies


def empty() -> bool:
    """Whether there is no table yet in the database that the settings name."""
    with closing(_connected()) as asked, asked.cursor() as cursor:
        return not _names(cursor)


def put_in(data: Iterable[bytes], wanted: Tallies) -> None:
    """Brings the copy back in one transaction. What was there before goes when it has been found right.

    Raises `Refused` where somebody is connected, or where it fails: then what was there is there again.
    """
    connection.close()
    with closing(_connected()) as asked, asked.cursor() as cursor:
        asked.autocommit = True
        restore = _program("pg_restore", asked.server_version)
        cursor.execute(OTHERS)
        if cursor.fetchone()[0]:
            raise Refused("Somebody is connected to this database: stop the server and the timers first.")
        _set_aside(cursor)
        try:
            options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
            for _ in _output([restore, *options, f"--dbname={_address()['dbname']}"], data):
                pass
            if list(differences(_tallies(cursor), wanted)):
                raise Refused(DAMAGED)
        except BaseException:
            cursor.execute(BACK)
            raise
        cursor.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _set_aside(cursor: Any) -> None:
    """Makes room; what a restore that was killed had set aside is first put back."""
    cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [ASIDE])
    if cursor.fetchone()[0]:
        cursor.execute(BACK)
    try:
        cursor.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}; CREATE SCHEMA public")
    except psycopg2.errors.InsufficientPrivilege as error:
        raise Refused(
            "Whom DATABASE_URL names has to own the database and its schema public to bring a copy back."
        ) from error


def _address() -> dict[str, Any]:
    """How to connect, as the settings say; without the application's own options."""
    parameters = connection.get_connection_params()
    return {name: parameters[name] for name in parameters.keys() - {"options", "cursor_factory"}}


def _connected() -> Any:
    try:
        return psycopg2.connect(**_address(), options=MANNERS)
    except psycopg2.OperationalError as error:
        raise Refused(f"PostgreSQL does not answer: {str(error).strip().splitlines()[-1]}") from error


def _environment() -> dict[str, str]:
    """The same for PostgreSQL's programs: a password never stands in a list of processes."""
    names = {
        "dbname": "PGDATABASE",
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    told = {
        names.get(name, f"PG{name.upper()}"): str(value)
        for name, value in _address().items()
        if name in names or name.startswith("ssl")
    }
    return os.environ | told | {"PGOPTIONS": MANNERS, "PGTZ": "UTC"}


def _program(name: str, server: int = 0) -> str:
    """The newest program of this name. Raises `Refused` where none is here that is as new as the server."""
    found = [(_version(path), path) for path in _candidates(name)]
    wanted = server // 10_000
    if not found:
        raise Refused(
            f"{name} is not here: install the package postgresql-client{f'-{wanted}' if wanted else ''}."
        )
    version, path = max(found)
    if version < wanted:
        raise Refused(
            f"{name} here is of version {version}, the server of {wanted}:"
            f" install the package postgresql-client-{wanted}."
        )
    return path


def _candidates(name: str) -> list[str]:
    if settings.POSTGRESQL_PROGRAMS:
        folders = [Path(settings.POSTGRESQL_PROGRAMS)]
    else:
        folders = [path / "bin" for path in INSTALLED.glob("*")]
    there = [str(folder / name) for folder in folders if (folder / name).exists()]
    on_path = None if settings.POSTGRESQL_PROGRAMS else shutil.which(name)
    return [*there, *([on_path] if on_path else [])]


def _version(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 # as below
    return int(re.findall(r"\d+", said)[0])


def _names(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def _tallies(cursor: Any) -> Tallies:
    tallies = {}
    for name in _names(cursor):
        lines = Lines()
        cursor.copy_expert(f'COPY (SELECT * FROM public."{name}") TO STDOUT', lines)  # noqa: S608 # as above
        tallies[name] = lines.tally
    return tallies


def _output(command: list[str], data: Iterable[bytes] = (), *, lines: bool = False) -> Iterator[bytes]:
    """Runs one of PostgreSQL's programs with `data` as its input, and gives what it writes.

    Raises `Refused` with the first of its own words where it fails, and what reading `data` raised.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 # a program of PostgreSQL's, nobody's text
            command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        )
        raised: list[Exception] = []
        written, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        feeding = Thread(target=_feed, args=(process, written, data, raised))
        feeding.start()
        try:
            yield from told if lines else iter(lambda: told.read(PIECE), b"")
        finally:
            told.close()
            feeding.join()
            status = process.wait()
        if raised:
            raise raised[0]
        if status:
            complaints.seek(0)
            raise Refused(f"{Path(command[0]).name} failed: {_first_words(complaints)}")


def _feed(
    process: "subprocess.Popen[bytes]", into: IO[bytes], data: Iterable[bytes], raised: list[Exception]
) -> None:
    """In a thread of its own: a program that writes while it reads would wait for ever."""
    try:
        with suppress(BrokenPipeError), into:
            for piece in data:
                into.write(piece)
    except (Refused, OSError) as error:
        raised.append(error)
        process.kill()


def _first_words(complaints: IO[bytes]) -> str:
    """What a program complained of first. Later lines may repeat what stands in a record."""
    return complaints.readline().decode(errors="replace").strip() or "it said nothing"
