"""Open pages that follow a tracker while something breaks: clients that do what a page's script does.

They hear the stream, ask by themselves where there is none, and fetch the rows that changed, as
static/js/lib/source.js and static/js/grid/changes.js do. What a browser does beside that is not here.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from scripts.bench.client import Reply, opened
from scripts.faults.load import LOOKS_EVERY, RECOVERS_WITHIN, Person
from scripts.faults.scene import Scene
from scripts.faults.views import came_along, facts_of, missing, rested
from tracker.fragments import rendered_rows
from tracker.grid import columns_of, grid_for
from tracker.models import TeamLog

# As the page has them, in seconds: a silent stream is not trusted, and without one it asks so often.
SILENCE, ASKS_EVERY = 6.0, 5.0
# How long it waits after each failure (static/js/lib/backoff.js).
STEPS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
OPENS_WITHIN = 60.0
ROW = re.compile(r'<tr [^>]*?\bdata-row="(\d+)".*?</tr>', re.DOTALL)


@dataclass
class Seen:
    """What one page saw: the number with which it began and the one up to which it is drawn, the changes in
    the order in which it showed them, those that the stream told again, and each row as it stands there.

    `lost` and `redrawn` are how often the stream went, and how often everything had to be drawn anew.
    """

    began: int = 0
    head: int = 0
    shown: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    rows: dict[int, str] = field(default_factory=dict)
    lost: int = 0
    redrawn: int = 0


def wrong_of(seen: Seen, head: int, drawn: Mapping[int, str]) -> list[str]:
    """What of a page is not as it must be in the end, beside what the server has and draws."""
    wrong = []
    if seen.head != head:
        wrong.append(f"A page stands at number {seen.head}, the server at {head}")
    times = Counter(seen.shown)
    for number in range(seen.began + 1, seen.head + 1):
        if times[number] != 1:
            wrong.append(f"Change {number} was shown {times[number]} times")
    if strange := [number for number in times if not seen.began < number <= seen.head]:
        wrong.append(f"Changes {strange} were shown to a page that had them, or that nobody made")
    wrong += [f"Change {number} was told to somebody who had it" for number in seen.again]
    wrong += [
        f"Row {row} is not what the server draws"
        for row in sorted(seen.rows.keys() | drawn.keys())
        if seen.rows.get(row) != drawn.get(row)
    ]
    if seen.redrawn:
        wrong.append(f"A page was drawn anew {seen.redrawn} times")
    return wrong


def head_now(scene: Scene) -> int:
    """The number of the team's log."""
    try:
        return TeamLog.head_of(scene.team.pk)
    finally:
        connection.close()


def drawn_now(scene: Scene) -> dict[int, str]:
    """The team's rows as the server draws them; this process has kept nothing of before."""
    try:
        head = TeamLog.head_of(scene.team.pk)
        grid = grid_for(scene.people[0], scene.team, timezone.localdate(), columns_of(scene.team))
        return dict(_rows_in("".join(rendered_rows(grid, scene.rows, head).values())))
    finally:
        connection.close()


def _rows_in(html: str) -> list[tuple[int, str]]:
    return [(int(found[1]), found[0]) for found in ROW.finditer(html)]


