"""How many SQL statements a save and a page take."""

from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scripts.bench.figures import Figure
from scripts.bench.places import Bench, version

ON = ("sqlite", "postgresql")
MOST_INSIDE, MOST = 6, 10
OURS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def measured(bench: Bench) -> list[Figure]:
    """In this process: the statements do not depend on the server."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(bench.editors[0])
    row = bench.rows[100]
    sent = {"field": "update", "value": "Rang", "base": version(row, "update"), "op": uuid4()}
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(f"/rows/{row}/cell/", sent)
    if answer.status_code != 200:
        raise RuntimeError(f"The save was answered {answer.status_code}")
    said = [query["sql"] for query in asked.captured_queries if not query["sql"].startswith(OURS)]
    began = next(number for number, sql in enumerate(said) if "UPDATE tracker_teamlog" in sql)
    inside = [sql for sql in said[began:] if "pg_notify" not in sql]
    few, many = (_page(client, team.pk) for team in (bench.team, bench.bigger))
    return [
        Figure("statements of a save inside its transaction", len(inside), "", MOST_INSIDE),
        Figure("statements of a save in all", len(said), "", MOST),
        Figure("statements of the tracker page, 150 rows", few, ""),
        Figure("the same, 300 rows", many, "", few),
    ]


def _page(client: Client, team: int) -> int:
    client.get(f"/teams/{team}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/teams/{team}/")
    return len(asked)
