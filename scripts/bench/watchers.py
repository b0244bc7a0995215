"""What people have open beside what is measured: streams alone, or whole pages (scripts/faults/views.py)."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from itertools import cycle, islice
from threading import Event

from scripts.bench.client import Line, opened
from scripts.bench.places import Bench, session_of

OPENS_WITHIN = 60.0
Heard = dict[int, float]


def sessions_of(bench: Bench, number: int) -> list[str]:
    """So many people who look, each signed in once: one person may have several streams."""
    return list(islice(cycle([session_of(person) for person in bench.editors]), number))


@contextmanager
def beside(open_ones: AbstractAsyncContextManager[None]) -> Iterator[None]:
    """The block runs while these are open, in a thread of their own; what broke among them is raised."""
    opened_all, over = Event(), Event()

    async def stay() -> None:
        async with open_ones:
            opened_all.set()
            await asyncio.to_thread(over.wait)

    with ThreadPoolExecutor(1) as pool:
        staying = pool.submit(lambda: asyncio.run(stay()))
        staying.add_done_callback(lambda _: opened_all.set())
        opened_all.wait()
        try:
            if not staying.done():
                yield
        finally:
            over.set()
        staying.result()


@asynccontextmanager
async def streams(
    port: int, team: int, sessions: Sequence[str], heard: Sequence[Heard]
) -> AsyncIterator[None]:
    """A stream for each session, all past their hello; `heard` learns when each heard which number."""
    greeted = [asyncio.Event() for _ in sessions]
    async with asyncio.TaskGroup() as running:
        listening = []
        async with asyncio.timeout(OPENS_WITHIN):
            for session, hello, numbers in zip(sessions, greeted, heard, strict=True):
                stream = await opened(port, session)
                await stream.listen(f"/live/?teams={team}")
                listening.append(running.create_task(_listen(stream, hello, numbers)))
            for hello in greeted:
                await hello.wait()
        yield
        for one in listening:
            one.cancel()


async def _listen(stream: Line, hello: asyncio.Event, heard: Heard) -> None:
    while line := await stream.reader.readline():
        if line.startswith(b"event: hello"):
            hello.set()
        elif line.startswith(b"data: {") and b'"seq":' in line:
            heard[json.loads(line[6:])["seq"]] = time.perf_counter()
