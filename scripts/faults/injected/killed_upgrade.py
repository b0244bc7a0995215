"""A database that is a few migrations older is upgraded, and killed in the middle of one of them.

It came about by migrating back one that people had filled, which shows too that what the newest migrations
did is undone and done again without a loss. After each kill the upgrade is run again, or the copy that it
made before comes back by one command, in turns. Every record has to be as it was, and the log to verify.
"""

import os
import random
import signal

from django.db import connections

from icm.backups import key
from scripts.faults import contents
from scripts.faults.contents import Contents
from scripts.faults.operating import Done, Installation, ended, ended_badly, lose, machine
from scripts.faults.scene import Measured, Scene

# Kills.
AMOUNTS = {"whole": 5, "short": 2, "test": 1}
# So far back the database goes, without what is written here into a table that a later migration made: the
# counts of hitches, which other faults leave behind.
OLDER = (("tracker", "0012"), ("accounts", "0008"))
EMPTIED = "from tracker.models import Hitches; Hitches.objects.all().delete()"
# Of each it says when it was made.
MIGRATIONS = "django_migrations"
# More statements than any upgrade has.
NEVER = 1_000_000


def injected(scene: Scene) -> Measured:
    """An upgrade that nobody ends, then others that are killed."""
    connections.close_all()
    scene_key = scene.folder / f"{scene.name}.key"
    key.make(scene_key)
    older = machine(scene.folder / f"{scene.name}-older", scene_key, like=os.environ["DATABASE_URL"])
    older.must("manage.py", "shell", "-c", EMPTIED)
    counted = older.must("-m", "scripts.faults.contents")
    before = contents.parsed(counted)
    (older.folder / "contents").write_text(counted)
    for app, name in OLDER:
        older.must("manage.py", "migrate", app, name)

    def like_it(name: str) -> Installation:
        return machine(scene.folder / f"{scene.name}-{name}", scene_key, like=older.url)

    whole = like_it("whole")
    made = int(_upgrade(whole, NEVER).stdout.split()[-1])
    wrong = [
        *ended_badly(older.manage("makemigrations", "--check", "--dry-run")),
        *_lost(whole, older, before),
    ]
    lose(whole)
    kills = random.sample(range(made), AMOUNTS[scene.size])
    for number, after in enumerate(kills):
        one = like_it(str(number))
        killed = _upgrade(one, after)
        again = number % 2 == 0
        [copy] = one.copies.glob("*-before-upgrade.copy")
        command = ["upgrade"] if again else ["restore", str(copy), "--replace"]
        found = [
            *not_killed(killed),
            *ended_badly(one.manage(*command)),
            *_lost(one, older, before),
        ]
        wrong += [f"Killed before statement {after + 1}, then {command[0]}: {said}" for said in found]
        lose(one)
    lose(older)
    places = ", ".join(str(after + 1) for after in kills)
    return Measured(
        f"{len(kills)} kills in mid-migration",
        note=f"before statements {places} of {made}; in turns run again and brought back",
        wrong=wrong,
    )


def _upgrade(one: Installation, after: int) -> Done:
    """Killed after so many statements to the schema."""
    return one.python("-m", "scripts.faults.dying", str(after), "upgrade")


def not_killed(done: Done) -> list[str]:
    """What is wrong where an upgrade ended by itself: then nothing was tried."""
    return [] if done.returncode == -signal.SIGKILL else [f"Not killed: {ended(done)}"]


def _lost(one: Installation, older: Installation, before: Contents) -> list[str]:
    """What is not as it was before the database was made older, or of the log does not verify."""
    after = contents.parsed(one.must("-m", "scripts.faults.contents", str(older.folder / "contents")))
    return [*different(before, after), *ended_badly(one.manage("verify_log"))]


def different(before: Contents, after: Contents) -> list[str]:
    """The tables that are not as they were; an upgrade leaves sessions alone, a copy brings none back."""
    return contents.differences(before, after, but=[contents.SESSIONS, MIGRATIONS])
