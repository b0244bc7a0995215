"""A page that missed five hundred changes: the question and the rows that it fetches."""

import asyncio
import json
import time
from itertools import islice, product
from uuid import uuid4

from scripts.bench.client import opened
from scripts.bench.figures import Figure, percentile, spread
from scripts.bench.places import Bench, session_of
from scripts.bench.servers import Server
from scripts.faults.views import facts_of
from tracker.models import TeamLog, TrackerRow

ON = ("sqlite", "postgresql")
MISSED, AT_ONCE, TIMES = 500, 100, 7
FIELDS = ("owner", "update", "action", "by_when")


def measured(bench: Bench) -> list[Figure]:
    """Milliseconds until the rows are there."""
    with bench.application() as server:
        took = asyncio.run(_measured(bench, server))
    return [Figure("catch-up of 500 changes, median", percentile(took, 50), "ms", 1000, spread(took))]


async def _measured(bench: Bench, server: Server) -> list[float]:
    line = await opened(server.port, session_of(bench.editors[0]))
    cells = product(FIELDS, TrackerRow.objects.filter(team=bench.team).order_by("-pk"))
    for _ in range(MISSED // AT_ONCE):
        sent = [
            {"row": row.pk, "field": key, "value": "01/12/26" if key == "by_when" else uuid4().hex[:8],
             "base": row.rev(key)}
            for key, row in islice(cells, AT_ONCE)
        ]  # fmt: skip
        fields = {"op": str(uuid4()), "cells": json.dumps(sent)}
        reply = await line.post(f"/teams/{bench.team.pk}/cells/", fields)
        if reply.status != 200:
            raise RuntimeError(f"A paste was answered {reply.status}: {reply.body[:200]!r}")
    page = await line.get(f"/teams/{bench.team.pk}/")
    _, _, entry = facts_of(page.body.decode())
    after, took = TeamLog.head_of(bench.team.pk) - MISSED, []
    for _ in range(TIMES):
        began = time.perf_counter()
        told = (await line.get(f"/teams/{bench.team.pk}/changes/?after={after}")).told["changes"]
        ids = ",".join(str(row) for row in {one["row"] for one in told})
        rows = await line.get(f"/teams/{bench.team.pk}/rows/?ids={ids}&entry={entry}")
        if rows.status != 200 or len(told) != MISSED:
            raise RuntimeError(f"The rows were answered {rows.status} for {len(told)} changes")
        took.append((time.perf_counter() - began) * 1000)
    return took
