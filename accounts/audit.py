"""The seam of the audit log: one call for each thing done, one entry for each opened view of rows.

Entries are added, never changed: the database refuses (accounts/chain/triggers.py), and the chain shows it.
Retention alone erases, in one transaction, the history (`Change`) as well as the log (`AuditEvent`):

    with audit.erasing(purpose="retention", by=None) as erased:
        Change.objects.filter(…).delete()      # or update(old="", new=""): delete and blank as you like
        AuditEvent.objects.filter(…).delete()  # queryset or SQL, in any order
        erased["rows"] = 12                    # numbers for the run's own entry, if any

Everything that happens to these two tables inside is noted by the database itself, entry by entry, without
content; when the block ends, an entry of kind RETENTION proves that list, and the chain still verifies. The
block is all or nothing, seals first what is not sealed yet, excludes a second one and the sealing meanwhile,
and costs nothing outside. An exception undoes it all. Not to be nested.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import beside, write_lock
from accounts.chain.digests import digest_of, salt
from accounts.chain.logs import content_of
from accounts.chain.seal import holding_switch, seal
from accounts.chain.verify import Head, Report, proof_of, verify
from accounts.models import AuditErased, AuditEvent, Locality, Team, User
from icm.http import AuthenticatedRequest, whole_number

CHECK_OF_LOG = "check the log"


@dataclass(frozen=True)
class Opened:
    """The entry of an opened page, which may still be on its way into the log; as text, its number."""

    entry: AuditEvent
    wait: Callable[[], None]

    def __str__(self) -> str:
        self.wait()
        return str(self.entry.pk)


def record(
    kind: AuditEvent.Kind,
    *,
    by: User | None,
    purpose: str,
    request: HttpRequest | None = None,
    team: Team | None = None,
    locality: Locality | None = None,
    row_ids: Iterable[int] = (),
    page: int | None = None,
    **detail: Any,
) -> AuditEvent:
    """Writes one entry. `detail` holds numbers and codes, never a child's name or a text about one."""
    entry = _entry(
        kind,
        by=by,
        purpose=purpose,
        request=request,
        team=team,
        locality=locality,
        row_ids=row_ids,
        page=page,
        **detail,
    )
    _write(entry)
    return entry


def _entry(
    kind: AuditEvent.Kind,
    *,
    by: User | None,
    purpose: str,
    request: HttpRequest | None,
    team: Team | None,
    locality: Locality | None,
    row_ids: Iterable[int],
    page: int | None = None,
    **detail: Any,
) -> AuditEvent:
    """The entry with its digest, not yet written."""
    actor = acting_person(by) if by else None
    if actor and actor != by:
        detail["seen_as"] = by.pk if by else None
    entry = AuditEvent(
        kind=kind,
        actor_id=actor.pk if actor else None,
        actor_name=actor.name if actor else "",
        address=network_address(request) if request else None,
        purpose=purpose,
        team_id=team.pk if team else None,
        locality_id=team.locality_id if team else (locality.pk if locality else None),
        row_ids=list(row_ids),
        detail=json.loads(json.dumps(detail)),
        page_id=page,
    )
    entry.digest = digest_of(content_of(entry), salt())
    return entry


def _write(entry: AuditEvent) -> None:
    with write_lock.waiting():
        entry.save(force_insert=True)


def viewed(
    request: AuthenticatedRequest,
    purpose: str,
    *,
    rows: Iterable[int],
    team: Team | None = None,
    locality: Locality | None = None,
) -> Opened:
    """The entry that every opened view of rows leaves: who, when, from where, which rows, on which page.

    It is written while the page is drawn, and the page is shown only once it is there.
    """
    entry = _entry(
        AuditEvent.Kind.VIEW,
        by=request.user,
        purpose=purpose,
        request=request,
        team=team,
        locality=locality,
        row_ids=rows,
    )
    return Opened(entry, beside.write(request, lambda: _write(entry)))


def acting_person(user: User) -> User:
    """Who really sits there: the officer, where one sees as somebody else."""
    return user.seen_by or user


