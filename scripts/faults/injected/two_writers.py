"""Two people at the same moment: in one cell, in two cells of a row, and one who writes while the other takes
the row away (closes, moves or removes it).

In one cell exactly one wins and the other is shown both texts; two cells never meet; nothing is written on a
row that has left its tracker (the checker sees that in the history).
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from uuid import uuid4

from scripts.bench.client import Reply
from scripts.faults.ledger import ACKNOWLEDGED, Tried
from scripts.faults.load import ENDS_WITHIN, Person, agreed, cell
from scripts.faults.scene import Measured, Scene
from tracker.models import Outcome

# Races in one cell, races in two cells of a row, edits against a row that leaves.
AMOUNTS = {"whole": (1_000, 1_000, 200), "short": (100, 100, 20), "test": (8, 8, 6)}
SAVED, CONFLICT = 200, 409


def injected(scene: Scene) -> Measured:
    """Pairs of people, each pair in rows of its own, all pairs at once."""
    same, apart, away = AMOUNTS[scene.size]
    leaving = scene.more_rows(away)
    outcome = Outcome.objects.choosable().exclude(code="moved")[0].pk
    sessions = scene.sessions
    with scene.server() as server:
        people = [Person(server.port, session) for session in sessions]
        races = [
            Races(scene, pair, scene.rows[number])
            for number, pair in enumerate(zip(people[::2], people[1::2], strict=True))
        ]
        asyncio.run(_all(races, same, apart, leaving, outcome))
    told = sum((race.told for race in races), Counter())
    return Measured(
        f"{same:,} one cell, {apart:,} two cells, {away} rows taken away",
        note=f"of the edits of leaving rows {told['before']} came before, {told['after']} after",
        wrong=[sentence for race in races for sentence in race.wrong],
    )


async def _all(races: "Sequence[Races]", same: int, apart: int, leaving: Sequence[int], outcome: int) -> None:
    pairs = len(races)
    async with asyncio.timeout(ENDS_WITHIN), asyncio.TaskGroup() as running:
        for number, race in enumerate(races):
            times, more = (len(range(number, whole, pairs)) for whole in (same, apart))
            running.create_task(race.run(times, more, leaving[number::pairs], outcome))


class Races:
    """What two people do to each other. `told` counts what became of edits of rows that left."""

    def __init__(self, scene: Scene, pair: tuple[Person, Person], row: int) -> None:
        self.scene, self.pair, self.row = scene, pair, row
        self.bases = {"action": 0, "update": 0}
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []

    async def run(self, same: int, apart: int, leaving: Sequence[int], outcome: int) -> None:
        """One kind of race after the other."""
        for _ in range(same):
            await self.one_cell()
        for _ in range(apart):
            await self.two_cells()
        for number, row in enumerate(leaving):
            await self.leaving(row, self.ways_out(outcome)[number % 3])
        for person in self.pair:
            person.hang_up()

    async def one_cell(self) -> None:
        """One wins, the other is shown both texts."""
        texts = [agreed(), agreed()]
        replies = await asyncio.gather(
            *(self._write(who, "action", text) for who, text in zip(self.pair, texts, strict=True))
        )
        by_status = {reply.status: (reply, text) for reply, text in zip(replies, texts, strict=True)}
        if set(by_status) != {SAVED, CONFLICT}:
            self.wrong.append(f"Two in one cell were answered {[reply.status for reply in replies]}")
            self.bases["action"] = max(reply.told.get("rev", 0) for reply in replies)
            return
        (won, winner), (lost, loser) = by_status[SAVED], by_status[CONFLICT]
        if (lost.told["theirs"], lost.told["mine"]) != (winner, loser):
            self.wrong.append("Who came second in a cell was not shown both texts")
        self.bases["action"] = won.told["rev"]

    async def two_cells(self) -> None:
        """Both are saved."""
        replies = await asyncio.gather(
            *(self._write(who, field, agreed()) for who, field in zip(self.pair, self.bases, strict=True))
        )
        for field, reply in zip(self.bases, replies, strict=True):
            if reply.status != SAVED:
                self.wrong.append(f"Of two in different cells of a row one was answered {reply.status}")
            self.bases[field] = reply.told.get("rev", self.bases[field])

    async def leaving(self, row: int, way: tuple[str, dict[str, str]]) -> None:
        """The row leaves; the edit comes before it, or is refused."""
        address, fields = way
        left, reply = await asyncio.gather(
            self.pair[1].insist(f"/rows/{row}/{address}/", fields | {"op": str(uuid4())}),
            self._save(self.pair[0], row, "action", agreed(), base=0),
        )
        if left[0] != ACKNOWLEDGED:
            self.wrong.append(f"Taking a row away ({address}) was answered {left[1].status}")
        if reply.status not in (SAVED, CONFLICT):
            self.wrong.append(f"An edit of a row that leaves was answered {reply.status}")
        self.told["before" if reply.status == SAVED else "after"] += 1

    def ways_out(self, outcome: int) -> Sequence[tuple[str, dict[str, str]]]:
        """How a row leaves its tracker: address and what is sent there."""
        return (
            ("close", {"base": "0", "outcome": str(outcome)}),
            ("move", {"team": str(self.scene.neighbour.pk)}),
            ("remove", {}),
        )

    async def _write(self, who: Person, field: str, text: str) -> Reply:
        """In the pair's own row, on the version that both have seen."""
        return await self._save(who, self.row, field, text, base=self.bases[field])

    async def _save(self, who: Person, row: int, field: str, text: str, *, base: int) -> Reply:
        op = str(uuid4())
        told, reply = await who.insist(f"/rows/{row}/cell/", cell(field, text, base, op))
        self.scene.ledger.tried(Tried(op, row, field, text, told, reply.status))
        return reply
