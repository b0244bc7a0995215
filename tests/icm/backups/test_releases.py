"""What each release left is brought back by this program, whole (F16 of the plan: golden dumps)."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from pytest_django import Settings

from scripts.releases import BACKUP_KEY, LOG_KEY, RELEASES, Held, held, version
from tests.commands import run

LEFT = sorted(RELEASES.iterdir())

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]


@pytest.mark.parametrize("release", LEFT, ids=lambda folder: folder.name)
def test_the_copy_that_a_release_left_comes_back_with_every_row_and_every_entry(
    release: Path, settings: Settings
) -> None:
    place = release / connection.vendor
    then = Held(**json.loads(place.with_suffix(".json").read_text()))
    settings.BACKUP_KEY, settings.LOG_KEY = BACKUP_KEY, LOG_KEY

    # Today what was closed then would be over, and erased as soon as it is back.
    with time_machine.travel(datetime.fromisoformat(then.at) + timedelta(minutes=1)):
        back = run("restore", str(place.with_suffix(".copy")), "--replace")
        checked = run("verify_log", "--heads", str(place.with_suffix(".heads")))
        now = held()

    assert (back[0], back[2]) == (0, "")
    assert checked[0] == 0
    assert replace(now, at=then.at) == then
    assert len(then.rows) > 40


def test_a_new_version_leaves_its_copies() -> None:
    assert version() in [release.name for release in LEFT], "make release"
