"""How many SQL statements a page or a save takes: the same for ten rows and for two hundred."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_rows
from tracker.choices import Stage
from tracker.models import TrackerRow

# Statements of a save, the transaction's own BEGIN and COMMIT not counted (specs: concurrency 4.9).
MOST_IN_A_SAVE = 10
MOST_IN_ITS_TRANSACTION = 6
VALUES = {"by_when": "02/11/26", "stage": "Decided to close"}
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def statements(client: Client, address: str) -> int:
    """How many statements the page takes."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", ["tracker", "team_summary", "closed", "export", "as_it_stood"])
def test_a_page_takes_the_same_statements_for_ten_rows_and_two_hundred(
    world: World, sign_in: Callable[[User], Client], page: str
) -> None:
    client = sign_in(world.manager)
    address = reverse(page, args=[world.team.pk])
    make_rows(10, team=world.team, needed=a_need(), difficulty=a_difficulty(), stage=Stage.UNDERWAY)
    few = statements(client, address)
    make_rows(190, team=world.team, needed=a_need(1), stage=Stage.DECIDED)

    assert statements(client, address) == few


def test_a_filter_takes_the_same_statements_for_ten_rows_and_two_hundred(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, taken = sign_in(world.manager), []
    address = reverse("look", args=[world.team.pk])

    for more in (10, 190):
        make_rows(more, team=world.team, needed=a_need(), stage=Stage.UNDERWAY)
        with CaptureQueriesContext(connection) as asked:
            assert client.post(f"{address}?stage=underway", {"person": "a"}).status_code == 200
        taken.append(len(asked))

    assert taken[0] == taken[1]


@pytest.mark.parametrize("page", ["changes", "rows"])
def test_what_a_page_follows_takes_the_same_statements(
    world: World, sign_in: Callable[[User], Client], page: str
) -> None:
    client = sign_in(world.manager)
    ids = [row.pk for row in make_rows(10, team=world.team)]
    question = {"changes": "?after=0", "rows": "?ids=" + ",".join(map(str, ids))}
    address = reverse(page, args=[world.team.pk])
    few = statements(client, address + question[page])
    ids += [row.pk for row in make_rows(190, team=world.team)]
    question["rows"] = "?ids=" + ",".join(map(str, ids))

    assert statements(client, address + question[page]) == few


@pytest.mark.parametrize(
    ("field", "value"), [("action", "Ring school"), ("stage", "decided"), ("pin", "000777"), ("needed", "")]
)
def test_a_save_takes_few_statements(
    world: World, sign_in: Callable[[User], Client], field: str, value: str
) -> None:
    client = sign_in(world.manager)
    (row,) = make_rows(1, team=world.team)
    value = value or str(a_need().pk)

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(
            reverse("cell", args=[row.pk]), {"field": field, "value": value, "base": 0, "op": uuid4()}
        )

    assert answer.json()["outcome"] == "saved"
    said = [query["sql"] for query in asked.captured_queries]
    began = next(n for n, sql in enumerate(said) if "UPDATE tracker_teamlog" in sql)
    inside = [sql for sql in said[began:] if not sql.startswith(TRANSACTION)]
    outside = [sql for sql in said[:began] if not sql.startswith(TRANSACTION)]
    assert len(inside) <= MOST_IN_ITS_TRANSACTION
    assert len(inside) + len(outside) <= MOST_IN_A_SAVE, said
    assert TrackerRow.objects.select_related("case").get(pk=row.pk).raw(field) == value


def test_no_news_is_an_answer_of_few_statements_and_no_body(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(world.manager)
    make_rows(3, team=world.team)
    address = reverse("changes", args=[world.team.pk]) + "?after=3"
    client.get(address)  # the first one learns what the person may do

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)

    assert (answer.status_code, answer.content) == (204, b"")
    assert len(asked) <= 4


def test_many_cells_take_as_many_statements_as_their_number_takes_batches(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, rows = sign_in(world.manager), make_rows(40, team=world.team)
    address = reverse("cells", args=[world.team.pk])

    def taken(number: int, value: str) -> int:
        keys = ("action", "update", "owner", "by_when", "stage")
        cells = [
            {"row": row.pk, "field": key, "value": VALUES.get(key, value), "base": row.rev(key)}
            for row in rows[:number]
            for key in keys
        ]
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(address, {"op": uuid4(), "cells": json.dumps(cells)})
        assert answer.json()["counts"]["cells"] == len(cells)
        return len(asked)

    few = taken(2, "two")
    rows = rows[2:] + make_rows(2, team=world.team)

    # SQLite takes about a thousand values in one statement; what is more goes in a few of them.
    assert taken(40, "forty") <= few + 8


def test_a_preview_that_finds_every_cell_stale_takes_few_statements(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    client, rows = sign_in(world.manager), make_rows(40, team=world.team)
    cells = [{"row": row.pk, "field": "owner", "value": "AN", "base": 9} for row in rows]

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(
            reverse("cells", args=[world.team.pk]), {"op": uuid4(), "dry": 1, "cells": json.dumps(cells)}
        )

    assert answer.json()["problems"] == 40
    assert len(asked) <= MOST_IN_A_SAVE


@pytest.mark.parametrize("cells", [2, 40])
def test_an_undo_takes_as_many_statements_as_a_few_saves(
    world: World, sign_in: Callable[[User], Client], cells: int
) -> None:
    client, rows = sign_in(world.manager), make_rows(cells, team=world.team)
    sent = [{"row": row.pk, "field": "owner", "value": "AN", "base": 0} for row in rows]
    client.post(reverse("cells", args=[world.team.pk]), {"op": uuid4(), "cells": json.dumps(sent)})

    with CaptureQueriesContext(connection) as asked:
        answer = client.post(reverse("undo", args=[world.team.pk]), {"op": uuid4()})

    assert answer.json()["outcome"] == "saved"
    assert len(asked) <= 3 * MOST_IN_A_SAVE
