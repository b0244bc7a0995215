"""Hundreds of open streams and thirty writes: whether each reaches all, how soon, what a process holds."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.bench.client import opened
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.measures.saved_edit import Editor
from scripts.bench.places import Bench, session_of
from scripts.bench.servers import Server
from scripts.bench.watchers import Heard, beside, sessions_of, streams

ON = ("sqlite", "postgresql")
WRITES = 30
BETWEEN = 0.2
ARRIVES_WITHIN = 10.0
KIB = 1024


@dataclass(frozen=True)
class Amount:
    """So many streams in one process, and what is aimed at: milliseconds at p95, MiB of the process."""

    streams: int
    p95: float
    memory: float | None = None


# The first is what the stream was built to; the second is all that a council has (specs: concurrency), which
# asks for a second.
AMOUNTS = (Amount(200, p95=60, memory=100), Amount(400, p95=1000))


def measured(bench: Bench) -> list[Figure]:
    """From the moment a write begins to the moment a stream hears of it."""
    return [figure for amount in AMOUNTS for figure in _with(bench, amount)]


def _with(bench: Bench, amount: Amount) -> list[Figure]:
    """On a server of their own: what it holds is what these made it hold."""
    sessions = sessions_of(bench, amount.streams)
    heard: list[Heard] = [{} for _ in sessions]
    with bench.application() as server:
        # What a process loads with its first requests is none of the streams'.
        asyncio.run(_write(bench, server))
        before = server.memory
        with beside(streams(server.port, bench.team.pk, sessions, heard)):
            begun = asyncio.run(_write(bench, server))
            until = time.monotonic() + ARRIVES_WITHIN
            while len(_took(begun, heard)) < len(heard) * WRITES and time.monotonic() < until:
                time.sleep(0.1)
            memory, took = server.memory, _took(begun, heard)
    return figures(amount, took, before, memory)


def figures(amount: Amount, took: Sequence[float], before: float, memory: float) -> list[Figure]:
    """Of the milliseconds of each delivery, and of what the process held before the streams and with them."""
    what, all_of = f"{amount.streams} streams", amount.streams * WRITES
    return [
        Figure(f"{what}, {WRITES} writes: deliveries missing of {all_of:,}", all_of - len(took), "", 0),
        Figure(f"{what}: write begun to heard, p95", percentile(took, 95), "ms", amount.p95, spread(took)),
        Figure(f"{what}: memory of the process", memory, "MiB", amount.memory),
        Figure(f"{what}: memory of each", (memory - before) * KIB / amount.streams, "KiB"),
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


def _took(begun: dict[int, float], heard: Sequence[Heard]) -> list[float]:
    return [(one[seq] - began) * 1000 for one in heard for seq, began in begun.items() if seq in one]
