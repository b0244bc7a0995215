"""Two hundred open streams and thirty writes: whether each reaches all, how soon, what a process holds."""

import asyncio
import time

from scripts.bench.client import opened
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.measures.saved_edit import Editor
from scripts.bench.places import Bench, session_of
from scripts.bench.servers import Server
from scripts.bench.watchers import Watchers, watching

ON = ("sqlite", "postgresql")
STREAMS, WRITES = 200, 30
BETWEEN = 0.2
ARRIVES_WITHIN = 10.0


def measured(bench: Bench) -> list[Figure]:
    """From the moment a write begins to the moment a stream hears of it."""
    with bench.application() as server, watching(bench, server, STREAMS, fetches=False) as watchers:
        begun = asyncio.run(_write(bench, server))
        until = time.monotonic() + ARRIVES_WITHIN
        while len(_took(begun, watchers)) < STREAMS * WRITES and time.monotonic() < until:
            time.sleep(0.1)
        memory, took = server.memory, _took(begun, watchers)
    return [
        Figure("200 streams, 30 writes: deliveries missing of 6,000", STREAMS * WRITES - len(took), "", 0),
        Figure("200 streams: write begun to heard, p95", percentile(took, 95), "ms", 60, spread(took)),
        Figure("200 streams: memory of the process", memory, "MiB", 100),
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
