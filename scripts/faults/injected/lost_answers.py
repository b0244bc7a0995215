"""The save is committed and its answer never comes: swallowed on the way, whole or from the middle on.

The page does not know and sends the same again under the same number. It must be told "saved", and the text
must be there once.
"""

import asyncio
from urllib.parse import parse_qs
from uuid import uuid4

from scripts.faults.between import taking_calls
from scripts.faults.ledger import Tried
from scripts.faults.load import ENDS_WITHIN, Person, agreed, cell
from scripts.faults.scene import Measured, Scene

AMOUNTS = {"whole": 500, "short": 50, "test": 8}


def injected(scene: Scene) -> Measured:
    """Each person saves in a row of their own; of every save the first answer is lost."""
    wanted = AMOUNTS[scene.size]
    with scene.server() as server:
        swallower = Swallower(server.port)
        asyncio.run(_burst(scene, swallower, wanted))
    lost = swallower.lost
    return Measured(
        f"{lost:,} answers lost",
        note=f"{swallower.halved} of them from the middle on",
        wrong=[f"{lost} answers were lost, not {wanted}"] if lost != wanted else [],
    )


async def _burst(scene: Scene, swallower: "Swallower", wanted: int) -> None:
    sessions = scene.sessions
    async with (
        taking_calls(swallower.carry) as port,
        asyncio.timeout(ENDS_WITHIN),
        asyncio.TaskGroup() as typing,
    ):
        for number, (session, row) in enumerate(zip(sessions, scene.rows, strict=False)):
            times = len(range(number, wanted, len(sessions)))
            typing.create_task(_type(scene, Person(port, session), row, times))


async def _type(scene: Scene, person: Person, row: int, times: int) -> None:
    for base in range(times):
        value, op = agreed(), str(uuid4())
        outcome, reply = await person.insist(f"/rows/{row}/cell/", cell("action", value, base, op))
        scene.ledger.tried(Tried(op, row, "action", value, outcome, reply.status))
    person.hang_up()


class Swallower:
    """Between people and server: brings each request there, and each answer back but the first to an act."""

    def __init__(self, server: int) -> None:
        self.server = server
        self.known: set[str] = set()
        self.lost = self.halved = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until its person or an answer that is lost ends it."""
        there_reader, there = await asyncio.open_connection("127.0.0.1", self.server)
        try:
            while request := await _message(reader):
                there.write(request)
                answer = await _message(there_reader)
                if self._is_known(request):
                    writer.write(answer)
                    continue
                self.lost += 1
                if self.lost % 2:
                    self.halved += 1
                    writer.write(answer[: len(answer) // 2])
                break
        finally:
            there.close()
            writer.close()

    def _is_known(self, request: bytes) -> bool:
        """Whether the act of this request has been brought there before."""
        op = parse_qs(request.partition(b"\r\n\r\n")[2].decode())["op"][0]
        known = op in self.known
        self.known.add(op)
        return known


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A whole request or answer; empty where the connection ends before one begins."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""
    lines = head.decode("latin-1").lower().split("\r\n")
    length = next((int(line.split(":")[1]) for line in lines if line.startswith("content-length:")), 0)
    return head + await reader.readexactly(length)
