"""Rows that go with a change to pages that show them: drawn once, not asked for by each page (ADR 0053)."""

import logging
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import Error
from django.utils import timezone

from accounts import audit
from accounts.models import Team
from accounts.permissions import Rights
from tracker.fields import columns_with
from tracker.fragments import rendered_rows
from tracker.grid import Grid, columns_at
from tracker.live.stream import Stream, as_json

# Of more at once, rows or letters, pages ask for what they show: a stream takes some of these (stream.py).
MOST_DRAWN = 50
MOST_LETTERS = 200_000
# The pages that follow a tracker, as the log names them.
TRACKERS = ("tracker", "meeting")

logger = logging.getLogger(__name__)


class Drawn:
    """What is said of a team's changes, oldest first; false where no row goes with any of them.

    A row goes with the last change of it, to those streams whose page has it in the log: that somebody saw
    a row is written before it is sent. It looks as their rights have it (`views/grid.rows` draws it so too).
    """

    def __init__(self, team: int, changes: Sequence[dict[str, Any]], streams: Iterable[Stream]) -> None:
        self.team = team
        self._last = {change["row"]: change["seq"] for change in changes if change["row"]}
        self._html: dict[frozenset[str], dict[int, str]] = {}
        self._said: dict[tuple[int, frozenset[str] | None], str] = {}
        asking = [stream for stream in streams if stream.pages]
        if asking and 0 < len(self._last) <= MOST_DRAWN:
            try:
                _look_at_pages(asking, team, self._last)
                self._draw(asking, changes[-1]["seq"])
            except Error:
                # Its words may hold values of rows. The numbers are told all the same.
                logger.warning("Rows for open pages could not be read")
                self._html = {}

    def __bool__(self) -> bool:
        return any(self._html.values())

    def told(self, change: dict[str, Any], stream: Stream) -> str:
        """The change as this stream is told of it, with its row or without."""
        row, writes = change["row"], stream.writes[self.team]
        goes = self._last.get(row) == change["seq"] and row in _reached(stream, self.team)
        html = self._html.get(writes, {}).get(row) if goes else None
        key = (change["seq"], writes if html else None)
        if key not in self._said:
            self._said[key] = as_json({**change, "html": html} if html else change)
        return self._said[key]

    def _draw(self, streams: Iterable[Stream], head: int) -> None:
        wanted = {
            stream.writes[self.team]
            for stream in streams
            if not _reached(stream, self.team).isdisjoint(self._last)
        }
        if not wanted:
            return
        team = Team.objects.get(pk=self.team)
        columns, today = columns_with(columns_at(team, head)), timezone.localdate()
        for writes in wanted:
            grid = Grid(team, columns, Rights(dict.fromkeys(writes, False)), today)
            rows = rendered_rows(grid, self._last, head)
            if sum(map(len, rows.values())) <= MOST_LETTERS:
                self._html[writes] = rows


def _reached(stream: Stream, team: int) -> set[int]:
    return (stream.reached or {}).get(team, set())


def _look_at_pages(streams: Iterable[Stream], team: int, rows: Collection[int]) -> None:
    """Has the log say anew what reached pages of this team that had not one of these rows when last asked."""
    missing = [
        stream
        for stream in streams
        if stream.reached is None or (team in stream.reached and not stream.reached[team].issuperset(rows))
    ]
    if not missing:
        return
    found = audit.reached(set().union(*(stream.pages for stream in missing)), TRACKERS)
    for stream in missing:
        stream.reached = {}
        for page in stream.pages:
            of_team, there = found.get((stream.sits_there, page), (None, set()))
            if of_team is not None:
                stream.reached.setdefault(of_team, set()).update(there)
