"""What stands between people and a server, and spoils what it carries."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Carry = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def taking_calls(carry: Carry) -> AsyncIterator[int]:
    """The port where each connection is carried so, until the block ends."""
    door = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with door:
        yield door.sockets[0].getsockname()[1]
