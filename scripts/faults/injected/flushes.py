"""The stand-in for a power cut: whoever is told "saved" has had a flush to the disk made for it.

One person saves, one text after the other. On SQLite the server's own calls are counted (strace); on
PostgreSQL it counts its flushes of the log itself.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper

from scripts.faults.ledger import ACKNOWLEDGED, Tried
from scripts.faults.load import ENDS_WITHIN, Person, agreed, cell
from scripts.faults.scene import Measured, NotTested, Scene
from scripts.faults.supervised import LOOKS_EVERY, Supervised

AMOUNTS = {"whole": 1_000, "short": 200, "test": 20}
CALLS = ("fsync(", "fdatasync(")
# What a process of PostgreSQL has counted is added up when it ends, or some time after it was done.
ADDED_UP_WITHIN = 15.0
OTHERS = """
    SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
FLUSHES = "SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'"


def injected(scene: Scene) -> Measured:
    """Flushes beside acknowledged commits; NotTested where nothing can count them."""
    saves = AMOUNTS[scene.size]
    session = scene.sessions[0]
    count = by_strace if scene.database == "sqlite" else by_postgresql
    with count(scene) as (server, flushes):
        asyncio.run(_save(scene, Person(server.port, session), saves))
    made = flushes(saves)
    return Measured(
        f"{saves:,} serial commits",
        note=f"{made:,} flushes, {made / saves:.1f} a commit",
        wrong=[f"{made} flushes for {saves} acknowledged commits"] if made < saves else [],
    )


async def _save(scene: Scene, person: Person, saves: int) -> None:
    row = scene.rows[0]
    async with asyncio.timeout(ENDS_WITHIN):
        for base in range(saves):
            value, op = agreed(), str(uuid4())
            outcome, reply = await person.post(f"/rows/{row}/cell/", cell("action", value, base, op))
            scene.ledger.tried(Tried(op, row, "action", value, outcome, reply.status if reply else 0))
            if outcome != ACKNOWLEDGED:
                raise RuntimeError(f"A save with nobody else there was {outcome}: {reply}")
    person.hang_up()


Counted = tuple[Supervised, Callable[[int], int]]


@contextmanager
def by_strace(scene: Scene) -> Iterator[Counted]:
    """The calls of the server between its start and its end."""
    strace = shutil.which("strace")
    if strace is None:
        raise NotTested("strace is not installed")
    calls = scene.folder / f"{scene.name}.calls"
    only = ("--seccomp-bpf", "-e", "trace=fsync,fdatasync")
    before: list[int] = []
    with scene.server(before=(strace, "-f", *only, "-o", str(calls))) as server:
        before.append(_calls(calls))
        yield server, lambda wanted: _calls(calls) - before[0]


def _calls(file: Path) -> int:
    """How many flushes were begun, one a line after the process; one that was interrupted has two lines."""
    lines = (line.split(maxsplit=1) for line in file.read_text().splitlines())
    return sum(call.startswith(CALLS) for _, call in lines)


@contextmanager
def by_postgresql(scene: Scene) -> Iterator[Counted]:
    """Its own count of flushes of the log, by all its processes, between the server's start and its end."""
    before = _flushes()

    def flushes(wanted: int) -> int:
        until = time.monotonic() + ADDED_UP_WITHIN
        while (made := _flushes() - before) < wanted and time.monotonic() < until:
            time.sleep(LOOKS_EVERY)
        return made

    with scene.server() as server:
        yield server, flushes


def _flushes() -> int:
    """What is added up now that nobody else is connected, and this process was not."""
    connections.close_all()
    until = time.monotonic() + ADDED_UP_WITHIN
    with connection.cursor() as cursor:
        while _asked(cursor, OTHERS) and time.monotonic() < until:
            time.sleep(LOOKS_EVERY)
        made = _asked(cursor, FLUSHES)
    connections.close_all()
    return made


def _asked(cursor: CursorWrapper, question: str) -> int:
    cursor.execute(question)
    return int(cursor.fetchone()[0])