class Watcher:
    """One page of the scene's tracker. Its stream comes through `streams`, another port, where one is given.

    `live` says whether it hears the stream; `entry` is the number under which the log has the page.
    """

    def __init__(self, scene: Scene, port: int, session: str, *, streams: int = 0) -> None:
        self.team, self.ids = scene.team.pk, scene.rows
        self.session, self.streams = session, streams or port
        self.pages = Person(port, session)
        self.seen = Seen()
        self.live = False
        self.entry = ""
        self._cursor = 0
        self._rung: list[dict[str, Any]] = []
        self._woken = asyncio.Event()
        self._due = self._busy = self._asked = False
        self._silence: asyncio.TimerHandle | None = None

    async def watch(self) -> None:
        """Opens the page and follows until it is cancelled."""
        await self._draw()
        self.seen.began = self._cursor = self.seen.head
        try:
            async with asyncio.TaskGroup() as running:
                running.create_task(self._listen())
                running.create_task(self._follow())
        finally:
            self.pages.hang_up()
            if self._silence:
                self._silence.cancel()

    async def reached(self, head: int) -> None:
        """Returns when the page is drawn up to this number."""
        while self.seen.head < head:
            await asyncio.sleep(LOOKS_EVERY)

    async def _draw(self) -> None:
        """Everything; the page says the number, the rows are asked for after it: nothing is missed."""
        page = await self._answer("")
        if page is None or page.status != 200:
            raise RuntimeError("The page cannot be opened")
        head, _, self.entry = facts_of(page.body.decode())
        rows = await self._answer(f"rows/?ids={','.join(map(str, self.ids))}&entry={self.entry}")
        if rows is None or rows.status != 200:
            raise RuntimeError("The page has no rows")
        self.seen.head = head
        self.seen.rows = dict(_rows_in(rows.body.decode()))

    async def _listen(self) -> None:
        """Opens the stream again and again, each time where the last one was cut."""
        failures = 0
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                stream = await opened(self.streams, self.session)
                try:
                    after = f"{self.team}:{self._cursor}"
                    await stream.listen(f"/live/?teams={self.team}&after={after}&pages={self.entry}")
                    async for kind, told in messages(stream.reader):
                        failures = 0
                        self._heard(kind, told)
                finally:
                    stream.writer.close()
            self.seen.lost += 1
            self._connected(live=False)
            await asyncio.sleep(STEPS[min(failures, len(STEPS) - 1)] * random.uniform(0.75, 1.25))
            failures += 1

    def _heard(self, kind: str, told: dict[str, Any]) -> None:
        if self._silence:
            self._silence.cancel()
        later = asyncio.get_running_loop().call_later
        self._silence = later(SILENCE, lambda: self._connected(live=False))
        self._connected(live=True)
        if kind == "change":
            if told["seq"] <= self._cursor:
                self.seen.again.append(told["seq"])
            self._cursor = told["seq"]
            self._rung.append(told)
            self._woken.set()
        elif "heads" in told and told["heads"][str(self.team)] != self.seen.head and not self._busy:
            self._ask_now()

    def _connected(self, *, live: bool) -> None:
        if live != self.live:
            self.live = live
            self._ask_now()

    def _ask_now(self) -> None:
        self._due = True
        self._woken.set()

    async def _follow(self) -> None:
        """Brings what the stream told, and asks where that cannot be all; one after the other."""
        while True:
            try:
                async with asyncio.timeout(None if self.live else ASKS_EVERY):
                    await self._woken.wait()
            except TimeoutError:
                self._due = True
            self._woken.clear()
            self._busy = True
            began, self._asked = time.monotonic(), False
            while self._due or self._rung:
                told = [change for change in self._rung if change["seq"] > self.seen.head]
                self._rung = []
                missed = any(change["seq"] != self.seen.head + 1 + at for at, change in enumerate(told))
                if self._due or missed:
                    self._due = False
                    await self._ask()
                elif told:
                    await self._bring(told)
            self._busy = False
            if self._asked:
                await asyncio.sleep(rested(began) - time.monotonic())

    async def _ask(self) -> None:
        reply = await self._answer(f"changes/?after={self.seen.head}")
        if reply is None or reply.status != 200:
            return
        if "reset" in reply.told:
            self.seen.redrawn += 1
            await self._draw()
        else:
            await self._bring(reply.told["changes"])

    async def _bring(self, told: Sequence[Mapping[str, Any]]) -> None:
        rows = "".join(came_along(told).values())
        if ids := missing(told):
            self._asked = True
            reply = await self._answer(f"rows/?ids={','.join(map(str, ids))}&entry={self.entry}")
            if reply is None or reply.status != 200:
                return
            rows += reply.body.decode()
        self.seen.rows |= dict(_rows_in(rows))
        self.seen.shown += [change["seq"] for change in told]
        self.seen.head = told[-1]["seq"]

    async def _answer(self, asked: str) -> Reply | None:
        """A browser asks once more where the connection that it had kept is closed."""
        path = f"/teams/{self.team}/{asked}"
        return await self.pages.get(path) or await self.pages.get(path)


async def messages(reader: asyncio.StreamReader) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Kind and content of each message that came whole, until the stream ends or is cut."""
    kind, data = "", ""
    while (line := await reader.readline()).endswith(b"\n") and line != b"0\r\n":
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            data = value
        elif line == b"\n" and kind:
            yield kind, json.loads(data)
            kind, data = "", ""


@asynccontextmanager
async def watching(watchers: Sequence[Watcher]) -> AsyncIterator[None]:
    """They are open and hear the stream while the block begins, and follow until it ends."""
    async with asyncio.TaskGroup() as running:
        tasks = [running.create_task(watcher.watch()) for watcher in watchers]
        async with asyncio.timeout(OPENS_WITHIN):
            while not all(watcher.live for watcher in watchers):
                await asyncio.sleep(LOOKS_EVERY)
        yield
        for task in tasks:
            task.cancel()


async def all_reached(watchers: Sequence[Watcher], head: int) -> None:
    """Waits until all are drawn up to this number, or too long: `wrong_of` says so then."""
    await asyncio.wait(
        [asyncio.create_task(watcher.reached(head)) for watcher in watchers], timeout=RECOVERS_WITHIN
    )
