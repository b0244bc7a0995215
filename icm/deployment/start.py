"""The start of the server: it looks before it answers anybody, and ends where something is bad (ADR 0044)."""

import logging

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.db import connections

from accounts.waiting import counted
from icm.deployment import TAG
from icm.deployment.options import LOOPBACK
from icm.lanes import Receive, Send

# What holds also for a demonstration, and for a server that this machine alone can reach.
EVERYWHERE = frozenset({"icm.database", "icm.migrations", "icm.demonstration"})

logger = logging.getLogger(__name__)


async def lifespan(receive: Receive, send: Send) -> None:
    """The server's own question whether it may begin, and later that it ends."""
    await receive()
    found = await sync_to_async(refusals)()
    for one in found:
        logger.error("%s", one.msg)
    if found:
        said = f"Not started: {counted(len(found), 'thing has', 'things have')} to be changed, named above."
        await send({"type": "lifespan.startup.failed", "message": said})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def refusals() -> list[CheckMessage]:
    """Why this server may not start, always in the same order; nothing where it may.

    What is looked at, the app `icm` has registered.
    """
    try:
        found = run_checks(tags=[TAG], include_deployment_checks=True, databases=["default"])
    finally:
        connections.close_all()
    refused = [one for one in found if one.id in EVERYWHERE or for_a_council()]
    return sorted(refused, key=lambda one: one.msg)


def for_a_council() -> bool:
    """Whether real people may reach it: it is no demonstration, and not for this machine alone."""
    alone = not settings.HTTPS and set(settings.ALLOWED_HOSTS) <= LOOPBACK
    return not settings.DEMO and not alone
