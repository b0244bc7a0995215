"""A small browser without a screen: one kept connection, one person, one request after the other."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

TOKEN = "b" * 32


@dataclass(frozen=True)
class Reply:
    """What the server answered; `again` is when it wants to be asked again (Retry-After).

    `location` is where it sends a browser next.
    """

    status: int
    body: bytes
    again: str = ""
    location: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """The body of a JSON answer."""
        return dict(json.loads(self.body))


class Line:
    """A kept connection, as a browser holds it; made by `opened`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: str) -> None:
        self.reader, self.writer = reader, writer
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.headers = f"Host: 127.0.0.1\r\nCookie: {cookies}\r\nX-CSRFToken: {TOKEN}\r\nX-ICM: script\r\n"

    async def post(self, path: str, fields: dict[str, str]) -> Reply:
        """What a page's script sends."""
        body = urlencode(fields)
        head = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.writer.write(f"POST {path} HTTP/1.1\r\n{self.headers}{head}\r\n{body}".encode())
        return await self._reply()

    async def upload(self, path: str, file: bytes) -> Reply:
        """What a form sends that has a file in it."""
        head = f"Content-Type: multipart/form-data; boundary={TOKEN}\r\n"
        named = 'Content-Disposition: form-data; name="file"; filename="team.xlsx"'
        body = f"--{TOKEN}\r\n{named}\r\n\r\n".encode() + file + f"\r\n--{TOKEN}--\r\n".encode()
        length = f"Content-Length: {len(body)}\r\n"
        self.writer.write(f"POST {path} HTTP/1.1\r\n{self.headers}{head}{length}\r\n".encode() + body)
        return await self._reply()

    async def get(self, path: str) -> Reply:
        """What a page's script asks."""
        self.writer.write(f"GET {path} HTTP/1.1\r\n{self.headers}\r\n".encode())
        return await self._reply()

    async def listen(self, path: str) -> None:
        """Opens a stream, and reads past its head."""
        accept = "Accept: text/event-stream\r\n"
        self.writer.write(f"GET {path} HTTP/1.1\r\n{self.headers}{accept}\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n")[0]:
            raise RuntimeError(f"The stream was refused: {head!r}")

    async def _reply(self) -> Reply:
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        parts = (line.partition(":") for line in lines[1:])
        headers = {name.lower(): value.strip() for name, _, value in parts}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        again, location = headers.get("retry-after", ""), headers.get("location", "")
        return Reply(int(lines[0].split()[1]), body, again, location)


async def opened(port: int, session: str) -> Line:
    """A new connection of the person whose session this is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    return Line(reader, writer, session)
