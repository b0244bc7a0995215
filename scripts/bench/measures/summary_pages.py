"""The Summary at size: all localities beside its own SQL, and a team's page beside itself on a small council.

`BENCH_SUMMARY_ROWS` says at how many open rows; they are added to the bench's council, which takes its time.
"""

import os
import time
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.changes.people import add_membership, add_person
from accounts.models import User
from accounts.roles import Role
from scripts.bench.figures import Figure
from scripts.bench.places import Bench
from tracker.changes.demonstration import load_rows

ON = ("postgresql",)
ROWS = int(os.environ.get("BENCH_SUMMARY_ROWS", "4000"))
TIMES = 5
# How many times its own SQL the page may take at the size that the aim is for; a small council's page is
# mostly drawing.
OF_ITS_SQL, SIZE = 2, 400_000
AS_BEFORE = 1.5  # how many times its time on the small council, on a machine that has other things to do


def measured(bench: Bench) -> list[Figure]:
    """In this process: what counts is the work, not the way to it."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(_officer())
    team = f"/teams/{bench.team.pk}/summary/"
    small, _ = _took(client, team)
    load_rows(rows=ROWS, today=timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself after a while
    whole, sql = _took(client, "/summary/")
    large, _ = _took(client, team)
    return [
        Figure(f"all localities at {ROWS:,} more rows: SQL", sql, "ms"),
        Figure("all localities: the page", whole, "ms", OF_ITS_SQL * sql if ROWS >= SIZE else None),
        Figure("a team's Summary on the small council", small, "ms"),
        Figure("the same beside them", large, "ms", AS_BEFORE * small),
    ]


def _officer() -> User:
    person = add_person(email="bench.officer@council.example", name="Bench Officer", by=None)
    add_membership(person=person, role=Role.PERFORMANCE_OFFICER, locality=None, teams=[], by=None)
    return person


def _took(client: Client, address: str) -> tuple[float, float]:
    """Milliseconds of the page and of its statements, the middle of several after a first one."""
    pages, statements = [], []
    for _ in range(TIMES + 1):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            answer = client.get(address)
            pages.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} was answered {answer.status_code}")
        statements.append(sum(float(query["time"]) for query in asked.captured_queries) * 1000)
    return median(pages[1:]), median(statements[1:])
