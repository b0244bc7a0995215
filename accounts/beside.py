"""Writing beside a page: the disk is waited for while it is drawn, and no answer leaves before (ADR 0042)."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest


def threads() -> ThreadPoolExecutor:
    """As many as pages are drawn at once, each made when no other is free: mostly there are one or two."""
    return ThreadPoolExecutor(settings.PAGE_THREADS, thread_name_prefix="beside")


_threads = threads()


def expect(request: HttpRequest) -> None:
    """From here on `write` may go beside the page of this request: whoever says so calls `settle`."""
    request.beside = []  # type: ignore[attr-defined] # what of this request is on its way


def write(request: HttpRequest, work: Callable[[], None]) -> Callable[[], None]:
    """Begins the work on a connection of its own. What it gives back waits for it, and raises what it raised.

    Done at once where nobody would settle the request, and inside a transaction, which it belongs to.
    """
    begun: list[Future[None]] | None = getattr(request, "beside", None)
    if begun is None or connection.in_atomic_block:
        work()
        return lambda: None
    begun.append(_threads.submit(_on_own_connection, work))
    return begun[-1].result


def settle(request: HttpRequest) -> None:
    """Waits for everything that was begun beside the page, and raises what went wrong there."""
    for one in request.beside:  # type: ignore[attr-defined] # as in expect()
        one.result()


def _on_own_connection(work: Callable[[], None]) -> None:
    close_old_connections()
    try:
        work()
    except DatabaseError:
        # The next page tries on a new one: this one may lead to a file that a restored copy has replaced.
        connection.close()
        raise
