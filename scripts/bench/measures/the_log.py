"""What the log costs: a page with its entry beside the same page without, a save with its digest beside none.

Both take turns in this process, and turns in going first, so that whatever else the machine does falls on
both alike: what counts is the difference within each pair.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import cycle
from statistics import median, quantiles
from unittest.mock import patch
from uuid import uuid4

from django.test import Client

from accounts.audit import Opened
from accounts.models import AuditEvent
from scripts.bench.figures import Figure
from scripts.bench.places import Bench, version

ON = ("sqlite", "postgresql")
PAIRS = 60
# Of a page's time the log may take so much; of a save's nothing that can be felt.
OF_A_PAGE, OF_A_SAVE = 10.0, 2.0


def measured(bench: Bench) -> list[Figure]:
    """Shares in percent, the middle of many pairs."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(bench.editors[0])
    nothing = patch("accounts.audit.viewed", lambda *_, **__: Opened(AuditEvent(pk=0), lambda: None))
    unsigned = patch("tracker.changes.act.sign", lambda _: None)

    def page(address: str) -> Callable[[], None]:
        def get() -> None:
            _expect(client.get(address).status_code)

        return get

    def save() -> None:
        row = next(rows)
        sent = {"field": "update", "value": uuid4().hex, "base": versions[row], "op": uuid4()}
        answer = client.post(f"/rows/{row}/cell/", sent)
        _expect(answer.status_code)
        versions[row] = answer.json()["rev"]

    rows = cycle(bench.rows)
    versions = {row: version(row, "update") for row in bench.rows}
    row = bench.rows[0]
    return [
        _share(
            "the log's share of the tracker page, 150 rows",
            page(f"/teams/{bench.team.pk}/"),
            nothing,
            OF_A_PAGE,
        ),
        _share("the log's share of one case's page", page(f"/rows/{row}/"), nothing, OF_A_PAGE),
        _share("the log's share of one case's history", page(f"/rows/{row}/history/"), nothing, OF_A_PAGE),
        _share("the digest's share of a saved edit", save, unsigned, OF_A_SAVE),
    ]


def _share(what: str, act: Callable[[], None], without: AbstractContextManager[object], aim: float) -> Figure:
    """By how many percent the act takes longer than without its part of the log."""
    times: dict[bool, list[float]] = {True: [], False: []}
    act()
    for pair in range(PAIRS):
        for whole in (True, False) if pair % 2 else (False, True):
            with nullcontext() if whole else without:
                times[whole].append(_took(act))
    bare = median(times[False])
    more = [(full / without_it - 1) * 100 for full, without_it in zip(times[True], times[False], strict=True)]
    least, middle, most = quantiles(more)
    spread = f"half of the pairs from {least:.1f} to {most:.1f} %"
    return Figure(what, middle, "%", aim, note=f"{median(times[True]):.1f} beside {bare:.1f} ms; {spread}")


def _took(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _expect(status: int) -> None:
    if status != 200:
        raise RuntimeError(f"The answer was {status}")
