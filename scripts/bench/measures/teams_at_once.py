"""Twenty-four teams that meet in the same half hour: in each a screen that all look at, and people who save.

`BENCH_MEETING=short` takes a quarter of a minute instead of three.
"""

import asyncio
import os
import tempfile
from pathlib import Path

from django.db import connections

from accounts.changes.places import add_locality, add_team
from accounts.models import Locality
from scripts.bench.figures import Figure
from scripts.bench.places import Bench, editor, session_of
from scripts.faults.ledger import Ledger
from scripts.faults.meeting import Held, Meeting, Pace, Room, figures
from scripts.faults.scene import cases
from scripts.faults.supervised import WORKERS, supervised

ON = ("postgresql",)
TEAMS, LOCALITIES, ROWS = 24, 3, 44
# In each team somebody saves every two and a half seconds: as much in all as in the meeting of fifty.
PEOPLE, EVERY = 6, 15.0
SECONDS = {"whole": 180.0, "short": 15.0}[os.environ.get("BENCH_MEETING", "whole")]


def measured(bench: Bench) -> list[Figure]:
    """Teams, people and rows of its own, on two workers."""
    localities = [add_locality(name=f"At once {number}", by=None) for number in range(LOCALITIES)]
    rooms = [a_room(number, localities[number % LOCALITIES]) for number in range(TEAMS)]
    held = meet(rooms, Pace(PEOPLE, EVERY, SECONDS))
    return figures(f"{TEAMS} teams of {PEOPLE} and a screen, {SECONDS:.0f} s", held)


def a_room(number: int, locality: Locality) -> Room:
    """One team with the people who come to its meeting."""
    team = add_team(name=f"At once {number}", locality=locality, by=None)
    people = [editor(f"at-once-{number}-{one}", locality, [team]) for one in range(PEOPLE + 1)]
    screen, *guests = map(session_of, people)
    return Room(team.pk, cases(team, people[0], ROWS), guests, [screen])


def meet(rooms: list[Room], pace: Pace) -> Held:
    """All of them at the same time."""
    connections.close_all()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = Ledger(folder / "ledger.jsonl")
        with supervised(folder / "server.log", workers=WORKERS["postgresql"]) as server:
            held = asyncio.run(Meeting(server, rooms, pace, ledger).held())
        ledger.close()
    return held
