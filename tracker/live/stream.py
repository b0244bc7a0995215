"""One browser's stream as server-sent events: what its messages look like, and their way to the browser.

Who may hear what is the reader's to say (reader.py), and with which changes a row goes (drawn.py).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any, Protocol

from icm.http import whole_number

# How long a browser that reconnects by itself waits, in milliseconds.
RETRY = "retry: 2000\n\n"
# A browser that takes nothing any more is let go; it comes back with its cursor. In messages, in letters.
MOST_WAITING = 1000
MOST_LETTERS = 500_000


def event(kind: str, told: dict[str, Any], cursor: str = "") -> str:
    """One message; the cursor comes back as Last-Event-ID when the browser reconnects."""
    return message(kind, as_json(told), cursor)


def message(kind: str, told: str, cursor: str = "") -> str:
    """The same of what `as_json` has written."""
    number = f"id: {cursor}\n" if cursor else ""
    return f"{number}event: {kind}\ndata: {told}\n\n"


def as_json(told: dict[str, Any]) -> str:
    """In one line, as a message wants it."""
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def bye(reason: str, teams: list[int]) -> str:
    """The last message: why it ends, and for which teams the right has ended."""
    return event("bye", {"reason": reason, "teams": teams})


def read_cursor(text: str) -> dict[int, int]:
    """Team → number out of "4:120,7:33"; what is not of that form is left out."""
    pairs = [part.partition(":") for part in text.split(",")]
    read = ((whole_number(team), whole_number(number)) for team, _, number in pairs)
    return {team: number for team, number in read if team is not None and number is not None}


class Stream:
    """One open stream. `seen` is the number up to which each of its teams has been told.

    `officer` is who sits there where an officer sees as the person; `passed` says whether they have given a
    second factor. `pages` are the numbers under which the log has the pages that hear this stream, `reached`
    the rows of each team that it says have reached them, None until it was asked. `writes` is what the person
    may write in rows of each team.
    """

    def __init__(
        self,
        *,
        person: int,
        session: str,
        teams: set[int],
        after: dict[int, int],
        pages: Iterable[int] = (),
        officer: int | None = None,
        passed: bool = False,
    ) -> None:
        self.person = person
        self.officer = officer
        self.passed = passed
        self.session = session
        self.teams = frozenset(teams)
        self.seen = {team: number for team, number in after.items() if team in teams}
        self.pages = frozenset(pages)
        self.reached: dict[int, set[int]] | None = None
        self.writes: dict[int, frozenset[str]] = {}
        self.welcomed = False
        self.loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._letters = 0
        self._behind = False

    @property
    def sits_there(self) -> int:
        """Who the log says has looked."""
        return self.officer or self.person

    def edits(self, team: int) -> bool:
        """Whether the person may edit rows of the team, and hears of others who do."""
        return "edit_row" in self.writes.get(team, ())

    @property
    def cursor(self) -> str:
        """What lets another stream go on where this one stands."""
        return ",".join(f"{team}:{number}" for team, number in sorted(self.seen.items()))

    def put(self, text: str) -> None:
        """Hands over a message, in the thread of the stream's loop; an empty one is the end."""
        if self._behind:
            return
        self._letters += len(text)
        self._behind = self._waiting.qsize() >= MOST_WAITING or self._letters > MOST_LETTERS
        if self._behind:
            self._waiting.put_nowait(bye("behind", []))
            text = ""
        self._waiting.put_nowait(text)

    async def next(self) -> str:
        """All that waits, as one text; empty at the end."""
        text = await self._waiting.get()
        while text and not self._waiting.empty():
            more = self._waiting.get_nowait()
            if not more:
                self._waiting.put_nowait("")
                break
            text += more
        self._letters -= len(text)
        return text


class Serves(Protocol):
    """What a stream asks of the reader."""

    def add(self, stream: Stream) -> None: ...

    def drop(self, stream: Stream) -> None: ...


async def events(stream: Stream, reader: Serves) -> AsyncIterator[str]:
    """The stream's messages until it ends or the browser leaves. No thread waits meanwhile."""
    stream.loop = asyncio.get_running_loop()
    reader.add(stream)
    try:
        yield RETRY
        while text := await stream.next():
            yield text
    finally:
        reader.drop(stream)
