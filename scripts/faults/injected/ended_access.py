"""An officer ends somebody's access while that person saves and listens.

In turns the person has left (their session ends with it) or loses the one role that they had (it goes on).
Every request sent after the end is refused, and the open stream is closed.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import connection

from accounts.changes.people import add_membership, add_person, end_access, end_membership
from accounts.models import User
from accounts.roles import Role
from scripts.bench.client import opened
from scripts.bench.places import editor, session_of
from scripts.faults.ledger import ACKNOWLEDGED, Tried
from scripts.faults.load import ENDS_WITHIN, LOOKS_EVERY, Person, agreed, cell
from scripts.faults.scene import Measured, Scene

AMOUNTS = {"whole": 200, "short": 16, "test": 4}
# So many people save, listen and lose their access at the same time, each in a row of their own.
AT_ONCE = 4
# Saves before the end, and those that are tried after it.
BEFORE, AFTER = (1, 8), 3
# Seconds in which the stream is closed (trust.md, F22).
CLOSES_WITHIN = 5.0
LISTENS_WITHIN = 30.0
NO = {401, 403, 404}
STREAM_ENDS = (b"", b"0\r\n")


@dataclass
class Leaver:
    """What became of somebody: when each save was sent and how it was answered, when access had ended, and
    the stream (None where it never did); in seconds of this machine's clock.
    """

    saves: list[tuple[float, int]] = field(default_factory=list)
    ended: float = 0.0
    closed: float | None = None

    @property
    def afterwards(self) -> list[int]:
        """How what was sent after the end was answered."""
        return [status for sent, status in self.saves if self.ended and sent > self.ended]


def wrong_of(leaver: Leaver, *, within: float = CLOSES_WITHIN) -> list[str]:
    """What did not hold for this one; the stream is closed `within` so many seconds."""
    wrong = [f"Sent after the end and answered {status}" for status in leaver.afterwards if status not in NO]
    if len(leaver.afterwards) < AFTER:
        wrong.append("Too little was sent after the end to tell")
    if all(status in NO for _, status in leaver.saves):
        wrong.append("Nothing was saved before the end")
    if leaver.closed is None:
        wrong.append("The stream was never closed")
    elif leaver.closed - leaver.ended > within:
        wrong.append(f"The stream was closed {leaver.closed - leaver.ended:.1f} s after the end")
    return wrong


def injected(scene: Scene) -> Measured:
    """One after the other in each of the rows."""
    times = AMOUNTS[scene.size]
    officer = _officer(scene)
    people = [
        editor(f"{scene.name.lower()}-leaver-{number}", scene.team.locality, [scene.team])
        for number in range(times)
    ]
    sessions = [session_of(person) for person in people]
    with scene.server() as server:
        lanes = [Lane(scene, server.port, scene.rows[number], officer) for number in range(AT_ONCE)]
        asyncio.run(_all(lanes, list(zip(people, sessions, strict=True))))
    leavers = [leaver for lane in lanes for leaver in lane.leavers]
    closings = [leaver.closed - leaver.ended for leaver in leavers if leaver.closed]
    # A test's machine may be busy: there the stream must be closed, however late.
    within = LISTENS_WITHIN if scene.size == "test" else CLOSES_WITHIN
    refused = sum(len(leaver.afterwards) for leaver in leavers)
    return Measured(
        f"{len(leavers):,} ends of access",
        note=f"{refused} requests after them; streams closed within {max(closings, default=0):.1f} s",
        wrong=[sentence for leaver in leavers for sentence in wrong_of(leaver, within=within)],
    )


def _officer(scene: Scene) -> User:
    email = f"{scene.name.lower()}-officer@council.example"
    officer = add_person(email=email, name="Officer Person", by=None)
    add_membership(person=officer, role=Role.PERFORMANCE_OFFICER, by=None)
    return officer


async def _all(lanes: "Sequence[Lane]", people: Sequence[tuple[User, str]]) -> None:
    async with asyncio.timeout(ENDS_WITHIN), asyncio.TaskGroup() as running:
        for number, lane in enumerate(lanes):
            running.create_task(lane.run(people[number :: len(lanes)]))


class Lane:
    """One row, in which one person after the other saves until they may no more."""

    def __init__(self, scene: Scene, port: int, row: int, officer: User) -> None:
        self.scene, self.port, self.row, self.officer = scene, port, row, officer
        self.base = 0
        self.leavers: list[Leaver] = []

    async def run(self, people: Sequence[tuple[User, str]]) -> None:
        """Each of them comes, works and goes."""
        for number, (person, session) in enumerate(people):
            leaver = Leaver()
            self.leavers.append(leaver)
            hello = asyncio.Event()
            async with asyncio.TaskGroup() as running:
                running.create_task(self._listen(session, leaver, hello))
                await hello.wait()
                running.create_task(self._type(session, leaver))
                before = random.randint(*BEFORE)
                while len(leaver.saves) < before:
                    await asyncio.sleep(LOOKS_EVERY)
                await asyncio.to_thread(self._end, person, leaver, ENDS[number % len(ENDS)])

    async def _listen(self, session: str, leaver: Leaver, hello: asyncio.Event) -> None:
        stream = await opened(self.port, session)
        try:
            async with asyncio.timeout(LISTENS_WITHIN):
                await stream.listen(f"/live/?teams={self.scene.team.pk}")
                while (line := await stream.reader.readline()) not in STREAM_ENDS:
                    if line.startswith(b"event: hello"):
                        hello.set()
            leaver.closed = time.monotonic()
        except TimeoutError:
            hello.set()  # that it went on is told by `closed`
        finally:
            stream.writer.close()

    async def _type(self, session: str, leaver: Leaver) -> None:
        person = Person(self.port, session)
        while len(leaver.afterwards) < AFTER:
            value, op = agreed(), str(uuid4())
            sent = time.monotonic()
            outcome, reply = await person.insist(
                f"/rows/{self.row}/cell/", cell("action", value, self.base, op)
            )
            self.scene.ledger.tried(Tried(op, self.row, "action", value, outcome, reply.status))
            leaver.saves.append((sent, reply.status))
            if outcome == ACKNOWLEDGED:
                self.base = reply.told["rev"]
        person.hang_up()

    def _end(self, person: User, leaver: Leaver, end: Callable[[User, User], None]) -> None:
        """In a thread, so that the others go on meanwhile."""
        try:
            end(person, self.officer)
            leaver.ended = time.monotonic()
        finally:
            connection.close()


def left(person: User, by: User) -> None:
    """They have left the council."""
    end_access(person=person, by=by)


def lost_the_role(person: User, by: User) -> None:
    """They are still there, and no longer in this team."""
    end_membership(membership=person.memberships.get(), by=by)


ENDS = (left, lost_the_role)
