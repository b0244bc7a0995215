"""Which of the server's sides takes a request: the stream, files, or every other page (ADR 0055)."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

STREAMS = "/live/"
# What reads or writes a whole file, and so computes for seconds.
FILES = re.compile(
    r"/teams/\d+/(import|export)/|/imports/|/subject-access/\d+/file/|/log/(pin|access-review)/"
)

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Lanes:
    """The stream goes one way, files another, all else a third; the server's own time goes none."""

    def __init__(self, *, streams: Any, files: Any, pages: Any) -> None:
        self.streams, self.files, self.pages = streams, files, pages

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request, or the server's whole time."""
        if scope["type"] == "lifespan":
            # Only now: models can be imported only when Django has been set up.
            from icm.deployment.start import lifespan

            await lifespan(receive, send)
            return
        await self.lane_of(scope)(scope, receive, send)

    def lane_of(self, scope: Any) -> Any:
        """Forms around files are pages: only what is sent brings a file or has one made."""
        if scope["type"] != "http":
            return self.pages
        if scope["path"] == STREAMS:
            return self.streams
        return self.files if scope["method"] == "POST" and FILES.match(scope["path"]) else self.pages
