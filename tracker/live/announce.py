"""The doorbell: rings after a commit, in this process at once and in the others by PostgreSQL's NOTIFY.

A ring says a team and a number, never what happened: whoever hears it reads the log (ADR 0015).
"""

import selectors
import socket
from collections import deque
from typing import Any

from django.db import connection, transaction

CHANNEL = "icm_live"
_ears: "set[Ear]" = set()


def announce(team_id: int, number: int) -> None:
    """Rings when the running transaction has been committed; called by `acting()` alone.

    A bell that fails takes nothing back: the save stands, and every reader looks at the log by itself.
    """
    words = f"change {team_id} {number}"
    if connection.vendor == "postgresql":
        # This process hears it twice, once without the way through the database.
        transaction.on_commit(lambda: _ring_here(words))
    transaction.on_commit(lambda: ring(words), robust=True)


def announce_meeting(team_id: int) -> None:
    """Rings when a meeting's list has changed, which is no change of a row and has no number of the log."""
    transaction.on_commit(lambda: ring(f"meeting {team_id}"), robust=True)


def ring(words: str) -> None:
    """Rings once in every process, now. `words` are a kind, numbers and keys, parted by blanks."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])
    else:
        _ring_here(words)


def _ring_here(words: str) -> None:
    for ear in tuple(_ears):
        ear.ring(words)


class Ear:
    """What one thread listens with: rings of this process, and on PostgreSQL those of all."""

    def __init__(self) -> None:
        self._heard: deque[str] = deque()
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._selector: selectors.BaseSelector = selectors.DefaultSelector()
        self._raw: Any = None  # psycopg2's connection, which ships no types
        _ears.add(self)

    def ring(self, words: str = "") -> None:
        """Wakes the listener, from any thread; without words for something else than a ring."""
        if words:
            self._heard.append(words)
        try:
            self._far.send(b"!")
        except BlockingIOError:
            return  # so many rings wait that it wakes anyway

    def open(self) -> None:
        """Begins to listen, in the thread that will wait. Raises django.db.Error, as `wait` does."""
        self._selector.close()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._near, selectors.EVENT_READ)
        self._raw = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self._raw = connection.connection
            self._selector.register(self._raw.fileno(), selectors.EVENT_READ)

    def wait(self, seconds: float) -> list[str]:
        """What was heard; at once where something waits, after so many seconds where nothing comes."""
        with connection.wrap_database_errors:
            waits = bool(self._heard or (self._raw and self._raw.notifies))
            self._selector.select(0 if waits else max(seconds, 0))
            # Emptied before the database is read, so that a ring in between is not lost.
            self._empty()
            self._take_notifications()
        return [self._heard.popleft() for _ in range(len(self._heard))]

    def shut(self) -> None:
        """Lets go of the database; rings are still kept, for the next `open`."""
        self._raw = None
        self._selector.close()
        connection.close()

    def close(self) -> None:
        """The end: this ear hears nothing any more."""
        _ears.discard(self)
        self.shut()
        self._near.close()
        self._far.close()

    def _empty(self) -> None:
        try:
            while self._near.recv(4096):
                pass
        except BlockingIOError:
            return

    def _take_notifications(self) -> None:
        if self._raw is not None:
            self._raw.poll()
            self._heard.extend(one.payload for one in self._raw.notifies)
            self._raw.notifies.clear()
