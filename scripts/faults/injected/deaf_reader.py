"""The process that tells open pages what happens goes deaf, while people save and pages follow (PostgreSQL).

In turns its listening connection is ended (pg_terminate_backend) and kept from coming back, and the thread
that serves all streams is frozen: it waits for an answer of the database that is held back. Saves, signing
in and the pause after ten wrong passwords need neither; pages ask by themselves meanwhile.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg2
from django.db import connection, connections
from django.urls import reverse

from accounts.models import User
from accounts.sign_in import PAUSE
from scripts import static_files
from scripts.bench.client import Reply
from scripts.bench.figures import percentile
from scripts.bench.places import editor
from scripts.faults.ledger import ACKNOWLEDGED, Tried
from scripts.faults.load import ENDS_WITHIN, LOOKS_EVERY, RECOVERS_WITHIN, Person, agreed, cell
from scripts.faults.politeness import BUSY, Heard
from scripts.faults.scene import Measured, Scene
from scripts.faults.watchers import (
    SILENCE,
    Seen,
    Watcher,
    all_reached,
    drawn_now,
    head_now,
    watching,
    wrong_of,
)
from tracker.live.announce import CHANNEL


@dataclass(frozen=True)
class Amount:
    """How often each of the two, for how many seconds, after how many usual ones, and open pages."""

    times: int
    seconds: float
    usual: float
    pages: int


AMOUNTS = {
    "whole": Amount(times=5, seconds=60, usual=20, pages=20),
    "short": Amount(times=1, seconds=8, usual=8, pages=20),
    "test": Amount(times=1, seconds=1, usual=1, pages=3),
}
SAVES_A_SECOND = 10
# Of the saves meanwhile nineteen in twenty take no more than so many times what they usually take, and the
# pages are equal so many seconds after it is back (trust.md, F5).
SLOWER, EQUAL_WITHIN = 1.5, 15.0
WRONG_TRIES = 10
# Who is in is sent on.
SIGNED_IN = 302
PAUSE_AFTER = 1.0
PASSWORD = "three-random-words"  # noqa: S105 - of invented people, whose database ends with the run
SOCKET = ".s.PGSQL.5432"
PIECE = 65_536
LISTENS = f"LISTEN {CHANNEL}".encode()


@dataclass
class Spell:
    """What one fault showed. `met` counts the connections that were ended and the answers held back, `still`
    the pages that stood where they were; `equal` is how many seconds after its end all pages had what was
    saved until then and heard their streams again, None where they never did.
    """

    met: int
    still: int
    signed_in: bool
    paused: bool
    equal: float | None


def failed(
    saves: Sequence[Heard], usual: Sequence[Heard], meanwhile: Sequence[Heard], spells: Sequence[Spell],
    *, timed: bool,
) -> list[str]:  # fmt: skip
    """What did not hold of all saves, those of usual times and those meanwhile; without limits in seconds
    where it is not `timed`.
    """
    wrong = []
    # On a busy machine a save may wait too long for others', and be told so.
    refused = sum(one.status != 200 and (timed or one.status != BUSY) for one in saves)
    if refused:
        wrong.append(f"{refused} saves failed")
    if not all(any(one.status == 200 for one in span) for span in (usual, meanwhile)):
        wrong.append("Nothing was saved for a while")
    elif timed and _slowest(meanwhile) > SLOWER * _slowest(usual):
        told = f"{_slowest(meanwhile) * 1000:.0f} ms, usually {_slowest(usual) * 1000:.0f}"
        wrong.append(f"Nineteen in twenty saves took up to {told}")
    for spell in spells:
        wrong += [] if spell.met else ["The fault met nobody"]
        wrong += [f"{spell.still} pages did not ask by themselves"] if spell.still else []
        wrong += [] if spell.signed_in else ["Nobody could sign in"]
        wrong += [] if spell.paused else [f"After {WRONG_TRIES} wrong passwords the right one was taken"]
        if spell.equal is None:
            wrong.append("A page never had what was saved, or never heard its stream again")
        elif timed and spell.equal > EQUAL_WITHIN:
            wrong.append(f"The pages were equal {spell.equal:.1f} s after it was back")
    return wrong


def _slowest(saves: Sequence[Heard]) -> float:
    return percentile([one.took for one in saves], 95)


def injected(scene: Scene) -> Measured:
    """Usual times and faults in turns, while the saves go on."""
    amount = AMOUNTS[scene.size]
    signers = [_with_password(scene, number) for number in range(3 * amount.times)]
    sessions = scene.sessions
    static_files.collect()  # they open pages
    # The server begins in a thread; no connection of this one may be left.
    connections.close_all()
    course = Course(scene, amount, signers)
    seen, head = asyncio.run(course.run(sessions))
    drawn = drawn_now(scene)
    saves = [one for person in course.people for one in person.heard]
    usual, meanwhile = (_within(saves, spans) for spans in (course.usual, course.meanwhile))
    equal = [spell.equal for spell in course.spells if spell.equal is not None]
    return Measured(
        f"{amount.times} each for {amount.seconds:.0f} s, {len(saves):,} saves, {amount.pages} pages",
        note=f"95 % of saves within {_slowest(meanwhile) * 1000:.0f} ms, usually "
        f"{_slowest(usual) * 1000:.0f} ms; pages equal and live {max(equal, default=0):.1f} s after its end",
        wrong=[
            *failed(saves, usual, meanwhile, course.spells, timed=scene.size != "test"),
            *(said for one in seen for said in wrong_of(one, head, drawn)),
        ],
    )


def _with_password(scene: Scene, number: int) -> User:
    person = editor(f"{scene.name.lower()}-signer-{number}", scene.team.locality, [scene.team])
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def _within(saves: Sequence[Heard], spans: Sequence[tuple[float, float]]) -> list[Heard]:
    return [one for one in saves if any(began < one.sent < ended for began, ended in spans)]


class Course:
    """The whole of it. `usual` and `meanwhile` are the spans whose saves are compared."""

    def __init__(self, scene: Scene, amount: Amount, signers: Sequence[User]) -> None:
        self.scene, self.amount, self.signers = scene, amount, list(signers)
        self.board = Switchboard(os.environ["DATABASE_URL"], Path(connection.settings_dict["HOST"]))
        self.people: list[Person] = []
        self.usual: list[tuple[float, float]] = []
        self.meanwhile: list[tuple[float, float]] = []
        self.spells: list[Spell] = []
        self.guessed = signers[0]
        self.port = 0
        self.over = False

    async def run(self, sessions: Sequence[str]) -> tuple[list[Seen], int]:
        """What each page saw, and the number of the team's log in the end."""
        async with asyncio.timeout(ENDS_WITHIN), self.board.listening() as url:
            with ExitStack() as stack:
                serving = self.scene.server(url=url)
                self.port = (await asyncio.to_thread(stack.enter_context, serving)).port
                try:
                    return await self._follow(sessions)
                finally:
                    # The server ends with its connections, which are carried here.
                    await asyncio.to_thread(stack.close)

    async def _follow(self, sessions: Sequence[str]) -> tuple[list[Seen], int]:
        self.people = [Person(self.port, session) for session in sessions]
        watchers = [
            Watcher(self.scene, self.port, sessions[one % len(sessions)]) for one in range(self.amount.pages)
        ]
        async with watching(watchers):
            async with asyncio.TaskGroup() as saving:
                for number, person in enumerate(self.people):
                    saving.create_task(self._save(number, person))
                for number in range(self.amount.times):
                    for way in WAYS if number % 2 == 0 else reversed(WAYS):
                        self.usual.append(await self._span(self.amount.usual))
                        self.spells.append(await self._spell(way, watchers))
                self.over = True
            head = await asyncio.to_thread(head_now, self.scene)
            await all_reached(watchers, head)
            return [watcher.seen for watcher in watchers], head

    async def _span(self, seconds: float) -> tuple[float, float]:
        began = time.monotonic()
        await asyncio.sleep(seconds)
        ended = time.monotonic()
        # What was sent within it is answered before anything else begins.
        await asyncio.sleep(PAUSE_AFTER)
        return began, ended

    async def _spell(self, way: str, watchers: Sequence[Watcher]) -> Spell:
        stood = [watcher.seen.head for watcher in watchers]
        await self.board.put_in(way)
        self.meanwhile.append(await self._span(self.amount.seconds))
        waited = self.amount.seconds > SILENCE
        still = sum(one.seen.head == head for one, head in zip(watchers, stood, strict=True)) if waited else 0
        # Checking a password takes a core for a while: those saves are not compared. Who has tried too often
        # in one spell must find it so in the next.
        signed_in = (await self._sign_in(self.signers.pop(), PASSWORD)).status == SIGNED_IN
        if len(self.spells) % 2 == 0:
            self.guessed = self.signers.pop()
            for number in range(WRONG_TRIES):
                await self._sign_in(self.guessed, f"{PASSWORD}-{number}")
        paused = PAUSE.encode() in (await self._sign_in(self.guessed, PASSWORD)).body
        met = self.board.let_back()
        back = time.monotonic()
        head = await asyncio.to_thread(head_now, self.scene)
        equal = time.monotonic() - back if await _live_again(watchers, head) else None
        return Spell(met, still, signed_in, paused, equal)

    async def _sign_in(self, person: User, password: str) -> Reply:
        """How they are answered; RuntimeError where nobody does."""
        somebody = Person(self.port, "")
        fields = {"login": person.email, "password": password}
        _, reply = await somebody.post(reverse("account_login"), fields)
        somebody.hang_up()
        if reply is None:
            raise RuntimeError("Nobody answers who signs in")
        return reply

    async def _save(self, number: int, person: Person) -> None:
        """In a row of their own, each at their time."""
        row, base = self.scene.rows[number], 0
        due = time.monotonic() + number / SAVES_A_SECOND
        while not self.over:
            await asyncio.sleep(max(due - time.monotonic(), 0))
            due = max(due + len(self.people) / SAVES_A_SECOND, time.monotonic())
            value, op = agreed(), str(uuid4())
            outcome, reply = await person.post(f"/rows/{row}/cell/", cell("action", value, base, op))
            self.scene.ledger.tried(Tried(op, row, "action", value, outcome, reply.status if reply else 0))
            if outcome == ACKNOWLEDGED and reply:
                base = reply.told["rev"]
        person.hang_up()


