"""The database server ends in the middle of everything (`pg_ctl stop -m immediate`, kill -9), and comes back.

People go on as their pages do: who is told to come again sends the same under the same number. Nobody touches
the application. (`scripts/postgres.py` starts the server again, as systemd does.)
"""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg2
from django.db import connection

from scripts import static_files
from scripts.faults.ledger import ACKNOWLEDGED, Tried
from scripts.faults.load import ENDS_WITHIN, KNOCKS_EVERY, RECOVERS_WITHIN, Person, Tally, agreed, cell
from scripts.faults.politeness import Heard, impolite
from scripts.faults.scene import Measured, Scene
from scripts.faults.supervised import WORKERS

# Times that it ends, acknowledged saves for each.
AMOUNTS = {"whole": (10, 500), "short": (2, 60), "test": (2, 40)}
WAYS = (signal.SIGQUIT, signal.SIGKILL)
READERS = 2
# Seconds until somebody's save is acknowledged again (trust.md, F4).
SERVES_AGAIN = 10.0


@dataclass(frozen=True)
class Fall:
    """When the database was killed and when it took connections again; in seconds of this machine's clock."""

    killed: float
    back: float


def injected(scene: Scene) -> Measured:
    """At random moments, spread over the whole burst."""
    times, saves = AMOUNTS[scene.size]
    folder = Path(connection.settings_dict["HOST"])
    static_files.collect()
    sessions = scene.sessions
    tally = Tally()
    recoveries: list[float] = []
    falls: list[Fall] = []
    with scene.server(workers=WORKERS[scene.database]) as server:
        people = [Person(server.port, session) for session in sessions]
        readers = [Person(server.port, session) for session in sessions[:READERS]]

        async def burst() -> None:
            async with asyncio.timeout(ENDS_WITHIN), asyncio.TaskGroup() as running:
                for person, row in zip(people, scene.rows, strict=False):
                    running.create_task(_type(scene, person, row, tally))
                for reader in readers:
                    running.create_task(_read(scene, reader, tally))
                for number in range(times):
                    await tally.reached((number + 0.5) * saves)
                    killed = time.monotonic()
                    os.kill(_postmaster(folder), WAYS[number % len(WAYS)])
                    falls.append(Fall(killed, await asyncio.to_thread(_back, folder)))
                    recoveries.append(await tally.recovery(killed))
                tally.enough = times * saves

        asyncio.run(burst())
    heard = [one for person in (*people, *readers) for one in person.heard]
    away = sum(one.status != 200 for one in heard)
    return Measured(
        f"{len(tally.acknowledged):,} acknowledged, {times} ends of the database",
        recoveries,
        f"{away} requests told to come again, answered within {max(one.took for one in heard):.1f} s; "
        f"{max(failed_after(heard, falls))} failed once it was back",
        wrong_of(heard, falls, timed=scene.size != "test"),
    )


def wrong_of(heard: Sequence[Heard], falls: Sequence[Fall], *, timed: bool) -> list[str]:
    """What did not hold; without limits in seconds where it is not `timed`."""
    wrong = impolite(heard) if timed else impolite(heard, within=ENDS_WITHIN)
    wrong += [
        f"{failed} requests failed after the database was back, with {WORKERS['postgresql']} workers"
        for failed in failed_after(heard, falls)
        if failed > WORKERS["postgresql"]
    ]
    if all(one.status == 200 for one in heard):
        wrong.append("Nobody noticed that the database was away")
    return wrong


def failed_after(heard: Sequence[Heard], falls: Sequence[Fall]) -> list[int]:
    """For each fall the requests that were sent after the database was back, and failed."""
    ends = [*(fall.killed for fall in falls[1:]), float("inf")]
    return [
        sum(fall.back < one.sent and one.sent + one.took < end and one.status != 200 for one in heard)
        for fall, end in zip(falls, ends, strict=True)
    ]


async def _type(scene: Scene, person: Person, row: int, tally: Tally) -> None:
    base = 0
    while len(tally.acknowledged) < tally.enough:
        value, op = agreed(), str(uuid4())
        outcome, reply = await person.insist(f"/rows/{row}/cell/", cell("action", value, base, op))
        scene.ledger.tried(Tried(op, row, "action", value, outcome, reply.status))
        if outcome == ACKNOWLEDGED:
            base = reply.told["rev"]
            last = person.heard[-1]
            tally.acknowledged.append((last.sent, last.sent + last.took))
    person.hang_up()


async def _read(scene: Scene, person: Person, tally: Tally) -> None:
    """As somebody who opens the tracker again and again."""
    while len(tally.acknowledged) < tally.enough:
        await person.get(f"/teams/{scene.team.pk}/")
        await asyncio.sleep(KNOCKS_EVERY)
    person.hang_up()


def _postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def _back(folder: Path) -> float:
    """Waits until it takes connections again. RuntimeError where it never does."""
    until = time.monotonic() + RECOVERS_WITHIN
    while time.monotonic() < until:
        time.sleep(KNOCKS_EVERY)
        try:
            psycopg2.connect(os.environ["DATABASE_URL"]).close()
        except psycopg2.OperationalError:
            continue
        return time.monotonic()
    raise RuntimeError(f"The database does not come back:\n{(folder / 'log').read_text()}")
