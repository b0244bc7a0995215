"""The server's entrance: static files first, the stream on ASGI, pages and files on WSGI threads (ADR 0002).

Before the first request it asks whether it may start (icm/deployment/start.py).
"""

import asyncio
import os
import signal
import threading
from types import FrameType
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi_typing import WSGIApp
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.http import HttpResponseBase
from servestatic import ServeStaticASGI

from icm.lanes import Lanes, Receive, Send
from icm.logs import broke

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icm.settings")

threading.excepthook = broke


class StreamHandler(ASGIHandler):
    """Django for what stays open: no stream holds a thread or a database connection (ADR 0015)."""

    watching = False

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Django would give each request a thread of its own until it ends; these share one at the start."""
        self.watch_for_the_end()
        await self.handle(scope, receive, send)

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        """The connection that signed the person in is given back before the stream begins."""
        await sync_to_async(connections.close_all)()
        await super().send_response(response, send)

    def watch_for_the_end(self) -> None:
        """Says goodbye on every stream when the server is told to stop; it would wait for them otherwise."""
        if self.watching or threading.current_thread() is not threading.main_thread():
            return
        self.watching = True
        # Only now: models can be imported only when Django has been set up.
        from tracker.live.reader import READER

        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def leave(number: int, frame: FrameType | None, before: Any = before) -> None:
                loop.call_soon_threadsafe(READER.leave)
                if callable(before):
                    before(number, frame)

            signal.signal(number, leave)


pages = cast("WSGIApp", get_wsgi_application())
application = ServeStaticASGI(
    Lanes(
        streams=StreamHandler(),
        files=WSGIMiddleware(pages, workers=settings.FILE_THREADS),
        pages=WSGIMiddleware(pages, workers=settings.PAGE_THREADS),
    ),
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    allow_all_origins=False,
)