async def _live_again(watchers: Sequence[Watcher], head: int) -> bool:
    """Waits until all have what was saved up to this number and hear their streams; False where it takes too
    long.
    """
    try:
        async with asyncio.timeout(RECOVERS_WITHIN):
            for watcher in watchers:
                await watcher.reached(head)
                while not watcher.live:
                    await asyncio.sleep(LOOKS_EVERY)
    except TimeoutError:
        return False
    return True


ENDED, FROZEN = WAYS = ("ended", "frozen")


@dataclass(eq=False)
class Call:
    """One connection to the database: the process that serves it there, whether it listens to the bell."""

    backend: int = 0
    listens: bool = False
    greeting: bytes = field(default=b"", repr=False)


class Switchboard:
    """Between application and database: carries every connection, and knows the ones that listen."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.socket = url, folder / SOCKET
        self.calls: set[Call] = set()
        self.away = False
        self.met = 0
        self.flows = asyncio.Event()
        self.flows.set()

    async def put_in(self, way: str) -> None:
        """Ends what listens and keeps it away, or holds back every answer to it."""
        self.met = 0
        if way == FROZEN:
            self.flows.clear()
            return
        self.away = True
        for call in [call for call in self.calls if call.listens]:
            await self._end(call)

    def let_back(self) -> int:
        """All goes on; answers how much the fault met."""
        self.away = False
        self.flows.set()
        return self.met

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The address of the database behind it."""
        with tempfile.TemporaryDirectory(prefix="icm-switchboard-") as folder:
            door = await asyncio.start_unix_server(self._carry, Path(folder) / SOCKET)
            address = urlsplit(self.url)
            behind = f"{address.username}@{quote(folder, safe='')}"
            async with door:
                yield urlunsplit(address._replace(netloc=behind))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        there_reader, there = await asyncio.open_unix_connection(self.socket)
        call = Call()
        self.calls.add(call)
        answering = asyncio.create_task(self._answer(call, there_reader, writer))
        try:
            while piece := await reader.read(PIECE):
                if LISTENS in piece:
                    call.listens = True
                    if self.away:
                        await self._end(call)
                        continue
                there.write(piece)
        except ConnectionError:
            return
        finally:
            self.calls.remove(call)
            answering.cancel()
            there.close()
            writer.close()

    async def _answer(self, call: Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(PIECE):
                if not call.backend:
                    call.greeting += piece
                    call.backend = backend_of(call.greeting)
                if call.listens and not self.flows.is_set():
                    self.met += 1
                    await self.flows.wait()
                writer.write(piece)
        except ConnectionError:
            # A process that was ended with a question unread.
            return
        finally:
            writer.close()

    async def _end(self, call: Call) -> None:
        self.met += 1
        await asyncio.to_thread(_terminate, self.url, call.backend)


def backend_of(greeting: bytes) -> int:
    """The number of the process that serves a connection, out of the database's first messages
    (BackendKeyData); 0 where it is not among them yet.
    """
    at = 0
    while at + 9 <= len(greeting):
        if greeting[at : at + 1] == b"K":
            return int.from_bytes(greeting[at + 5 : at + 9])
        at += 1 + int.from_bytes(greeting[at + 1 : at + 5])
    return 0


def _terminate(url: str, backend: int) -> None:
    own = psycopg2.connect(url)
    try:
        own.cursor().execute("SELECT pg_terminate_backend(%s)", [backend])
    finally:
        own.close()
