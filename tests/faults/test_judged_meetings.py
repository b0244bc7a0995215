"""Who judges a meeting finds what people would wait for or miss, and nothing where all is well."""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from scripts.faults import meeting
from scripts.faults.injected import poisoned_uploads
from scripts.faults.injected.poisoned_uploads import Upload
from scripts.faults.ledger import Ledger
from scripts.faults.load import Person
from scripts.faults.meeting import Guest, Held, Meeting, Pace
from scripts.faults.politeness import Heard
from scripts.faults.supervised import Supervised
from scripts.faults.views import Followed, View

SAVED, TOLD_LATER = Heard(1.0, 0.1, 200), Heard(2.0, 0.1, 503, "2")
QUIET = Held(
    saves=[20.0] * 20,
    told=[30.0] * 20,
    seen=[40.0] * 20,
    unseen=0,
    heard=[SAVED],
    locked=0,
    broken=0,
    memory=[100.0, 130.0],
)


def test_a_meeting_in_which_all_is_saved_and_seen_soon_is_well() -> None:
    assert meeting.wrong_of(QUIET, timed=True) == []


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (replace(QUIET, saves=[20.0] * 18 + [301.0] * 2), "Saves took at p95 301 ms, not 300"),
        (replace(QUIET, saves=[20.0] * 98 + [1100.0] * 2), "Saves took at p99 1100 ms, not 1000"),
        (replace(QUIET, seen=[40.0] * 18 + [501.0] * 2), "Others saw a change at p95 after 501 ms"),
        (replace(QUIET, memory=[100.0, 151.0]), "The memory grew by 51 MiB, not 50"),
        (replace(QUIET, locked=3), "The database was locked 3 times"),
        (replace(QUIET, broken=2), "2 streams ended"),
        (replace(QUIET, heard=[SAVED, TOLD_LATER]), "1 requests were answered 503"),
    ],
)
def test_a_meeting_that_people_wait_in_is_found(held: Held, sentence: str) -> None:
    assert any(sentence in said for said in meeting.wrong_of(held, timed=True)), sentence
    assert meeting.wrong_of(held, timed=False) == []


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (replace(QUIET, heard=[SAVED, replace(SAVED, status=500)]), "1 requests were answered 500"),
        (replace(QUIET, heard=[SAVED, Heard(2.0, 0.1, 0)]), "1 requests were not answered"),
        (replace(QUIET, unseen=4), "4 times somebody never saw"),
        (replace(QUIET, saves=[]), "Nothing was saved"),
        (replace(QUIET, seen=[]), "Nothing was saved, or seen"),
        (replace(QUIET, wrong=["An export was answered 500"]), "An export was answered 500"),
    ],
)
def test_what_no_meeting_may_have_is_found_on_a_busy_machine_too(held: Held, sentence: str) -> None:
    assert any(sentence in said for said in meeting.wrong_of(held, timed=False)), sentence


REFUSED_UPLOAD = Upload("a_bomb", 422, 3.0, in_words=True)


def test_uploads_that_are_refused_in_words_and_hold_up_nobody_are_well() -> None:
    beside = replace(QUIET, saves=[39.0] * 20, memory=[100.0, 290.0, 130.0])

    assert poisoned_uploads.wrong_of([REFUSED_UPLOAD], [QUIET, QUIET], beside, timed=True) == []


def test_saves_beside_uploads_are_held_against_the_meetings_before_and_after() -> None:
    cold, beside = replace(QUIET, saves=[40.0] * 20), replace(QUIET, saves=[84.0] * 20)

    def said(*quiet: Held) -> list[str]:
        return poisoned_uploads.wrong_of([REFUSED_UPLOAD], quiet, beside, timed=True)

    assert said(cold, replace(QUIET, saves=[45.0] * 20)) == []
    assert said(cold, QUIET) == ["Others' saves took 2.1 times as long at p95, not 2"]


@pytest.mark.parametrize(
    ("upload", "beside", "sentence"),
    [
        (replace(REFUSED_UPLOAD, status=302), QUIET, "a_bomb was answered 302"),
        (replace(REFUSED_UPLOAD, in_words=False), QUIET, "a_bomb was answered 422, not refused in its words"),
        (replace(REFUSED_UPLOAD, took=10.4), QUIET, "refused after 10.4 s, not 10"),
        (REFUSED_UPLOAD, replace(QUIET, saves=[42.0] * 20), "saves took 2.1 times as long"),
        (REFUSED_UPLOAD, replace(QUIET, memory=[100.0, 301.0, 110.0]), "grew by 201 MiB meanwhile"),
        (REFUSED_UPLOAD, replace(QUIET, memory=[100.0, 160.0, 151.0]), "51 MiB did not come back"),
        (REFUSED_UPLOAD, replace(QUIET, heard=[replace(SAVED, status=500)]), "answered 500"),
    ],
)
def test_an_upload_that_harms_others_is_found(upload: Upload, beside: Held, sentence: str) -> None:
    said = poisoned_uploads.wrong_of([upload], [QUIET, QUIET], beside, timed=True)

    assert any(sentence in one for one in said), said


class SlowView:
    """A page that has what was saved a moment after it was told."""

    team, broken = 1, 0

    def __init__(self) -> None:
        self.followed, self.asks = Followed(), Person(0, "")
        self.greeted, self.told = asyncio.Event(), asyncio.Event()

    async def draw(self) -> None:
        self.greeted.set()

    async def listen(self) -> None:
        await asyncio.Event().wait()

    async def follow(self) -> None:
        await self.told.wait()
        await asyncio.sleep(0.2)
        self.followed.seen[1] = time.monotonic()


class SavesOnce:
    """Somebody who has saved before the meeting and tells the others' page."""

    unheard = 0

    def __init__(self, view: SlowView, others: SlowView) -> None:
        self.view, self.others, self.saved = view, others, list[tuple[int, float]]()
        self.typist = SimpleNamespace(person=view.asks)

    async def save(self) -> None:
        self.saved.append((1, time.monotonic()))
        self.others.told.set()

    async def go_on(self, every: float, over: Callable[[], bool]) -> None:
        """Nothing more."""


def test_a_meeting_is_measured_from_when_all_have_what_was_saved_before_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    (log := tmp_path / "server.log").touch()
    server = cast("Supervised", SimpleNamespace(port=0, memory=1.0, log=log))
    held = Meeting(server, [], Pace(1, 1.0, 0.0), ledger)
    screen = SlowView()
    held.guests, held.screens = cast("list[Guest]", [SavesOnce(SlowView(), screen)]), [cast("View", screen)]

    # The browser's tests leave a loop running in this thread.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(held.held())).result()
    ledger.close()

    assert screen.followed.seen.get(1, math.inf) <= held.began
