"""Sizes beside each other: what pages, a save, an export and catching up cost as the council grows.

Asked for by name only (`make bench ARGS=scale`): it fills its database up to 400,000 open rows with their
history, which takes a quarter of an hour and five gigabytes. `BENCH_SCALE` names other sizes.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.changes.people import add_membership, add_person
from accounts.models import Locality, User
from accounts.roles import Role
from accounts.sessions import PASSED
from scripts.bench.figures import Figure
from scripts.bench.places import Bench, version
from tracker.changes.demonstration import MEASURED, load_rows
from tracker.models import TeamLog, TrackerRow

ON = ("postgresql",)
BY_NAME_ONLY = True
SIZES = [int(size) for size in os.environ.get("BENCH_SCALE", "1200,12000,400000").split(",")]
# The quickest of so many: a page of all localities takes half a minute; of a team's pages, which are compared
# with themselves half an hour before, five were too few to say anything of 15 milliseconds.
TIMES, TIMES_OF_A_TEAM = 5, 25
# What the page of all localities may take beside its own SQL, at the size that the aim is for: a small
# council's page is mostly drawing.
OF_ITS_SQL, SIZE = 2, 400_000
# What a team's pages and a save may take beside themselves at the smallest size.
AS_BEFORE = 1.3

Ask = Callable[[], Any]  # gives the test client's answer


def measured(bench: Bench) -> list[Figure]:
    """In this process: what counts is the work, not the way to it. Each size has the one before in it."""
    figures: list[Figure] = []
    before: dict[str, float] = {}
    for size in SIZES:
        figures.append(_filled(size))
        officer, manager = _signed_in(Role.PERFORMANCE_OFFICER), _signed_in(Role.TEAM_MANAGER)
        for what, ask in _of_all(officer):
            page, sql = _took(ask, TIMES)
            aim = OF_ITS_SQL * sql if size >= SIZE and what == "all localities: Summary" else None
            figures += [Figure(f"{size:,} rows: {what}", page, "ms", aim), Figure("its SQL", sql, "ms")]
        for what, ask in _of_a_team(manager):
            page, _ = _took(ask, TIMES_OF_A_TEAM)
            aim = AS_BEFORE * before[what] if what in before else None
            figures.append(Figure(f"{size:,} rows: {what}", page, "ms", aim))
            before.setdefault(what, page)
    return figures


def _filled(size: int) -> Figure:
    began = time.perf_counter()
    added = load_rows(rows=size, today=timezone.localdate())
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself after a while
    return Figure(f"{size:,} open rows: adding {added:,}", took, "s")


def _signed_in(role: Role) -> Client:
    """Somebody new, for the first measured locality where the role is of one."""
    person: User = add_person(email=f"{uuid4().hex}@council.example", name="Bench Person", by=None)
    locality = None if role == Role.PERFORMANCE_OFFICER else _first()
    add_membership(person=person, role=role, locality=locality, teams=[], by=None)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    session = client.session
    session[PASSED] = person.pk
    session.save()
    return client


def _first() -> Locality:
    return Locality.objects.filter(name__startswith=MEASURED).order_by("pk")[0]


def _of_all(officer: Client) -> Iterator[tuple[str, Ask]]:
    pages = {
        "Summary": "/summary/",
        "expected closures": "/closures/",
        "difficulties": "/difficulties/",
        "cases by name": "/cases/?sort=person",
    }
    for what, address in pages.items():
        yield f"all localities: {what}", partial(officer.get, address)


def _of_a_team(manager: Client) -> Iterator[tuple[str, Ask]]:
    locality = _first()
    team = locality.teams.order_by("pk")[0]
    row = TrackerRow.objects.open().filter(team=team).order_by("pk")[5]
    after = TeamLog.head_of(team.pk) - 50
    pages = {
        "a locality's Summary": f"/localities/{locality.pk}/summary/",
        "a locality since last week": f"/localities/{locality.pk}/since/",
        "a locality's check-in": f"/localities/{locality.pk}/check-in/",
        "a team's Summary": f"/teams/{team.pk}/summary/",
        "a team's expected closures": f"/teams/{team.pk}/closures/",
        "a team's tracker": f"/teams/{team.pk}/",
        "changes after": f"/teams/{team.pk}/changes/?after={after}",
    }
    for what, address in pages.items():
        yield what, partial(manager.get, address)
    yield "a search in it", lambda: manager.post(f"/teams/{team.pk}/", {"person": "a"})
    yield "an export", lambda: manager.post(f"/teams/{team.pk}/export/", {"names": "initials"})
    yield "a saved edit", lambda: manager.post(f"/rows/{row.pk}/cell/", _edit(row.pk))


def _edit(row_id: int) -> dict[str, str]:
    base = version(row_id, "update")
    return {"field": "update", "value": uuid4().hex, "base": str(base), "op": str(uuid4())}


def _took(ask: Ask, times: int) -> tuple[float, float]:
    """Milliseconds in all and of the statements: the quickest of several, which others disturbed least.

    Both are of the same one, so that they can be compared.
    """
    took = []
    for _ in range(times):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            answer = ask()
            page = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"Answered {answer.status_code}: {answer.content[:300]!r}")
        took.append((page, sum(float(query["time"]) for query in asked.captured_queries) * 1000))
    return min(took)
