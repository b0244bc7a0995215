"""The logs that the chain covers, as the chain sees them. Each app registers its own in `sealing.py`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from ipaddress import ip_address
from typing import Protocol

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, QuerySet, Window
from django.db.models.functions import Lag

from accounts.chain.digests import canonical, doubt, fits
from accounts.models import AuditErased, AuditEvent, AuditLink

Place = tuple[int, int]
CHUNK = 500


@dataclass(frozen=True)
class Entry:
    """One entry: where it stands (stream, position), what it says, and the digest it was written with."""

    place: Place
    content: bytes
    digest: str
    rows: tuple[int, ...] = ()


class Log(Protocol):
    """What the chain asks of a log."""

    code: str
    # Where the database keeps it, and the columns of the stream (none: 0) and the position.
    table: str
    stream_column: str
    position_column: str

    def says(self, place: Place) -> str:
        """An entry of this log in words."""

    def unsealed(self, after: int) -> Iterator[Entry]:
        """What has no link yet, in the order of the log; `after`: entries up to it have been looked at."""

    def entries(self, places: Iterable[Place]) -> Iterator[Entry]:
        """Those of these entries that are there."""

    def waiting(self) -> int:
        """How many entries have no link yet."""

    def strays(self) -> Iterator[tuple[Place, str]]:
        """What is wrong among the entries that have no link yet."""


LOGS: dict[str, Log] = {}


def register(log: Log) -> None:
    """Has the chain cover this log."""
    LOGS[log.code] = log


def content_of(event: AuditEvent) -> bytes:
    """Everything that an entry of the audit log says, but for its number, which the database gives."""
    return canonical(
        {
            "at": event.at.astimezone(UTC).isoformat(),
            "kind": str(event.kind),
            "actor": [event.actor_id, event.actor_name],
            "address": str(ip_address(event.address)) if event.address else None,
            "purpose": event.purpose,
            "place": [event.team_id, event.locality_id],
            "rows": event.row_ids,
            "detail": event.detail,
            "page": event.page_id,
        }
    )


class AuditLog:
    """The audit log. Numbers may come late on PostgreSQL, where an entry counts when its act is committed."""

    code = "audit"
    table = AuditEvent._meta.db_table
    stream_column = ""
    position_column = "id"

    def says(self, place: Place) -> str:
        """By its number."""
        return f"Audit log, entry {place[1]}"

    def unsealed(self, after: int) -> Iterator[Entry]:
        """Entries without a link."""
        while events := list(self._unlinked().filter(pk__gt=after).order_by("pk")[:CHUNK]):
            yield from map(self._entry, events)
            after = events[-1].pk

    def entries(self, places: Iterable[Place]) -> Iterator[Entry]:
        """By number."""
        for event in AuditEvent.objects.filter(pk__in=[number for _, number in places]):
            yield self._entry(event)

    def waiting(self) -> int:
        """Entries without a link."""
        return self._unlinked().count()

    def strays(self) -> Iterator[tuple[Place, str]]:
        """Entries without a right digest, and copies of others."""
        yield from unproven(self.unsealed(0))
        copied = AuditEvent.objects.order_by().values("digest").annotate(times=Count("pk"), last=Max("pk"))
        for double in copied.filter(times__gt=1):
            yield (0, double["last"]), "a copy of another entry"
        for number in self._missing():
            yield (0, number), "deleted before it was sealed"

    def _missing(self) -> Iterator[int]:
        """Numbers that were given and of which no entry, no link and no erasure tells.

        Only where each given number stays with an entry: PostgreSQL gives numbers to acts that are undone.
        """
        if connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [self.table])
            given = cursor.fetchone()
        before = Window(Lag("pk", default=0), order_by="pk")
        numbered = AuditEvent.objects.order_by().annotate(before=before).filter(pk__gt=F("before") + 1)
        newest = AuditEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
        gaps = [*numbered.values_list("before", "pk"), (newest, (given[0] if given else 0) + 1)]
        for last, following in gaps:
            told = {"log": self.code, "position__gt": last, "position__lt": following}
            known = set(AuditLink.objects.filter(**told).values_list("position", flat=True))
            known |= set(AuditErased.objects.filter(**told).values_list("position", flat=True))
            yield from (number for number in range(last + 1, following) if number not in known)

    def _unlinked(self) -> QuerySet[AuditEvent]:
        links = AuditLink.objects.filter(log=self.code, stream=0, position=OuterRef("pk"))
        return AuditEvent.objects.filter(~Exists(links))

    def _entry(self, event: AuditEvent) -> Entry:
        return Entry((0, event.pk), content_of(event), event.digest, tuple(sorted(set(event.row_ids))))


def unproven(entries: Iterable[Entry]) -> Iterator[tuple[Place, str]]:
    """Those without a right digest: each got one when it was written, and these are not as they were."""
    for entry in entries:
        if not fits(entry.content, entry.digest):
            yield entry.place, "altered, or not written by this application" + doubt(entry.digest)


register(AuditLog())
