"""The live connections of open pages are cut at random while people save, every second one within a message.

In the end each page stands where the server stands, every row byte for byte, and has shown each change once.
That nothing is written over what somebody types can be seen in a browser alone (docs/faults.md).
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from scripts import static_files
from scripts.faults.between import taking_calls
from scripts.faults.load import ENDS_WITHIN, LOOKS_EVERY, Tally, typists
from scripts.faults.scene import Measured, Scene
from scripts.faults.watchers import Seen, Watcher, all_reached, drawn_now, head_now, watching, wrong_of

# Acknowledged edits, cuts, open pages.
AMOUNTS = {"whole": (1_000, 50, 10), "short": (200, 10, 5), "test": (40, 4, 3)}
PIECE = 65_536


def injected(scene: Scene) -> Measured:
    """Spread over the whole burst."""
    edits, cuts, pages = AMOUNTS[scene.size]
    sessions = scene.sessions
    tally = Tally()
    static_files.collect()  # they open pages
    with scene.server() as server:
        cutter = Cutter(server.port)
        people = typists(server.port, sessions, scene.rows, scene.ledger, tally)

        async def burst() -> tuple[list[Seen], int, float]:
            async with asyncio.timeout(ENDS_WITHIN), taking_calls(cutter.carry) as port:
                watchers = [
                    Watcher(scene, server.port, sessions[one % len(sessions)], streams=port)
                    for one in range(pages)
                ]
                async with watching(watchers):
                    async with asyncio.TaskGroup() as typing:
                        for one in people:
                            typing.create_task(one.go_on())
                        for number in range(cuts):
                            await tally.reached((number + random.uniform(0.2, 0.8)) * edits / cuts)
                            await cutter.cut(halved=number % 2 == 1)
                        tally.enough = edits
                    ended = time.monotonic()
                    head = await asyncio.to_thread(head_now, scene)
                    await all_reached(watchers, head)
                    took = time.monotonic() - ended
                return [watcher.seen for watcher in watchers], head, took

        seen, head, took = asyncio.run(burst())
    drawn = drawn_now(scene)
    return Measured(
        f"{cuts} cuts in {len(tally.acknowledged):,} edits, {pages} pages",
        note=f"all pages as the server {took:.1f} s after the last edit",
        wrong=[*noticed(seen, cuts), *(said for one in seen for said in wrong_of(one, head, drawn))],
    )


def noticed(seen: Sequence[Seen], cuts: int) -> list[str]:
    """A sentence where fewer streams were lost than were cut."""
    lost = sum(one.lost for one in seen)
    return [f"Of {cuts} cuts the pages noticed {lost}"] if lost < cuts else []


@dataclass(eq=False)
class Carried:
    """One stream on its way. A `halved` one ends in the middle of the next piece."""

    task: "asyncio.Task[Any]"
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    halved: bool = False


class Cutter:
    """Between pages and server: carries streams, and cuts them when told to."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.streams: set[Carried] = set()

    async def cut(self, *, halved: bool) -> None:
        """One stream that is open, whichever, at once or within a message; waits until there is one."""
        while not self.streams:
            await asyncio.sleep(LOOKS_EVERY)
        stream = random.choice(list(self.streams))
        self.streams.remove(stream)
        stream.halved = halved
        if not halved:
            stream.task.cancel()
        await stream.ended.wait()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it is cut or either side ends it."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("A connection is carried by a task")
        stream = Carried(task)
        there_reader, there = await asyncio.open_connection("127.0.0.1", self.server)
        asking = asyncio.create_task(_pass_on(reader, there))
        try:
            while piece := await there_reader.read(PIECE):
                if stream.halved:
                    writer.write(piece[: len(piece) // 2])
                    break
                writer.write(piece)
                self.streams.add(stream)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self.streams.discard(stream)
            asking.cancel()
            there.close()
            writer.close()
            stream.ended.set()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
    writer.close()
