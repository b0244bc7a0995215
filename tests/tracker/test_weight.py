"""What a browser fetches that opens a tracker with 150 rows and has nothing of ICM yet."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import brotli
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tracker.choices import Stage

ROWS = 150
# Compressed, in bytes, of all together (ADR 0025).
MOST = 60_000


def make_different_rows(world: World) -> None:
    for number in range(ROWS):
        day = date(2026, 11, 2) + timedelta(days=number % 30)
        make_row(
            team=world.team,
            by=world.manager,
            stage=Stage.values[number % 4],
            needed=a_need(number % 4),
            action=f"Visit the family together and agree who does what before the next meeting {number}",
            owner=("AN", "BO", "JB")[number % 3],
            by_when=day,
            update="Last action completed",
            difficulty=a_difficulty(number % 3),
            next_meeting=day,
        )


def compressed(served: Iterable[str]) -> int:
    """Bytes of these files as a browser gets them: the smallest have no smaller copy."""
    files = [settings.STATIC_ROOT / name for name in served]
    copies = [file.with_name(f"{file.name}.br") for file in files]
    return sum(
        (copy if copy.exists() else file).stat().st_size for file, copy in zip(files, copies, strict=True)
    )


def test_the_trackers_page_weighs_at_most_60_kB_with_all_it_starts_with(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    make_different_rows(world)

    answer = sign_in(world.manager).get(
        reverse("tracker", args=[world.team.pk]), headers={"accept-encoding": "gzip, br"}
    )

    text = brotli.decompress(answer.content).decode()
    scripts = set(re.findall(r'(?:src|modulepreload" href)="/static/([^"]+\.js)"', text))
    weights = {
        "page": len(answer.content),
        "scripts": compressed(scripts),
        "styles": compressed(re.findall(r'stylesheet" href="/static/([^"]+)"', text)),
    }
    assert sum(weights.values()) <= MOST, weights
    assert len(scripts) >= 2
