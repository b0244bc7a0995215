"""Other people's pages while a file that means harm is being refused."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import World
from tests.factories import make_rows
from tests.tracker.transfer.test_import_page import SignIn
from tests.tracker.workbook.files import TODAY
from tests.tracker.workbook.hostile import a_bomb_of_elements
from tracker.workbook.guard import Refused
from tracker.workbook.read import read_in_child

TIMES, ROUNDS = 2, 2
PAGES = 8


def seconds(page: Callable[[], object]) -> list[float]:
    taken = []
    for _ in range(PAGES):
        began = time.perf_counter()
        page()
        taken.append(time.perf_counter() - began)
    return taken


def refuse(data: bytes) -> None:
    with pytest.raises(Refused):
        read_in_child(data, today=TODAY)


@pytest.mark.slow
def test_pages_are_not_slower_than_twice_while_bombs_are_refused(world: World, sign_in: SignIn) -> None:
    make_rows(40, team=world.team)
    client: Client = sign_in(world.manager)
    bomb, address = a_bomb_of_elements(), reverse("tracker", args=[world.team.pk])
    quiet: list[float] = []
    beside: list[float] = []

    def page() -> None:
        assert client.get(address).status_code == 200

    with ThreadPoolExecutor() as others:
        for _ in range(ROUNDS):
            quiet += seconds(page)
            # More bombs than processors: without going behind others they would take all of them.
            refused = [others.submit(refuse, bomb) for _ in range(2 * (os.cpu_count() or 1))]
            beside += seconds(page)
            for one in refused:
                one.result()

    ratio = statistics.median(beside) / statistics.median(quiet)
    sys.stdout.write(f"pages beside bombs take {ratio:.2f} times as long\n")
    assert ratio < TIMES
