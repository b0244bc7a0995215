"""Many open streams in one thread: what they hear and when, and whether they fetch the rows as pages do."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from scripts.bench.client import Line, opened
from scripts.bench.places import Bench, session_of
from scripts.bench.servers import Server

OPENS_WITHIN = 60.0


class Watchers:
    """`heard` holds, for each stream, when it heard each number; in seconds of this machine's clock."""

    def __init__(self, bench: Bench, server: Server, number: int, *, fetches: bool) -> None:
        self.team, self.server, self.fetches = bench.team.pk, server, fetches
        people = len(bench.editors)
        sessions = [session_of(person) for person in bench.editors]
        self.sessions = [sessions[one % people] for one in range(number)]
        self.heard: list[dict[int, float]] = [{} for _ in range(number)]
        self.greeted = 0
        self.all_greeted = Event()

    async def run(self) -> None:
        """Opens the streams one after the other and listens until it is cancelled."""
        tasks = []
        for session, heard in zip(self.sessions, self.heard, strict=True):
            stream = await opened(self.server.port, session)
            await stream.listen(f"/live/?teams={self.team}")
            tasks.append(asyncio.create_task(self._listen(stream, session, heard)))
        await asyncio.gather(*tasks)

    async def _listen(self, stream: Line, session: str, heard: dict[int, float]) -> None:
        pages = await opened(self.server.port, session) if self.fetches else None
        while line := await stream.reader.readline():
            if line.startswith(b"event: hello"):
                self.greeted += 1
                if self.greeted == len(self.heard):
                    self.all_greeted.set()
            elif line.startswith(b"data: {") and b'"seq":' in line:
                told = json.loads(line[6:])
                heard[told["seq"]] = time.perf_counter()
                if pages:
                    await pages.get(f"/teams/{self.team}/rows/?ids={told['row']}")
            elif pages and line.startswith(b"event: heartbeat"):
                # As often as a page reports where it is, so that the connection stays.
                await pages.get(f"/teams/{self.team}/changes/?after={max(heard, default=0)}")


@contextmanager
def watching(bench: Bench, server: Server, number: int, *, fetches: bool) -> Iterator[Watchers]:
    """So many open streams, past their hello, while the block runs."""
    watchers = Watchers(bench, server, number, fetches=fetches)
    loop = asyncio.new_event_loop()
    work = loop.create_task(watchers.run())

    def listen() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(work)
        except asyncio.CancelledError:
            return

    thread = Thread(target=listen, daemon=True)
    thread.start()
    try:
        if not watchers.all_greeted.wait(OPENS_WITHIN):
            raise RuntimeError(f"Only {watchers.greeted} of {number} streams opened")
        yield watchers
    finally:
        loop.call_soon_threadsafe(work.cancel)
        thread.join(5)
