"""The queue for the database's write lock: at most half of the server's threads stand in it.

The other half goes on answering pages, however long somebody holds the lock (specs: stack).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.db import OperationalError, connection

# A queue that moves lets the next one in within this many seconds; one that stands turns them away.
MOVES_WITHIN = 0.5

_places = BoundedSemaphore(settings.PAGE_THREADS // 2)


class Busy(OperationalError):
    """The queue is full and does not move: answered with 503 and when to come again."""


@contextmanager
def waiting() -> Iterator[None]:
    """A place in the queue; to be left as soon as the lock is there. `Busy` where there is none.

    Inside a transaction the lock is there already.
    """
    if connection.in_atomic_block:
        yield
        return
    if not _places.acquire(timeout=MOVES_WITHIN):
        raise Busy("Too many wait for the write lock.")
    try:
        yield
    finally:
        _places.release()
