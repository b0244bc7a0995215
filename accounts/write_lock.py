"""The queue for the database's write lock: at most half of the server's threads stand in it.

The other half goes on answering pages, however long somebody holds the lock (specs: stack, ADR 0036).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from django.conf import settings
from django.db import OperationalError, connection

# A queue in which nobody came or went for this many seconds stands: it turns the next one away at once.
MOVES_WITHIN = 0.5


class Busy(OperationalError):
    """The queue is full and does not move: answered with 503 and when to come again."""


class Queue:
    """So many places. Who finds none waits while the queue moves, and is turned away when it stands."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._moved = 0.0
        self._turn = Condition()

    def enter(self) -> bool:
        """Takes a place; False where there is none and nothing moves."""
        with self._turn:
            while not self._free:
                patience = self._moved + MOVES_WITHIN - time.monotonic()
                if patience <= 0:
                    return False
                self._turn.wait(patience)
            self._free -= 1
            self._moved = time.monotonic()
            return True

    def leave(self) -> None:
        """Gives the place to the next one."""
        with self._turn:
            self._free += 1
            self._moved = time.monotonic()
            self._turn.notify()


_queue = Queue(settings.PAGE_THREADS // 2)


@contextmanager
def at_once() -> Iterator[None]:
    """The lock now or not at all, for what may as well be written later. OperationalError where it is taken.

    On PostgreSQL nobody holds what is written so for longer than a statement.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    patience = connection.settings_dict["OPTIONS"]["timeout"] * 1000
    connection.connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {patience}")


@contextmanager
def waiting() -> Iterator[None]:
    """A place in the queue; to be left as soon as the lock is there. `Busy` where there is none.

    Inside a transaction the lock is there already.
    """
    if connection.in_atomic_block:
        yield
        return
    if not _queue.enter():
        raise Busy("Too many wait for the write lock.")
    try:
        yield
    finally:
        _queue.leave()
