"""The meeting of fifty: nothing is broken, and nothing may break, however many save and look at once."""

import asyncio
from functools import partial

from scripts import static_files
from scripts.bench.places import editor, session_of
from scripts.faults.meeting import PACES, Held, Meeting, Pace, Room, an_import, exports, told_of, wrong_of
from scripts.faults.scene import Measured, Scene
from scripts.faults.supervised import WORKERS


def injected(scene: Scene) -> Measured:
    """One meeting, judged by its figures here and by the checker afterwards."""
    pace = PACES[scene.size]
    held = meeting(scene, pace)
    return Measured(
        f"{pace.people} people, {pace.seconds:.0f} s, {len(held.saves):,} acknowledged",
        note=told_of(held),
        wrong=wrong_of(held, timed=scene.size != "test"),
    )


def meeting(scene: Scene, pace: Pace) -> Held:
    """All of them before one team's tracker, with the exports and the import."""
    room = a_room(scene, pace.people)
    clerks = [session_of(person) for person in scene.people[:2]]
    static_files.collect()  # they open pages
    with scene.server(workers=WORKERS[scene.database]) as server:
        ours = Meeting(server, [room], pace, scene.ledger)
        errands = [
            partial(errand, team=room.team, session=session)
            for errand, session in zip((exports, an_import), clerks, strict=True)
        ]
        return asyncio.run(ours.held(*errands))


def a_room(scene: Scene, people: int) -> Room:
    """The scene's team with so many people, and with rows enough that each has some of their own."""
    rows = (*scene.rows, *scene.more_rows(people))
    guests = [
        editor(f"{scene.name.lower()}-guest-{number}", scene.team.locality, [scene.team])
        for number in range(people)
    ]
    return Room(scene.team.pk, rows, [session_of(one) for one in guests])
