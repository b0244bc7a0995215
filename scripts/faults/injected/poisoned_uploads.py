"""Workbooks that mean harm are uploaded during a meeting; it is held without them before and after.

Both are the yardstick: a minute just after the start is slower than those that follow.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from scripts import static_files
from scripts.bench.figures import percentile
from scripts.bench.places import session_of
from scripts.faults import meeting
from scripts.faults.injected.the_meeting import a_room
from scripts.faults.meeting import GROWS, PACES, Held, Meeting, Pace
from scripts.faults.scene import Measured, Scene
from scripts.faults.supervised import WORKERS
from tests.tracker.workbook import hostile
from tests.tracker.workbook.made import DISHONEST

# Kinds and how often each; the first ones cost the least.
KINDS = (
    hostile.a_letter_renamed,
    hostile.a_sheet_outside_of_the_file,
    hostile.an_entity_from_outside,
    hostile.a_bomb_of_entities,
    hostile.an_entity_of_one_long_text_many_times,
    hostile.an_opendocument_with_a_million_rows_in_one,
    hostile.a_bomb_with_false_sizes,
    hostile.a_bomb_of_elements,
)
AMOUNTS = {"whole": (8, 3), "short": (8, 1), "test": (4, 1)}
PACE = {"whole": replace(PACES["whole"], seconds=60.0), "short": PACES["short"], "test": PACES["test"]}
# Seconds, times, MiB (trust.md, F17).
REFUSED_WITHIN, SLOWER, GROWS_MEANWHILE = 10.0, 2.0, 200.0
REFUSED = 422


@dataclass(frozen=True)
class Upload:
    """One file: how it was answered and after how many seconds, and whether in the words that it deserves."""

    name: str
    status: int
    took: float
    in_words: bool


def injected(scene: Scene) -> Measured:
    """The three meetings on one server, one after the other."""
    kinds, times = AMOUNTS[scene.size]
    pace = PACE[scene.size]
    files = [(build.__name__, build(), words_of(build.__name__)) for build in KINDS[:kinds]] * times
    room = a_room(scene, pace.people)
    session = session_of(scene.people[0])
    static_files.collect()  # they open pages
    uploads: list[Upload] = []
    with scene.server(workers=WORKERS[scene.database]) as server:
        quiet = [asyncio.run(Meeting(server, [room], pace, scene.ledger).held())]
        poison = partial(upload_all, team=room.team, session=session, files=files, uploads=uploads)
        # As long as the uploads take, so that others are measured beside them alone.
        beside = asyncio.run(Meeting(server, [room], briefly(pace), scene.ledger).held(poison))
        quiet.append(asyncio.run(Meeting(server, [room], pace, scene.ledger).held()))
    return Measured(
        f"{len(uploads)} uploads of {kinds} kinds, {len(beside.saves):,} saves beside them",
        note=f"refused within {max(one.took for one in uploads):.1f} s; saves p95 "
        f"{told_of(quiet)} ms before and after, {_slower(quiet, beside):.1f} × beside; "
        f"memory up to {_grown(beside):.0f} MiB more, then {beside.grown:.0f}",
        wrong=wrong_of(uploads, quiet, beside, timed=scene.size != "test"),
    )


def briefly(pace: Pace) -> Pace:
    """The same pace without a length of its own; everybody saves at least once."""
    return replace(pace, seconds=pace.every)


def words_of(name: str) -> str:
    """Words in which the tests have this file refused."""
    return next(one.refused for one in DISHONEST if one.build.__name__ == name)


async def upload_all(
    ours: Meeting,
    *,
    team: int,
    session: str,
    files: Sequence[tuple[str, bytes, str]],
    uploads: list[Upload],
) -> None:
    """One file after the other, as soon as the last was refused."""
    person = ours.somebody(session)
    for name, file, words in files:
        began = time.monotonic()
        reply = await person.upload(f"/teams/{team}/import/", file)
        said = reply.body.decode() if reply else ""
        uploads.append(Upload(name, reply.status if reply else 0, time.monotonic() - began, words in said))
    person.hang_up()


def wrong_of(uploads: Sequence[Upload], quiet: Sequence[Held], beside: Held, *, timed: bool) -> list[str]:
    """What did not hold; without limits in seconds or size where it is not `timed`."""
    wrong = [sentence for held in (*quiet, beside) for sentence in meeting.wrong_of(held, timed=False)]
    for one in uploads:
        if one.status != REFUSED or not one.in_words:
            wrong.append(f"{one.name} was answered {one.status}, not refused in its words")
        elif timed and one.took > REFUSED_WITHIN:
            wrong.append(f"{one.name} was refused after {one.took:.1f} s, not {REFUSED_WITHIN:.0f}")
    if not timed or not all(held.saves for held in (*quiet, beside)):
        return wrong
    if (slower := _slower(quiet, beside)) > SLOWER:
        wrong.append(f"Others' saves took {slower:.1f} times as long at p95, not {SLOWER:.0f}")
    if (grown := _grown(beside)) > GROWS_MEANWHILE:
        wrong.append(f"The memory grew by {grown:.0f} MiB meanwhile, not {GROWS_MEANWHILE:.0f}")
    if beside.grown > GROWS:
        wrong.append(f"Of the memory {beside.grown:.0f} MiB did not come back")
    return wrong


def told_of(quiet: Sequence[Held]) -> str:
    """What nineteen of twenty saves took at most in each, in milliseconds."""
    return " and ".join(f"{percentile(held.saves, 95):.0f}" for held in quiet)


def _slower(quiet: Sequence[Held], beside: Held) -> float:
    return percentile(beside.saves, 95) / percentile([save for held in quiet for save in held.saves], 95)


def _grown(beside: Held) -> float:
    return max(beside.memory) - beside.memory[0]
