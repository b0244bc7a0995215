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
    """What the server answered; `again` is when it wants to be asked again (Retry-After)."""

    status: int
    body: bytes
    again: str = ""

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
        lines = head.decode("latin-1").lower().split("\r\n")
        headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Reply(int(lines[0].split()[1]), body, headers.get("retry-after", ""))


async def opened(port: int, session: str) -> Line:
    """A new connection of the person whose session this is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    return Line(reader, writer, session)
