"""The worker's one reader: a thread with a database connection of its own that serves every stream.

It asks once per team what happened and who may still hear it, and hands out numbers (ADR 0015), with the rows
for those whose page shows them (ADR 0053). It runs while there are streams.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from threading import Lock, Thread
from typing import Any

from django.db import Error
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from accounts import seeing_as
from accounts.models import Session, Team
from accounts.models.sessions import going
from accounts.permissions import OF_FIELDS, access_version, holders, officers
from accounts.second_factor import required_among
from tracker.live.announce import Ear
from tracker.live.drawn import Drawn
from tracker.live.presence import Present, heard_report
from tracker.live.stream import Stream, bye, event, message
from tracker.models import Change, TeamLog

logger = logging.getLogger(__name__)

# How often it looks at heads, rights and sessions, whatever rings: a lost ring costs this long at most.
TICK = 1.0
# The page takes silence for a lost line, and is to say so within ten seconds (specs: concurrency 4.8).
HEARTBEAT = 4.0
# How long it waits after the database was lost.
PAUSE = 1.0
# Of more changes at once only the number is told: pages then ask for them in one request.
MOST_AT_ONCE = 200


class Reader:
    """Every stream of this process.

    `add`, `drop`, `of` and `leave` are for callers; all else belongs to its thread.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._streams: set[Stream] = set()
        self._ear: Ear | None = None
        self._leaving = False
        self._heads: dict[int, int] = {}
        self._access: object = None
        self._present = Present()
        self._out: list[tuple[Stream, str]] = []
        self._next_tick = 0.0
        self._next_heartbeat = 0.0

    def add(self, stream: Stream) -> None:
        """Takes the stream on; the first one starts the thread."""
        with self._lock:
            if self._leaving:
                stream.put(bye("restarting", []))
                stream.put("")
                return
            self._streams.add(stream)
            if self._ear is None:
                self._ear = Ear()
                Thread(target=self._run, args=[self._ear], name="live-reader", daemon=True).start()
            self._ear.ring()

    def drop(self, stream: Stream) -> None:
        """Forgets the stream; after the last one the thread ends and gives its connection back."""
        with self._lock:
            self._streams.discard(stream)
            if self._ear is not None:
                self._ear.ring()

    def of(self, person: int) -> int:
        """How many streams the person has open here."""
        return sum((stream.officer or stream.person) == person for stream in self._all())

    def leave(self) -> None:
        """The server stops: says so to everybody. In the thread of the streams' loop."""
        self._leaving = True
        for stream in self._all():
            stream.put(bye("restarting", []))
            stream.put("")

    def _all(self) -> list[Stream]:
        with self._lock:
            return list(self._streams)

    def _run(self, ear: Ear) -> None:
        try:
            while not self._finished(ear):
                try:
                    self._follow(ear)
                except Error:
                    # Its words may hold values out of the log, so they are not logged.
                    logger.warning("The live reader lost its database and tries again")
                    ear.shut()
                    time.sleep(PAUSE)
        finally:
            self._end_if_broken(ear)
            ear.close()

    def _end_if_broken(self, ear: Ear) -> None:
        """Ends every stream where a fault of ours ended this thread: their pages come back to a new one."""
        with self._lock:
            if self._ear is not ear:
                return
            self._ear = None
            self._heads = {}
            left, self._streams = self._streams, set()
        for stream in left:
            self._say(stream, "")
        self._hand_out()

    def _finished(self, ear: Ear) -> bool:
        with self._lock:
            if self._streams:
                return False
            self._ear = None
            self._heads = {}
            return True

    def _follow(self, ear: Ear) -> None:
        ear.open()
        # What happened while nobody listened is found at once.
        self._next_tick = 0.0
        while not self._finished(ear):
            heard = ear.wait(self._next_tick - time.monotonic())
            try:
                self._round(heard)
            finally:
                self._hand_out()

    def _round(self, heard: list[str]) -> None:
        now = time.monotonic()
        self._welcome(now)
        rung = {team for words in heard if (team := self._heard(words.split(), now)) is not None}
        if now >= self._next_tick:
            self._next_tick = now + TICK
            self._look_at_access()
            rung |= self._behind()
        for team in rung:
            self._tell_changes(team)
        if now >= self._next_heartbeat:
            self._next_heartbeat = now + HEARTBEAT
            for stream in self._welcomed():
                self._say(stream, event("heartbeat", self._heads_of(stream)))

    def _heard(self, words: list[str], now: float) -> int | None:
        """A team in which something happened that was not told yet; presence and meetings are passed on."""
        if words[0] == "presence":
            report = heard_report(words[1:])
            self._present.note(report, now)
            text = event("presence", report.told)
            for stream in self._welcomed():
                if stream.edits(report.team):
                    self._say(stream, text)
            return None
        if words[0] == "meeting":
            self._tell_meeting(int(words[1]))
            return None
        team, number = int(words[1]), int(words[2])
        return team if number > self._heads.get(team, number) else None

    def _tell_meeting(self, team: int) -> None:
        """Says that the list of the team's meeting is another one; who shows it asks for it."""
        text = event("meeting", {"team": team})
        for stream in self._welcomed():
            if stream.edits(team):
                self._say(stream, text)

    def _welcome(self, now: float) -> None:
        """Says hello to new streams with the heads, then what they missed and who is there."""
        fresh = [stream for stream in self._all() if not stream.welcomed]
        if not fresh:
            return
        new_teams = set().union(*(stream.teams for stream in fresh)) - self._heads.keys()
        self._heads |= TeamLog.heads_of(new_teams)
        self._check_sessions(fresh)
        missed: dict[tuple[int, int], list[dict[str, Any]]] = {}
        for stream in self._check_rights(fresh):
            stream.welcomed = True
            self._say(stream, event("hello", self._heads_of(stream)))
            for team in stream.teams:
                self._catch_up(stream, team, missed)
            for report in self._present.on(set(filter(stream.edits, stream.teams)), now):
                self._say(stream, event("presence", report.told))

    def _catch_up(
        self, stream: Stream, team: int, missed: dict[tuple[int, int], list[dict[str, Any]]]
    ) -> None:
        """Streams that come back together, as after a restart, share one question."""
        after, head = stream.seen.get(team), self._heads[team]
        stream.seen[team] = head
        if after is None or not 0 < head - after <= MOST_AT_ONCE:
            # Too far behind, or ahead of a database that was put back: the page asks, and draws anew.
            return
        if (team, after) not in missed:
            missed[team, after] = [one for one in changes_after(team, after) if one["seq"] <= head]
        for change in missed[team, after]:
            stream.seen[team] = change["seq"]
            self._say(stream, event("change", change, stream.cursor))

    def _tell_changes(self, team: int) -> None:
        news = changes_after(team, self._heads[team])
        if not news:
            return
        told = news if len(news) <= MOST_AT_ONCE else []
        drawn = Drawn(team, told, self._hearing(team))
        if drawn:
            # Asked after the rows were read: nobody is sent what they may see no more.
            self._look_at_access()
        self._heads[team] = told[-1]["seq"] if told else TeamLog.head_of(team)
        for stream in self._hearing(team):
            for change in told:
                stream.seen[team] = change["seq"]
                self._say(stream, message("change", drawn.told(change, stream), stream.cursor))
            if not told:
                stream.seen[team] = self._heads[team]
                self._say(stream, event("heartbeat", self._heads_of(stream)))

    def _behind(self) -> set[int]:
        """The teams with changes that nobody rang for."""
        now = TeamLog.heads_of(self._heads)
        rung = {team for team, head in now.items() if head > self._heads[team]}
        # A database that was put back has lower numbers: pages learn it from the next heartbeat.
        self._heads |= {team: head for team, head in now.items() if head < self._heads[team]}
        return rung

    def _look_at_access(self) -> None:
        """Ends streams of people who signed out; asks for rights again when any changed, or the day."""
        streams = self._welcomed()
        self._check_sessions(streams)
        state = (access_version(), timezone.localdate())
        if state != self._access:
            self._check_second_factors(streams)
            self._check_rights(streams)
            # Not before: where the database was lost in between, they are asked again.
            self._access = state

    def _check_sessions(self, streams: Iterable[Stream]) -> None:
        keys = {stream.session for stream in streams}
        alive = set(
            Session.objects.filter(going(timezone.now()), session_key__in=keys).values_list(
                "session_key", flat=True
            )
        )
        for stream in streams:
            if stream.session not in alive:
                self._end(stream, bye("signed-out", []))
        self._check_officers([stream for stream in streams if stream.officer and stream.session in alive])

    def _check_officers(self, streams: list[Stream]) -> None:
        """Ends what an officer hears as somebody else once they see as them, or are an officer, no more."""
        if not streams:
            return
        sessions = Session.objects.filter(session_key__in={stream.session for stream in streams})
        seen = {one.session_key: one.get_decoded().get(seeing_as.KEY) for one in sessions}
        still = set(officers().values_list("pk", flat=True))
        for stream in streams:
            if seen.get(stream.session) != stream.person or stream.officer not in still:
                self._end(stream, bye("access", sorted(stream.teams)))

    def _check_second_factors(self, streams: Iterable[Stream]) -> None:
        """Ends streams of those who have come to need one since; their pages are closed too until then."""
        without = [stream for stream in streams if not stream.passed]
        needed = required_among({stream.sits_there for stream in without})
        for stream in without:
            if stream.sits_there in needed:
                self._end(stream, bye("access", sorted(stream.teams)))

    def _check_rights(self, streams: Iterable[Stream]) -> list[Stream]:
        """Those that may still hear of all their teams; the others are told so and end."""
        kept = [stream for stream in streams if stream in self._streams]
        people = {stream.person for stream in kept}
        teams = Team.objects.filter(pk__in=set().union(*(stream.teams for stream in kept)))
        held = {
            (permission, team.pk): holders(permission, team, people)
            for team in teams
            for permission in ("view_tracker", *OF_FIELDS)
        }
        for stream in kept:
            lost = [
                team for team in stream.teams if stream.person not in held.get(("view_tracker", team), ())
            ]
            stream.writes = {
                team: frozenset(one for one in OF_FIELDS if stream.person in held.get((one, team), ()))
                for team in stream.teams
            }
            if lost:
                self._end(stream, bye("access", sorted(lost)))
        return [stream for stream in kept if stream in self._streams]

    def _end(self, stream: Stream, words: str) -> None:
        self._say(stream, words)
        self._say(stream, "")
        with self._lock:
            self._streams.discard(stream)

    def _welcomed(self) -> list[Stream]:
        return [stream for stream in self._all() if stream.welcomed]

    def _hearing(self, team: int) -> list[Stream]:
        return [stream for stream in self._welcomed() if team in stream.teams]

    def _heads_of(self, stream: Stream) -> dict[str, dict[str, int]]:
        return {"heads": {str(team): self._heads[team] for team in sorted(stream.teams)}}

    def _say(self, stream: Stream, text: str) -> None:
        self._out.append((stream, text))

    def _hand_out(self) -> None:
        """Gives each loop all its messages at once."""
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Stream, str]]] = {}
        for stream, text in self._out:
            if stream.loop is not None:
                by_loop.setdefault(stream.loop, []).append((stream, text))
        self._out = []
        for loop, messages in by_loop.items():
            try:
                loop.call_soon_threadsafe(put_all, messages)
            except RuntimeError:  # the loop has ended, and the streams with it
                for stream, _ in messages:
                    self.drop(stream)


def put_all(messages: list[tuple[Stream, str]]) -> None:
    """Hands each message to its stream."""
    for stream, text in messages:
        stream.put(text)


def changes_after(team: int, number: int) -> list[dict[str, Any]]:
    """What happened after this number, oldest first: ids and keys; `by` is the number of a person."""
    found = Change.objects.filter(team_id=team, seq__gt=number).order_by("seq")
    keys = ("seq", "row", "kind", "field", "row_rev", "by", "meeting")
    in_meeting = ExpressionWrapper(Q(meeting__isnull=False), output_field=BooleanField())
    lines = found.values_list("seq", "row_id", "kind", "field", "row_rev", "by_id", in_meeting)
    return [{"team": team, **dict(zip(keys, line, strict=True))} for line in lines[: MOST_AT_ONCE + 1]]


READER = Reader()
