"""People who save one text after the other, and what became of each: acknowledged, refused or unknown."""

import asyncio
import math
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from scripts.bench.client import Line, Reply, opened
from scripts.faults.ledger import ACKNOWLEDGED, REFUSED, SAME, UNKNOWN, Ledger, Tried
from scripts.faults.politeness import BUSY, Heard

ANSWERED_WITHIN = 30.0
# No burst goes on for longer, whatever happens to the server.
ENDS_WITHIN = 3600.0
# Who finds nobody there knocks again so soon.
KNOCKS_EVERY = 0.1
# A server lets go of a connection that rests for five seconds (uvicorn); a browser knows and opens another.
RESTS = 3.0
INSISTS = 1_000
RECOVERS_WITHIN = 120.0
LOOKS_EVERY = 0.02
STAGES = ("awaiting", "underway", "identified", "decided")
# Of a hundred saves so many are stages, and so many go to a row in which the others write too.
STAGE_SHARE, SHARED_SHARE = 10, 10
Asked = Callable[[Line], Coroutine[Any, Any, Reply]]


@dataclass
class Tally:
    """When the acknowledged saves were sent and answered; in seconds of this machine's clock.

    Nobody stops before there are `enough`; without end while more faults are to come.
    """

    enough: float = math.inf
    acknowledged: list[tuple[float, float]] = field(default_factory=list)

    async def reached(self, saves: float) -> None:
        """Returns at some moment after so many saves are acknowledged."""
        while len(self.acknowledged) < saves:
            await asyncio.sleep(LOOKS_EVERY)
        await asyncio.sleep(random.random() * LOOKS_EVERY)

    async def recovery(self, fault: float) -> float:
        """Waits for the first acknowledged save that was sent after the fault: how long after it that was.

        TimeoutError where none ever is.
        """
        async with asyncio.timeout(RECOVERS_WITHIN):
            while not self.between(fault, time.monotonic()):
                await asyncio.sleep(LOOKS_EVERY)
        return min(answered for sent, answered in self.acknowledged if sent > fault) - fault

    def between(self, began: float, ended: float) -> int:
        """How many saves were sent and answered in this time."""
        return sum(sent > began and answered < ended for sent, answered in self.acknowledged)


class Person:
    """Somebody signed in, with a connection that is opened anew when it breaks; `heard` has each request.

    Whoever waits longer than `patience`, in seconds, hears nothing.
    """

    def __init__(self, port: int, session: str, *, patience: float = ANSWERED_WITHIN) -> None:
        self.port, self.session, self.patience = port, session, patience
        self.line: Line | None = None
        self.rests_since = 0.0
        self.heard: list[Heard] = []

    async def post(self, path: str, fields: dict[str, str]) -> tuple[str, Reply | None]:
        """What became of it, and the whole answer where there was one."""
        outcome, reply = await self._timed(lambda line: line.post(path, fields))
        if outcome == ACKNOWLEDGED and reply and reply.told["outcome"] == "same":
            return SAME, reply
        return outcome, reply

    async def get(self, path: str) -> Reply | None:
        """The whole answer where there was one."""
        return (await self._timed(lambda line: line.get(path)))[1]

    async def submit(self, path: str, fields: dict[str, str]) -> Reply | None:
        """The same of a form that is answered with a file, a page or nothing."""
        return (await self._timed(lambda line: line.post(path, fields)))[1]

    async def upload(self, path: str, file: bytes) -> Reply | None:
        """The same of a form with a file in it."""
        return (await self._timed(lambda line: line.upload(path, file)))[1]

    async def _timed(self, ask: Asked) -> tuple[str, Reply | None]:
        sent = time.monotonic()
        outcome, reply = await self._asked(ask)
        told = (reply.status, reply.again) if reply else (0, "")
        self.heard.append(Heard(sent, time.monotonic() - sent, *told))
        return outcome, reply

    async def _asked(self, ask: Asked) -> tuple[str, Reply | None]:
        if time.monotonic() - self.rests_since > RESTS:
            self.hang_up()
        if self.line is None:
            try:
                self.line = await opened(self.port, self.session)
            except OSError:
                return REFUSED, None
        try:
            reply = await asyncio.wait_for(ask(self.line), self.patience)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.hang_up()
            return UNKNOWN, None
        self.rests_since = time.monotonic()
        return ACKNOWLEDGED if 200 <= reply.status < 300 else REFUSED, reply

    async def insist(self, path: str, fields: dict[str, str]) -> tuple[str, Reply]:
        """As a page does it: sends the same again, under the same number, until somebody has answered.

        RuntimeError where nobody ever does.
        """
        for _ in range(INSISTS):
            outcome, reply = await self.post(path, fields)
            if reply is not None and reply.status != BUSY:
                return outcome, reply
            await asyncio.sleep(KNOCKS_EVERY)
        raise RuntimeError(f"Nobody answers {path}")

    def hang_up(self) -> None:
        """The next request takes a new connection."""
        if self.line:
            self.line.writer.close()
        self.line = None


