"""A machine is lost with its database; what was kept elsewhere are a copy, its key and heads of the log.

On another machine, with an empty database, another key and a file that was cut are refused in words and leave
it empty; then one command brings everything back. What is there before and after is counted by a program of
its own, the chain is held against the heads, and somebody signs in and looks.
"""

import json
import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from django.db import connections

from icm.backups import key
from icm.backups.sealed import DAMAGED
from scripts.faults import contents
from scripts.faults.contents import Contents
from scripts.faults.living import HEADS
from scripts.faults.operating import Done, Installation, ended, ended_badly, is_empty, lose, machine
from scripts.faults.scene import Measured, Scene

# Open rows, about eleven entries of history each. The plan has 20,000 and 500,000: entries take more rows.
AMOUNTS = {"whole": 45_000, "short": 300, "test": 45}
LEAST = {"tracker_trackerrow": 20_000, "tracker_change": 500_000}
# The plan's: everything is back, and the log was looked through.
SERVES_AGAIN = 300.0
REFUSED = 2
OTHER_KEY = "made with another key"
SIGNED_IN = "200 "
# What is cut off at the end; the file is longer.
CUT = 1000


def injected(scene: Scene) -> Measured:
    """The life of one machine, its loss, and the beginning of the next."""
    connections.close_all()
    elsewhere = scene.folder / f"{scene.name}-elsewhere"
    elsewhere.mkdir()
    key.make(elsewhere / "key")
    old = machine(scene.folder / f"{scene.name}-old", elsewhere / "key", like=os.environ["DATABASE_URL"])
    began = time.monotonic()
    seen = _pages(old, elsewhere, str(AMOUNTS[scene.size]))
    filled = time.monotonic() - began
    before, copy = _copied(old, elsewhere)
    lose(old)

    new = machine(scene.folder / f"{scene.name}-new", elsewhere / "key")
    wrong = [*too_little(before, scene.size), *_refusals(new, copy)]
    began = time.monotonic()
    back = new.manage("restore", str(copy))
    took = time.monotonic() - began
    size = copy.stat().st_size / 1_000_000
    wrong += [ended(back)] if back.returncode else _differences(new, elsewhere, before, seen)
    lose(new)
    rows, history = (before[table].records for table in LEAST)
    return Measured(
        f"{rows:,} rows, {history:,} entries of history",
        [took],
        f"copy of {size:.1f} MB; filling took {filled:.0f} s, which is no part of it",
        wrong,
    )


def _copied(old: Installation, elsewhere: Path) -> tuple[Contents, Path]:
    """What the machine holds, counted before its copy is made; and the copy, taken elsewhere."""
    counted = old.must("-m", "scripts.faults.contents")
    (elsewhere / "contents").write_text(counted)
    old.must("manage.py", "backup")
    for file in old.copies.iterdir():
        shutil.copy(file, elsewhere / file.name)
    [copy] = elsewhere.glob("*.copy")
    return contents.parsed(counted), copy


def _refusals(new: Installation, copy: Path) -> list[str]:
    """What was not as it must be when a copy was to come back that cannot."""
    other = copy.with_name("other-key")
    key.make(other)
    stranger = Installation(new.folder, new.url, other)
    found = refusal_wrong(stranger.manage("restore", str(copy)), OTHER_KEY, empty=is_empty(new.url))
    cut = copy.with_name("cut.copy")
    cut.write_bytes(copy.read_bytes()[:-CUT])
    return found + refusal_wrong(new.manage("restore", str(cut)), DAMAGED, empty=is_empty(new.url))


def refusal_wrong(done: Done, sentence: str, *, empty: bool) -> list[str]:
    """What is not as it must be with a copy that cannot come back: one line says so, and nothing is done."""
    said = done.stdout.strip()
    found = []
    if done.returncode != REFUSED or sentence not in said or "\n" in said:
        found.append(f"Not refused with “{sentence}”: {ended(done)}")
    if not empty:
        found.append(f"The database is not empty after “{sentence}”")
    return found


def _differences(new: Installation, elsewhere: Path, before: Contents, seen: Sequence[str]) -> list[str]:
    """What is not as it was on the machine that was lost."""
    counted = new.must("-m", "scripts.faults.contents", str(elsewhere / "contents"))
    after = contents.parsed(counted)
    chain = new.manage("verify_log", "--heads", str(elsewhere / HEADS))
    return [
        *contents.differences(before, after, but=[contents.SESSIONS]),
        *contents.sessions(after),
        *ended_badly(chain),
        *looks_wrong(seen, _pages(new, elsewhere)),
    ]


def looks_wrong(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """What is not as it must be when somebody signs in and looks, before the loss and after."""
    if not before or not all(page.startswith(SIGNED_IN) for page in before):
        return ["Nobody saw a tracker before the loss"]
    different = sum(one != other for one, other in zip(before, after, strict=True))
    return [f"{different} of {len(before)} trackers are not what was seen before"] if different else []


def too_little(before: Contents, size: str) -> list[str]:
    """The tables of which the plan wants more."""
    return [
        f"{table} held {before[table].records:,} records, not {least:,}"
        for table, least in LEAST.items()
        if size == "whole" and before[table].records < least
    ]


def _pages(one: Installation, folder: Path, *rows: str) -> list[str]:
    """What somebody sees there; with a number of rows the machine's life begins."""
    pages: list[str] = json.loads(one.must("-m", "scripts.faults.living", str(folder), *rows))
    return pages
