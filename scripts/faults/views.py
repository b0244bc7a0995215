"""An open page without a screen: it listens, and brings what others changed as pages do (grid/changes.js)."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from scripts.bench.client import opened
from scripts.faults.load import KNOCKS_EVERY, Person

FACTS = re.compile(r"data-(head|entry|me)=\"([^\"]*)\"")
VERSION = re.compile(r'<tr id="row-\d+" data-row="(\d+)"|data-field="(\w+)" [^>]*?data-rev="(\d+)"')
# As the page has them: after a request for rows it rests so many seconds, or so many times what it took.
BREATH, TIMES = 0.25, 4
# Seconds for all of them.
GREETED_WITHIN = 120.0
STREAM_ENDS = (b"", b"0\r\n")
Bases = dict[tuple[int, str], int]


@dataclass
class Followed:
    """When the stream told of a number, and when its row had been brought, by this machine's clock."""

    told: dict[int, float] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)


def facts_of(page: str) -> tuple[int, int, str]:
    """What the tracker's page says: up to which number it is drawn, for whom, its entry in the log."""
    facts = dict(FACTS.findall(page))
    return int(facts["head"]), int(facts["me"]), facts["entry"]


def rested(began: float) -> float:
    """When a page asks for rows again that has just had those for which it asked then."""
    now = time.monotonic()
    return now + max(BREATH, TIMES * (now - began))


def came_along(changes: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The rows that came with the last change of each, as in the page's script."""
    last = {one["row"]: one.get("html", "") for one in changes}
    return {row: html for row, html in last.items() if row and html}


def missing(changes: Iterable[Mapping[str, Any]]) -> list[int]:
    """The rows of these changes that a page has to ask for."""
    told = list(changes)
    return sorted({one["row"] for one in told if one["row"]} - came_along(told).keys())


class View:
    """One person's page of one team. `bases` learns the versions of the cells that are brought.

    `asks` has each request that the page makes; `broken` counts streams that ended and were opened again.
    """

    def __init__(self, port: int, session: str, team: int, bases: Bases) -> None:
        self.port, self.session, self.team, self.bases = port, session, team, bases
        self.asks = Person(port, session)
        self.followed = Followed()
        self.greeted = asyncio.Event()
        self.broken = 0
        self.head = 0
        self.me, self.entry = 0, ""
        self._known: set[int] = set()
        self._rung: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._missed = False
        self._bringing = False
        self._asked = False

    async def draw(self) -> None:
        """Opens the page. RuntimeError where it does not come: then there is nothing to follow."""
        reply = await self.asks.get(f"/teams/{self.team}/")
        if reply is None or reply.status != 200:
            raise RuntimeError(f"The page of team {self.team} was answered {reply and reply.status}")
        text = reply.body.decode()
        self.head, self.me, self.entry = facts_of(text)
        self._learn(text)

    async def listen(self) -> None:
        """Hears what the stream tells, until it is cancelled; one that ends is opened again."""
        while True:
            try:
                await self._hear()
            except (OSError, RuntimeError, asyncio.IncompleteReadError):
                await asyncio.sleep(KNOCKS_EVERY)
            self.broken += 1

    async def follow(self) -> None:
        """Brings what the stream told, all of it at once; rests before it asks again. Until cancelled."""
        asks_at = 0.0
        while True:
            await self._news.wait()
            while missing(self._rung) and time.monotonic() < asks_at:
                await asyncio.sleep(asks_at - time.monotonic())
            self._news.clear()
            self._bringing = True
            began, self._asked = time.monotonic(), False
            if not await self._bring():
                self._missed = True
                await asyncio.sleep(KNOCKS_EVERY)
            self._bringing = False
            if self._asked:
                asks_at = rested(began)
            if self._missed or self._rung:
                self._news.set()

    async def _hear(self) -> None:
        stream = await opened(self.port, self.session)
        try:
            await stream.listen(f"/live/?teams={self.team}&after={self.team}:{self.head}&pages={self.entry}")
            kind = ""
            while (line := await stream.reader.readline()) not in STREAM_ENDS:
                if line.startswith(b"event: "):
                    kind = line[7:].strip().decode()
                elif line.startswith(b"data: "):
                    self._heard(kind, json.loads(line[6:]))
        finally:
            stream.writer.close()

    def _heard(self, kind: str, told: dict[str, Any]) -> None:
        if kind == "hello":
            self.greeted.set()
        if kind == "change":
            self.followed.told.setdefault(told["seq"], time.monotonic())
            self._rung.append(told)
            self._news.set()
        elif told.get("heads", {}).get(str(self.team), self.head) != self.head:
            # What is being brought, or waits for it, is not missed.
            self._missed |= not self._bringing and not self._rung
            self._news.set()

    async def _bring(self) -> bool:
        """Whether what was told, or missed, is on the page now."""
        rung = sorted((one for one in self._rung if one["seq"] > self.head), key=lambda one: one["seq"])
        gap = any(one["seq"] != self.head + 1 + at for at, one in enumerate(rung))
        self._rung, missed, self._missed = [], self._missed or gap, False
        if not missed:
            return not rung or await self._apply(rung, rung[-1]["seq"])
        reply = await self.asks.get(f"/teams/{self.team}/changes/?after={self.head}")
        if reply is None or reply.status not in (200, 204):
            return False
        if reply.status == 204:
            return True
        if reply.told.get("reset"):
            await self.draw()
            return True
        return await self._apply(reply.told["changes"], reply.told["head"])

    async def _apply(self, changes: list[dict[str, Any]], head: int) -> bool:
        others = [one for one in changes if one["by"] != self.me]
        if not await self._know({one["by"] for one in others if isinstance(one["by"], int)}):
            return False
        along = came_along(changes)
        news = {one["row"] for one in others if one["row"]}
        for row in news & along.keys():
            self._learn(along[row])
        if rows := sorted(news - along.keys()):
            self._asked = True
            ids = ",".join(map(str, rows))
            reply = await self.asks.get(f"/teams/{self.team}/rows/?ids={ids}&entry={self.entry}")
            if reply is None or reply.status != 200:
                return False
            self._learn(reply.body.decode())
        now = time.monotonic()
        for one in changes:
            self.followed.told.setdefault(one["seq"], now)
            self.followed.seen.setdefault(one["seq"], now)
        self.head = head
        return True

    async def _know(self, numbers: set[int]) -> bool:
        """Whether the names of these people are known by now; with the first come all who may edit here."""
        if not (unknown := numbers - self._known):
            return True
        ids = ",".join(map(str, sorted(unknown)))
        rest = "" if self._known else "&colleagues=1"
        reply = await self.asks.get(f"/teams/{self.team}/people/?ids={ids}{rest}")
        if reply is None or reply.status != 200:
            return False
        self._known |= unknown.union(map(int, reply.told))
        return True

    def _learn(self, text: str) -> None:
        """The version of each cell that is drawn."""
        row = 0
        for found in VERSION.finditer(text):
            if found[1]:
                row = int(found[1])
            else:
                self.bases[row, found[2]] = max(int(found[3]), self.bases.get((row, found[2]), 0))


@asynccontextmanager
async def following(views: Sequence[View]) -> AsyncIterator[None]:
    """Each is drawn and hears its stream while the block begins, and follows until it ends."""
    for view in views:
        await view.draw()
    async with asyncio.TaskGroup() as running:
        pages = [running.create_task(work) for view in views for work in (view.listen(), view.follow())]
        async with asyncio.timeout(GREETED_WITHIN):
            for view in views:
                await view.greeted.wait()
        yield
        for page in pages:
            page.cancel()