def network_address(request: HttpRequest) -> str | None:
    """Where the request came from: what our own proxies say of it, else the other end of the connection.

    Each proxy adds the address that it saw at the end of the list; what stands further left anybody can
    make up. None for what is no address.
    """
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    said = request.headers.get("X-Forwarded-For", "").split(",")
    believed = proxies and len(said) >= proxies and said[-proxies].strip()
    found = believed or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(found))
    except ValueError:
        return None


def viewed_more(
    request: AuthenticatedRequest, entry: str, rows: Iterable[int], *, team: Team, purpose: str
) -> None:
    """Rows that reached an open page later: one more entry, which names the page's own.

    Mostly a page asks for rows that it has: then nothing is written. What this process has found in the log,
    or written there, is not asked again either: retention alone takes entries away, of pages long closed.

    Where `entry` is that of no page of this team which its reader opened, somebody looks without a page: that
    is a view of its own, for this `purpose`.
    """
    fetched, number = set(rows), whole_number(entry)
    kept_as = f"{acting_person(request.user).pk}:{team.pk}:{number}"
    if fetched <= caches["looked"].get(kept_as, set()):
        return
    told = _of_page(number, team, acting_person(request.user)) if number is not None else []
    page = next((one for one in told if one.pk == number), None)
    if page is None:
        viewed(request, purpose, rows=sorted(fetched), team=team)
        return
    known = set().union(*(one.row_ids for one in told))
    if new := fetched - known:
        record(
            AuditEvent.Kind.VIEW,
            by=request.user,
            purpose=page.purpose,
            request=request,
            team=team,
            row_ids=sorted(new),
            page=number,
        )
    # Not before it is written.
    caches["looked"].set(kept_as, known | fetched)


def _of_page(number: int, team: Team, reader: User) -> list[AuditEvent]:
    return list(_of_pages([number]).filter(actor_id=reader.pk, team_id=team.pk).order_by("pk"))


def reached(
    pages: Iterable[int], purposes: Iterable[str]
) -> dict[tuple[int | None, int], tuple[int | None, set[int]]]:
    """Who and the number of an opened page's entry → its team and the rows that reached it, as the log says.

    Of pages of these purposes that a session of now can have open.
    """
    since = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    told = _of_pages(pages).filter(purpose__in=purposes, at__gte=since).order_by()
    found: dict[tuple[int | None, int], tuple[int | None, set[int]]] = {}
    for actor, team, number, page, rows in told.values_list(
        "actor_id", "team_id", "pk", "page_id", "row_ids"
    ):
        found.setdefault((actor, page or number), (team, set()))[1].update(rows)
    return found


def _of_pages(numbers: Iterable[int]) -> QuerySet[AuditEvent]:
    """The entries of these opened pages, and of what reached them later."""
    views = AuditEvent.objects.filter(kind=AuditEvent.Kind.VIEW)
    return views.filter(Q(pk__in=numbers) | Q(page_id__in=numbers))


@contextmanager
def erasing(*, purpose: str, by: User | None) -> Iterator[dict[str, Any]]:
    """Lets retention erase entries of the logs within the block; see above. Gives the detail of its entry."""
    seal()
    run = uuid4()
    detail: dict[str, Any] = {}
    with transaction.atomic():
        with holding_switch(run):
            yield detail
        noted = AuditErased.objects.filter(run=run).count()
        record(
            AuditEvent.Kind.RETENTION,
            by=by,
            purpose=purpose,
            run=str(run),
            entries=noted,
            proof=digest_of(proof_of(run)),
            **detail,
        )


def check_log(*, by: User | None, kept: Iterable[Head] = ()) -> Report:
    """Checks the logs against their chain and leaves an entry of what was found."""
    report = verify(kept=kept)
    record(
        AuditEvent.Kind.LOG,
        by=by,
        purpose=CHECK_OF_LOG,
        links=report.links,
        found=report.found,
        faults=[str(fault) for fault in report.faults[:10]],
    )
    return report