def agreed() -> str:
    """A text that nobody types a second time."""
    return f"Agreed {uuid4().hex}"


def cell(field: str, value: str, base: int, op: str) -> dict[str, str]:
    """What a page's script sends to save a cell."""
    return {"field": field, "value": value, "base": str(base), "op": op}


class Typist:
    """A person who goes on saving: mostly in cells of their own, at times where the others write as well."""

    def __init__(
        self, person: Person, own: Sequence[int], shared: Sequence[int], ledger: Ledger, tally: Tally
    ) -> None:
        self.person, self.own, self.shared = person, own, shared
        self.ledger, self.tally = ledger, tally
        self.bases: dict[tuple[int, str], int] = {}
        self.stages: dict[int, int] = {}

    async def go_on(self) -> None:
        """Saves until all of them together have enough acknowledged."""
        while len(self.tally.acknowledged) < self.tally.enough:
            await self.save()
        self.person.hang_up()

    async def save(self) -> Reply | None:
        """One save, which is not tried again whatever becomes of it; the answer where there was one."""
        row = random.choice(self.shared if random.randrange(100) < SHARED_SHARE else self.own)
        field = random.choice(("action", "update"))
        if row in self.own and random.randrange(100) < STAGE_SHARE:
            field = "stage"
        value = self._stage(row) if field == "stage" else agreed()
        op = str(uuid4())
        sent = time.monotonic()
        path, base = f"/rows/{row}/cell/", self.bases.get((row, field), 0)
        outcome, reply = await self.person.post(path, cell(field, value, base, op))
        self.ledger.tried(Tried(op, row, field, value, outcome, reply.status if reply else 0))
        if outcome == ACKNOWLEDGED:
            self.tally.acknowledged.append((sent, time.monotonic()))
        if reply and reply.status in (200, 409):
            self.bases[row, field] = reply.told["rev"]
        if field == "stage" and outcome != REFUSED:
            self.stages[row] = self.stages.get(row, 0) + 1
        if outcome == REFUSED and (reply is None or reply.status == BUSY):
            await asyncio.sleep(KNOCKS_EVERY)
        return reply

    def _stage(self, row: int) -> str:
        """The stage after the one that was sent last."""
        return STAGES[(self.own.index(row) + self.stages.get(row, 0)) % len(STAGES)]


def typists(
    port: int, sessions: Sequence[str], rows: Sequence[int], ledger: Ledger, tally: Tally
) -> list[Typist]:
    """One for each session: a tenth of the rows is everybody's, the others are shared out."""
    shared = rows[: max(1, len(rows) // 10)]
    own = rows[len(shared) :]
    people = len(sessions)
    return [
        Typist(Person(port, session), own[number::people], shared, ledger, tally)
        for number, session in enumerate(sessions)
    ]
