"""kill -9 while eight people save: of the one process on SQLite; on PostgreSQL of one of two workers, then of
their parent, in turns. Whoever was killed is started again at once, as systemd and uvicorn do it.
"""

import asyncio
import random
import time
from statistics import median

from scripts.faults.load import ENDS_WITHIN, LOOKS_EVERY, Tally, typists
from scripts.faults.scene import Measured, Scene
from scripts.faults.supervised import STARTS_WITHIN, WORKERS, Supervised

# Acknowledged saves, kills.
AMOUNTS = {"whole": (10_000, 20), "short": (1_000, 3), "test": (120, 2)}
# Seconds until it serves again (trust.md, F1 and F2).
SERVES_AGAIN = 5.0


def injected(scene: Scene) -> Measured:
    """Kills at random moments, spread over the whole burst."""
    saves, kills = AMOUNTS[scene.size]
    tally = Tally()
    with scene.server(workers=WORKERS[scene.database]) as server:
        people = typists(server.port, scene.sessions, scene.rows, scene.ledger, tally)
        killer = Killer(server, tally)

        async def burst() -> None:
            async with asyncio.timeout(ENDS_WITHIN), asyncio.TaskGroup() as typing:
                for one in people:
                    typing.create_task(one.go_on())
                for number in range(kills):
                    await tally.reached((number + random.uniform(0.2, 0.8)) * saves / kills)
                    await killer.kill(parent=server.workers == 1 or number % 2 == 1)
                tally.enough = saves

        asyncio.run(burst())
    measured = Measured(f"{len(tally.acknowledged):,} acknowledged, {kills} kills", killer.recoveries)
    measured.note = f"serving again after {median(killer.recoveries):.1f} s in the middle of them"
    if killer.meanwhile:
        measured.note += f"; while a worker was away the other acknowledged {min(killer.meanwhile)} or more"
        measured.wrong += ["The other worker did not answer"] if min(killer.meanwhile) == 0 else []
    return measured


class Killer:
    """Kills, and looks how long it takes until somebody's save is acknowledged again."""

    def __init__(self, server: Supervised, tally: Tally) -> None:
        self.server, self.tally = server, tally
        self.recoveries: list[float] = []
        self.meanwhile: list[int] = []

    async def kill(self, *, parent: bool) -> None:
        """Kills the server, or one of its workers; returns when all of it serves again."""
        began = time.monotonic()
        if parent:
            self.server.kill()
            self.server.start()
        else:
            self.server.kill_worker()
        self.recoveries.append(await self.tally.recovery(began))
        async with asyncio.timeout(STARTS_WITHIN):
            while self.server.served < self.server.starts:
                await asyncio.sleep(LOOKS_EVERY)
        if not parent:
            self.meanwhile.append(self.tally.between(began, time.monotonic()))
