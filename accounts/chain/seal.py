"""Sealing: each entry that has no link yet gets one. By a timer, and before anybody reads a log."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import write_lock
from accounts.chain.digests import canonical, digest_of
from accounts.chain.logs import LOGS, Entry, Log
from accounts.models import AuditLink, AuditRow, AuditSwitch

# Entries of one transaction: others who write wait for it.
BATCH = 500
# On PostgreSQL an entry may be committed after one with a higher number; after so long none is expected.
LATE = timedelta(hours=1)
FIRST = "first"


def seal(*, logs: tuple[str, ...] | None = None, everything: bool = False) -> int:
    """Seals what is there and answers how many entries that were.

    `logs`: only these. `everything` looks at numbers long passed as well, which costs a look at all of them.
    """
    sealed = 0
    for log in [LOGS[code] for code in logs or sorted(LOGS)]:
        waiting = log.unsealed(0 if everything else _looked_at(log))
        while entries := list(islice(waiting, BATCH)):
            sealed += _link(log, entries)
    return sealed


@contextmanager
def holding_switch(run: UUID | None = None) -> Iterator[None]:
    """One transaction that nobody else seals or erases in; `run` names the retention that may erase in it."""
    with write_lock.waiting(), transaction.atomic():
        switch, _ = AuditSwitch.objects.select_for_update().get_or_create(pk=1)
        if run is None:
            yield
            return
        AuditSwitch.objects.filter(pk=switch.pk).update(run=run)
        yield
        AuditSwitch.objects.filter(pk=switch.pk).update(run=None)


def said(link: AuditLink, before: str) -> bytes:
    """What a link's own digest is made from: the link, and the digest of the one before it."""
    at = link.sealed_at.astimezone(UTC).isoformat()
    return canonical(
        {"link": [link.number, link.log, link.stream, link.position, link.content, at], "before": before}
    )


def _looked_at(log: Log) -> int:
    """Up to this position nothing new is expected."""
    long_ago = AuditLink.objects.filter(log=log.code, sealed_at__lt=timezone.now() - LATE)
    return long_ago.aggregate(last=Max("position"))["last"] or 0


def _link(log: Log, entries: list[Entry]) -> int:
    """One transaction: the links of these entries. Who seals at the same time has taken some of them."""
    with holding_switch():
        streams, positions = zip(*(entry.place for entry in entries), strict=True)
        links = AuditLink.objects.filter(log=log.code, stream__in=set(streams), position__in=positions)
        taken = set(links.values_list("stream", "position"))
        entries = [entry for entry in entries if entry.place not in taken]
        _append(log, entries)
    return len(entries)


def _append(log: Log, entries: list[Entry]) -> None:
    last = AuditLink.objects.order_by("-number").first()
    number, before = (last.number, last.chained) if last else (0, FIRST)
    now = timezone.now()
    links = []
    for entry in entries:
        number += 1
        link = AuditLink(
            number=number,
            log=log.code,
            stream=entry.place[0],
            position=entry.place[1],
            content=entry.digest,
            sealed_at=now,
        )
        link.chained = before = digest_of(said(link, before))
        links.append(link)
    AuditLink.objects.bulk_create(links)
    if told := [entry.place[1] for entry in entries if entry.rows]:
        AuditRow.list_rows_of(told)
