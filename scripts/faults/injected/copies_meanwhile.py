"""Copies of the database are made while eight people save; afterwards each is brought back elsewhere.

What was acknowledged before a copy was begun must be in it, once and with its history; what came later may.
The checker looks at each database that came out of a copy as it looks at the one that people saved in.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from icm.backups import key
from scripts.faults import ledger
from scripts.faults.judging import checked, told
from scripts.faults.ledger import ACKNOWLEDGED, UNKNOWN, Ledger, Tried
from scripts.faults.load import ENDS_WITHIN, Tally, typists
from scripts.faults.operating import Done, Installation, ended, machine
from scripts.faults.scene import Measured, Scene
from scripts.faults.supervised import WORKERS

# Copies, acknowledged saves before each.
AMOUNTS = {"whole": (10, 200), "short": (1, 100), "test": (1, 40)}


def injected(scene: Scene) -> Measured:
    """Copies made, then each brought back and judged."""
    times, saves = AMOUNTS[scene.size]
    copies = Copies(scene)
    sessions = scene.sessions
    tally = Tally()
    with scene.server(workers=WORKERS[scene.database]) as server:
        people = typists(server.port, sessions, scene.rows, scene.ledger, tally)

        async def burst() -> float:
            async with asyncio.timeout(ENDS_WITHIN), asyncio.TaskGroup() as typing:
                for one in people:
                    typing.create_task(one.go_on())
                began = time.monotonic()
                for _ in range(times):
                    await tally.reached(len(tally.acknowledged) + saves)
                    await asyncio.to_thread(copies.make)
                tally.enough = len(tally.acknowledged)
                return time.monotonic() - began

        took = asyncio.run(burst())
    scene.ledger.file.flush()
    tried, _ = ledger.read(scene.ledger.path)
    verdicts = [copies.judged(number, tried) for number in range(times)]
    return Measured(
        f"{times} copies during {len(tally.acknowledged):,} acknowledged, "
        f"{len(tally.acknowledged) / took:.0f} a second",
        note=f"each brought back; before the first began {copies.known[0]} saves had been answered",
        wrong=[*copies.wrong, *(sentence for verdict in verdicts for sentence in verdict)],
    )


def as_of(tried: Sequence[Tried], known: int) -> list[Tried]:
    """What is known of a copy that was begun after so many saves were answered: of the later ones little.

    An acknowledged one may be in it; a text that was refused for a newer one may wait in it for its author.
    """
    later = [
        replace(one, outcome=UNKNOWN if one.outcome == ACKNOWLEDGED else one.outcome, status=0)
        for one in tried[known:]
    ]
    return [*tried[:known], *later]


class Copies:
    """The copies of one run. `known` says of each how many saves had been answered when it was begun."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        folder = scene.folder / f"{scene.name}-machine"
        folder.mkdir()
        self.key = scene.folder / f"{scene.name}.key"
        self.machine = Installation(folder, os.environ["DATABASE_URL"], self.key)
        self.paths: list[Path] = []
        self.known: list[int] = []
        self.wrong: list[str] = []
        key.make(self.key)

    def make(self) -> None:
        """One more, by the command, which later ones do not replace."""
        self.scene.ledger.file.flush()
        self.known.append(len(ledger.read(self.scene.ledger.path)[0]))
        self._wrong_of(self.machine.manage("backup"))
        [made] = self.machine.copies.glob("*.copy")
        self.paths.append(made.rename(self.scene.folder / f"{self.scene.name}-{len(self.known)}.copy"))

    def judged(self, number: int, tried: Sequence[Tried]) -> list[str]:
        """Brings it back into an empty database; what is not as it must be there."""
        other = machine(self.scene.folder / f"{self.scene.name}-copy-{number}", self.key)
        if self._wrong_of(other.manage("restore", str(self.paths[number]))):
            return [f"Copy {number + 1} was not brought back"]
        book = Ledger(self.scene.folder / f"{self.scene.name}-{number}.jsonl")
        for one in as_of(tried, self.known[number]):
            book.tried(one)
        book.close()
        verdict = checked(book.path, other.url)
        return [f"Copy {number + 1}: {sentence}" for sentence in told(verdict, ("lost", "doubled", "wrong"))]

    def _wrong_of(self, done: Done) -> bool:
        """Whether a command ended badly; then its words are kept."""
        if done.returncode:
            self.wrong.append(ended(done))
        return done.returncode != 0
