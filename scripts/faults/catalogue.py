"""Every fault of the plan, built or not: one that nobody has built is printed as not tested."""

from collections.abc import Sequence
from dataclasses import dataclass

SQLITE, POSTGRESQL = DATABASES = ("sqlite", "postgresql")


# In the folder of a database, a line for each fault as soon as it was judged.
RESULTS = "results.jsonl"


@dataclass(frozen=True)
class Fault:
    """One fault: its number in the plan, and the module of injected/ with the databases where it is built."""

    number: str
    what: str
    module: str = ""
    on: tuple[str, ...] = ()


FAULTS = (
    Fault("F1", "kill -9 of the web worker in a burst", "killed_workers", (SQLITE,)),
    Fault("F2", "kill -9 of one of two workers, then of the parent", "killed_workers", (POSTGRESQL,)),
    Fault("F3", "flushes to the disk for each acknowledged commit", "flushes", DATABASES),
    Fault("F4", "database server killed and started again", "killed_database", (POSTGRESQL,)),
    Fault("F5", "the listening connection ended, the bell thread frozen", "deaf_reader", (POSTGRESQL,)),
    Fault("F6", "disk full"),
    Fault("F7", "file system read-only, log directory full"),
    Fault("F8", "clocks that jump"),
    Fault("F9", "slow or locked database", "held_lock", DATABASES),
    Fault("F10", "live connections cut", "cut_streams", DATABASES),
    Fault("F11", "answer lost after the commit, sent again", "lost_answers", DATABASES),
    Fault("F12", "two writers at once", "two_writers", DATABASES),
    Fault("F13", "the meeting of fifty", "the_meeting", DATABASES),
    Fault("F14", "backups while people type", "copies_meanwhile", DATABASES),
    Fault("F15", "total loss", "total_loss", DATABASES),
    Fault("F16", "upgrade killed half-way", "killed_upgrade", DATABASES),
    Fault("F17", "poisoned uploads in a meeting", "poisoned_uploads", DATABASES),
    Fault("F18", "frozen worker, worker out of memory"),
    Fault("F19", "damaged file"),
    Fault("F20", "polite restart under load"),
    Fault("F21", "background jobs killed"),
    Fault("F22", "right taken away in a burst", "ended_access", DATABASES),
    Fault("F23", "history tampered with in the database", "tampered_log", DATABASES),
)


def chosen(numbers: Sequence[str], database: str) -> list[Fault]:
    """The faults built for this database: all, or those of these numbers."""
    return [one for one in FAULTS if database in one.on and (not numbers or one.number in numbers)]


def in_turn(numbers: Sequence[str], database: str) -> list[Fault]:
    """The same as they are put in.

    The last ones first: the whole log is looked through again and again while it is short.
    """
    return chosen(numbers, database)[::-1]
