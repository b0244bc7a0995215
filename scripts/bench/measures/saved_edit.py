"""How long a saved edit takes to be answered, beside the floor's update, for one editor and for twenty."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

from icm.errors import RETRY_AFTER
from scripts.bench.client import Line, opened
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.places import Bench, session_of
from scripts.bench.servers import Server

ON = ("sqlite", "postgresql")
EDITORS = 20
ROUNDS, IN_A_ROUND, FIRST = 10, 20, 20
# Twenty people who save a cell every second are busier than any meeting.
BETWEEN, PACED = 1.0, 8
AT_ONCE = 10
TIMES = 3  # how many times the floor a save may take


class Editor:
    """Somebody who saves the same cell again and again, one save after the other."""

    def __init__(self, line: Line, row: int) -> None:
        self.line, self.row = line, row
        self.base = 0  # the version; the server says a newer one
        self.busy = 0  # how often the server said so
        self.seq = 0  # the number of the last save

    async def save(self) -> float:
        """Milliseconds until it is saved: who is told that the server is busy comes again, as a page does."""
        fields = {"field": "action", "value": uuid4().hex, "base": str(self.base), "op": str(uuid4())}
        began = time.perf_counter()
        path = f"/rows/{self.row}/cell/"
        while (reply := await self.line.post(path, fields)).status == 503:
            self.busy += 1
            await asyncio.sleep(int(RETRY_AFTER))
        took = time.perf_counter() - began
        if reply.status == 409:
            self.base = reply.told["rev"]
            return await self.save()
        if reply.status != 200:
            raise RuntimeError(f"A save was answered {reply.status}")
        self.base, self.seq = reply.told.get("rev", 0), reply.told.get("seq", 0)
        return took * 1000


def measured(bench: Bench) -> list[Figure]:
    """Floor and application take turns, so that a busy moment of the machine meets both."""
    with bench.floor() as floor, bench.application() as application:
        return asyncio.run(_measured(bench, floor, application))


async def _measured(bench: Bench, floor: Server, application: Server) -> list[Figure]:
    bare, ours = await _editors(bench, floor, floor=True), await _editors(bench, application)
    for one in (bare[0], ours[0]):
        await _one_after_the_other(one, FIRST)
    bare_one, ours_one = [], []
    for _ in range(ROUNDS):
        bare_one += await _one_after_the_other(bare[0], IN_A_ROUND)
        ours_one += await _one_after_the_other(ours[0], IN_A_ROUND)
    paced = await _all(ours, lambda one: _now_and_then(one, PACED))
    # The server lets go of connections that rest: new ones for those who waited.
    bare, ours = await _editors(bench, floor, floor=True), await _editors(bench, application)
    bare_all = await _all(bare, lambda one: _one_after_the_other(one, AT_ONCE))
    ours_all = await _all(ours, lambda one: _one_after_the_other(one, AT_ONCE))
    medians = percentile(bare_one, 50), percentile(ours_one, 50)
    p95 = percentile(ours_one, 95)
    return [
        Figure("floor: bare update, 1 editor, median", medians[0], "ms", spread=spread(bare_one)),
        Figure(
            "saved edit, 1 editor, median", medians[1], "ms", TIMES * medians[0], spread(ours_one),
            note=f"{medians[1] / medians[0]:.1f} × floor",
        ),
        Figure("saved edit, 1 editor, p95", p95, "ms"),
        Figure(
            "saved edit, 20 editors, each a save a second, p95", percentile(paced, 95), "ms", TIMES * p95,
            spread(paced), note=f"{percentile(paced, 95) / p95:.1f} × p95 at 1",
        ),
        Figure("floor: bare update, 20 editors without a pause, p95", percentile(bare_all, 95), "ms"),
        Figure(
            "saved edit, 20 editors without a pause, p95", percentile(ours_all, 95), "ms",
            TIMES * percentile(bare_all, 95), spread(ours_all),
            note=f"{percentile(ours_all, 95) / percentile(bare_all, 95):.1f} × floor",
        ),
        Figure("the same: answers of a busy server (503)", sum(one.busy for one in ours), ""),
    ]  # fmt: skip


async def _editors(bench: Bench, server: Server, *, floor: bool = False) -> list[Editor]:
    sessions = [session_of(person, floor=floor) for person in bench.editors[:EDITORS]]
    lines = [await opened(server.port, session) for session in sessions]
    return [Editor(line, row) for line, row in zip(lines, bench.rows[:EDITORS], strict=True)]


async def _one_after_the_other(editor: Editor, times: int) -> list[float]:
    return [await editor.save() for _ in range(times)]


async def _now_and_then(editor: Editor, times: int) -> list[float]:
    await asyncio.sleep(random.random() * BETWEEN)
    took = []
    for _ in range(times):
        took.append(await editor.save())
        await asyncio.sleep(BETWEEN * (0.5 + random.random()))
    return took


async def _all(editors: list[Editor], work: Callable[[Editor], Awaitable[list[float]]]) -> list[float]:
    found = await asyncio.gather(*(work(one) for one in editors))
    return [took for each in found for took in each]
