"""The meeting: fifty people who save and follow each other for ten minutes, as F13 of docs/faults.md has it.

`BENCH_MEETING=short` takes a quarter of a minute instead.
"""

import os
import tempfile
from pathlib import Path

from django.db import connection

from scripts.bench.figures import Figure
from scripts.bench.places import Bench
from scripts.faults import scene
from scripts.faults.injected.the_meeting import meeting
from scripts.faults.meeting import PACES, figures

ON = ("sqlite", "postgresql")
SIZE = os.environ.get("BENCH_MEETING", "whole")


def measured(bench: Bench) -> list[Figure]:
    """On a team of its own: one with as many rows as a team has. PostgreSQL is served by two workers."""
    pace = PACES[SIZE]
    with tempfile.TemporaryDirectory() as folder:
        held = meeting(scene.made("Meeting", connection.vendor, SIZE, Path(folder)), pace)
    return figures(f"{pace.people} people, {pace.seconds:.0f} s", held)
