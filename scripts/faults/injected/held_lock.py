"""Somebody holds the lock that every save needs, for longer than anybody waits; then a crowd of exports.

Saves are told when to come again, or are made; what only reads goes on meanwhile.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Session
from scripts import static_files
from scripts.bench.figures import percentile
from scripts.faults.ledger import ACKNOWLEDGED, Tried
from scripts.faults.load import ENDS_WITHIN, Person, agreed, cell
from scripts.faults.politeness import BUSY, Heard, impolite
from scripts.faults.scene import Measured, Scene
from scripts.faults.views import View
from tracker.models import TeamLog


@dataclass(frozen=True)
class Amount:
    """Saves that meet the lock, exports at once, fast requests beside each of the two, seconds of the lock,
    rows that make an export slow.
    """

    slow: int
    fast: int
    seconds: int
    rows: int


AMOUNTS = {
    "whole": Amount(slow=20, fast=200, seconds=10, rows=400),
    "short": Amount(slow=20, fast=100, seconds=10, rows=0),
    "test": Amount(slow=8, fast=16, seconds=7, rows=0),
}
READERS = 4
# Seconds, nineteen in twenty of the fast ones (trust.md, F9).
READS_WITHIN = 1.0
# Seconds: a proxy hangs up after them (scripts/production/nginx.conf).
EXPORTED_WITHIN = 60.0
# A session's last act was noted so long ago: the next one is due.
AGO = timedelta(minutes=2)


def injected(scene: Scene) -> Measured:
    """The lock, then the exports."""
    amount = AMOUNTS[scene.size]
    scene.more_rows(amount.rows)
    sessions = scene.sessions
    static_files.collect()  # they open pages
    with scene.server() as server:
        writers = [Person(server.port, sessions[number % len(sessions)]) for number in range(amount.slow)]
        readers = [Person(server.port, sessions[number]) for number in range(READERS)]
        exporters = [Person(server.port, person.session, patience=EXPORTED_WITHIN) for person in writers]
        crowd = Crowd(scene, writers, readers, exporters, amount)
        asyncio.run(crowd.all())
    saves = [one for person in writers for one in person.heard]
    reads = [one for person in readers for one in person.heard]
    exports = [one for person in exporters for one in person.heard]
    slowest = percentile([one.took for one in reads], 95)
    busy = sum(one.status == BUSY for one in saves)
    return Measured(
        f"{amount.slow} saves while it was locked {amount.seconds} s, {amount.slow} exports, "
        f"{len(reads)} fast requests",
        [crowd.recovery],
        f"19 of 20 fast requests within {slowest:.1f} s; {busy} told to come again, "
        f"all within {max(one.took for one in saves):.1f} s; "
        f"the last export came after {max(one.took for one in exports):.1f} s",
        wrong_of(saves, reads, exports, timed=scene.size != "test"),
    )


def wrong_of(
    saves: Sequence[Heard], reads: Sequence[Heard], exports: Sequence[Heard], *, timed: bool
) -> list[str]:
    """What did not hold; without limits in seconds where it is not `timed`.

    Whoever exports waits for a file; they are here for the others to be slow.
    """
    wrong = impolite([*saves, *reads]) if timed else impolite([*saves, *reads], within=ENDS_WITHIN)
    wrong += impolite(exports, within=EXPORTED_WITHIN)
    if all(one.status != BUSY for one in saves):
        wrong.append("The lock held nobody up")
    if strange := sum(one.status >= 300 for one in [*reads, *exports]):
        wrong.append(f"{strange} fast requests or exports were refused")
    slowest = percentile([one.took for one in reads], 95)
    if timed and slowest > READS_WITHIN:
        wrong.append(f"Of 20 fast requests 19 took up to {slowest:.1f} s, not {READS_WITHIN:.0f}")
    return wrong


class Crowd:
    """Who saves, who exports and who reads. `recovery` is told of the lock's end."""

    def __init__(
        self,
        scene: Scene,
        writers: Sequence[Person],
        readers: Sequence[Person],
        exporters: Sequence[Person],
        amount: Amount,
    ) -> None:
        self.scene, self.amount = scene, amount
        self.writers, self.readers, self.exporters = writers, readers, exporters
        self.bases: dict[int, int] = {}
        self.recovery = 0.0
        self.entries: list[str] = []

    async def all(self) -> None:
        """One thing after the other."""
        async with asyncio.timeout(ENDS_WITHIN):
            await self._warm_up()
            held = Event()
            lock = asyncio.create_task(asyncio.to_thread(self._hold, held))
            await asyncio.to_thread(held.wait)
            await asyncio.gather(*self._saves(insist=False), *self._reads())
            released = await lock
            self._hang_up()
            answered = await asyncio.gather(*self._saves(insist=True))
            self.recovery = max(min(answered) - released, 0.0)
            self._hang_up()
            await asyncio.gather(*(self._export(person) for person in self.exporters), *self._reads())
            self._hang_up()

    async def _warm_up(self) -> None:
        """A server that has just been started is slower; these people have been there for a while."""
        others = [Person(one.port, one.session) for one in self.writers]
        await asyncio.gather(
            *(self._save(one, row) for one, row in zip(others, self.scene.rows, strict=False))
        )
        for person in others:
            await person.get(f"/teams/{self.scene.team.pk}/changes/?after=0")
            person.hang_up()
        # Rows of an open page leave no entry in the log, which could not be written under the lock.
        self.entries = [await self._opened(person) for person in self.readers]
        await asyncio.to_thread(_last_act_was, AGO)

    async def _opened(self, reader: Person) -> str:
        """The entry of the tracker's page, opened on a connection that is not measured."""
        view = View(reader.port, reader.session, self.scene.team.pk, {})
        await view.draw()
        view.asks.hang_up()
        return view.entry

    def _hold(self, held: Event) -> float:
        """As a slow program does; answers when it let go."""
        try:
            with transaction.atomic():
                TeamLog.take(self.scene.team.pk, 0)
                held.set()
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(%s)", [self.amount.seconds])
                else:
                    time.sleep(self.amount.seconds)
            return time.monotonic()
        finally:
            held.set()
            connection.close()

    def _saves(self, *, insist: bool) -> list["asyncio.Task[float]"]:
        return [
            asyncio.create_task(self._save(person, row, insist=insist))
            for person, row in zip(self.writers, self.scene.rows, strict=False)
        ]

    async def _save(self, person: Person, row: int, *, insist: bool = True) -> float:
        """When it was answered."""
        value, op, path = agreed(), str(uuid4()), f"/rows/{row}/cell/"
        fields = cell("action", value, self.bases.get(row, 0), op)
        outcome, reply = await (person.insist if insist else person.post)(path, fields)
        self.scene.ledger.tried(Tried(op, row, "action", value, outcome, reply.status if reply else 0))
        if outcome == ACKNOWLEDGED and reply:
            self.bases[row] = reply.told["rev"]
        return time.monotonic()

    def _reads(self) -> list["asyncio.Task[None]"]:
        """What open pages ask."""
        times = self.amount.fast // len(self.readers)
        return [
            asyncio.create_task(self._read(person, times, entry))
            for person, entry in zip(self.readers, self.entries, strict=True)
        ]

    async def _read(self, person: Person, times: int, entry: str) -> None:
        team, rows = self.scene.team.pk, self.scene.rows
        for number in range(times):
            row = rows[number % len(rows)]
            asked = f"rows/?ids={row}&entry={entry}" if number % 2 else "changes/?after=0"
            await person.get(f"/teams/{team}/{asked}")

    async def _export(self, person: Person) -> None:
        await person.submit(f"/teams/{self.scene.team.pk}/export/", {"names": "initials"})

    def _hang_up(self) -> None:
        """A server lets go of connections that rest."""
        for person in (*self.writers, *self.readers, *self.exporters):
            person.hang_up()


def _last_act_was(ago: timedelta) -> None:
    """The next act of each session is due to be noted."""
    Session.objects.update(seen_at=timezone.now() - ago)
    connection.close()
