"""The seam of the audit log: one call for each thing done, one entry for each opened view of rows."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts import write_lock
from accounts.models import AuditEvent, Locality, Team, User
from icm.http import AuthenticatedRequest, whole_number


def record(
    kind: AuditEvent.Kind,
    *,
    by: User | None,
    purpose: str,
    request: HttpRequest | None = None,
    team: Team | None = None,
    locality: Locality | None = None,
    row_ids: Iterable[int] = (),
    **detail: Any,
) -> AuditEvent:
    """Writes one entry. `detail` holds numbers and codes, never a child's name or a text about one."""
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
        detail=detail,
    )
    with write_lock.waiting():
        entry.save(force_insert=True)
    return entry


def viewed(
    request: AuthenticatedRequest,
    purpose: str,
    *,
    rows: Iterable[int],
    team: Team | None = None,
    locality: Locality | None = None,
) -> AuditEvent:
    """The entry that every opened view of rows leaves: who, when, from where, which rows, on which page."""
    return record(
        AuditEvent.Kind.VIEW,
        by=request.user,
        purpose=purpose,
        request=request,
        team=team,
        locality=locality,
        row_ids=rows,
    )


def acting_person(user: User) -> User:
    """Who really sits there: the officer, where one sees as somebody else."""
    return user.seen_by or user


def network_address(request: HttpRequest) -> str | None:
    """The address the connection came from; a proxy's word for it is taken by the server, not here."""
    return request.META.get("REMOTE_ADDR") or None


def viewed_more(user: User, entry: str, rows: Iterable[int]) -> None:
    """Adds rows that reached an open page later to the page's own entry; only its own reader's."""
    number = whole_number(entry)
    if number is None:
        return
    fetched = set(rows)
    own = AuditEvent.objects.filter(pk=number, actor_id=acting_person(user).pk, kind=AuditEvent.Kind.VIEW)
    # Mostly a page asks for rows that it has: then nothing is locked or written.
    known = own.values_list("row_ids", flat=True).first()
    if known is None or fetched <= set(known):
        return
    with transaction.atomic():
        found = own.select_for_update().first()
        new = fetched - set(found.row_ids) if found else set()
        if found and new:
            found.row_ids = [*found.row_ids, *sorted(new)]
            found.save(update_fields=["row_ids"])
