"""Four hundred open streams and thirty writes: whether each reaches all, how soon, what a process holds."""

import asyncio
import time
from collections.abc import Sequence

from scripts.bench.client import opened
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.measures.saved_edit import Editor
from scripts.bench.places import Bench, session_of
from scripts.bench.servers import Server
from scripts.bench.watchers import Watchers, watching

ON = ("sqlite", "postgresql")
STREAMS, WRITES = 400, 30
BETWEEN = 0.2
ARRIVES_WITHIN = 10.0
KIB = 1024


def measured(bench: Bench) -> list[Figure]:
    """From the moment a write begins to the moment a stream hears of it."""
    with bench.application() as server:
        # What a process loads with its first requests is none of the streams'.
        asyncio.run(_write(bench, server))
        before = server.memory
        with watching(bench, server, STREAMS, fetches=False) as watchers:
            begun = asyncio.run(_write(bench, server))
            until = time.monotonic() + ARRIVES_WITHIN
            while len(_took(begun, watchers)) < STREAMS * WRITES and time.monotonic() < until:
                time.sleep(0.1)
            memory, took = server.memory, _took(begun, watchers)
    return figures(took, before, memory)


def figures(took: Sequence[float], before: float, memory: float) -> list[Figure]:
    """Of the milliseconds of each delivery, and of what the process held before the streams and with them."""
    what, all_of = f"{STREAMS} streams", STREAMS * WRITES
    return [
        Figure(f"{what}, {WRITES} writes: deliveries missing of {all_of:,}", all_of - len(took), "", 0),
        Figure(f"{what}: write begun to heard, p95", percentile(took, 95), "ms", 60, spread(took)),
        Figure(f"{what}: memory of the process", memory, "MiB", 100),
        Figure(f"{what}: memory of each", (memory - before) * KIB / STREAMS, "KiB"),
    ]


async def _write(bench: Bench, server: Server) -> dict[int, float]:
    """Number of each write → when it began."""
    editor = Editor(await opened(server.port, session_of(bench.editors[0])), bench.rows[-1])
    await editor.save()
    begun = {}
    for _ in range(WRITES):
        now = time.perf_counter()
        await editor.save()
        begun[editor.seq] = now
        await asyncio.sleep(BETWEEN)
    return begun


def _took(begun: dict[int, float], watchers: Watchers) -> list[float]:
    return [
        (heard[seq] - began) * 1000
        for heard in watchers.heard
        for seq, began in begun.items()
        if seq in heard
    ]
