"""Bringing a copy back, into an empty place or over what is there; then erasing what was erased since."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.utils import timezone

from accounts import audit
from accounts.backups import BROUGHT_BACK, MADE
from accounts.changes.sessions import end_every_session
from accounts.models import AuditEvent
from icm.backups import Refused, copies, store
from icm.backups.copies import KINDS, Copy
from tracker.changes.erasing import erase_again
from tracker.changes.retention import hold_again
from tracker.retention import erased_by_hand, held_cases

# Numbers of what was erased by hand and of what is held, as the newest copy knew them: an older one does not.
SINCE = "erased-and-held.json"


def note_since() -> None:
    """Writes beside the copies which rows were erased by hand and which cases are held. Numbers only."""
    told = {"erased": erased_by_hand(), "held": held_cases()}
    with store.written(store.folder() / SINCE) as file:
        file.write(json.dumps(told).encode())


def record_made(copy: Copy) -> None:
    """The log's entry of a copy: who copied everything is part of it, and Health reads when that was."""
    audit.record(
        AuditEvent.Kind.BACKUP,
        by=None,
        purpose=MADE,
        copy=copy.path.name,
        bytes=copy.size,
        records=copy.manifest.records,
    )


def bring_back(path: Path, *, replace: bool) -> Copy:
    """The whole of it but the check of the log. Raises `Refused` with everything as it was before."""
    copy = copies.look_at(path)
    _fits(copy, replace=replace)
    with copies.reading(path) as (manifest, data):
        copies.engine().put_in(data, manifest.tables)
    call_command("migrate", verbosity=0)
    end_every_session()
    audit.record(
        AuditEvent.Kind.BACKUP,
        by=None,
        purpose=BROUGHT_BACK,
        copy=path.name,
        made_at=copy.manifest.at.isoformat(),
    )
    return copy


def erase_since(path: Path, *, say: OutputWrapper) -> Iterator[str]:
    """Holds and erases again what the list beside the copy names, then does as the daily timer does."""
    beside = path.parent / SINCE
    if beside.exists():
        told = json.loads(beside.read_text())
        held = hold_again(cases=told["held"])
        again = erase_again(rows=told["erased"])
        yield f"Held again: {held} cases. Erased again by the list beside the copy: {again.rows} rows."
    call_command("purge_closed", stdout=say)


def _fits(copy: Copy, *, replace: bool) -> None:
    manifest = copy.manifest
    here = next(kind for kind, engine in copies.ENGINES.items() if engine is copies.engine())
    if manifest.kind != here:
        raise Refused(
            f"This copy is of {KINDS[manifest.kind]}, and DATABASE_URL names {KINDS[here]}:"
            " it comes back only on the kind of database where it was made."
        )
    if copies.unknown_migrations(manifest):
        raise Refused(
            f"This copy is of a newer program ({manifest.version}) than this one ({copies.version()}):"
            " install that version, then bring it back."
        )
    if not replace and not copies.engine().empty():
        raise Refused(
            "The database is not empty: name an empty one in DATABASE_URL, or give --replace to lose what"
            " is there."
        )


def said_of(copy: Copy) -> str:
    """The copy in one line."""
    at = timezone.localtime(copy.manifest.at)
    return (
        f"{copy.path.name}: made on {at:%d/%m/%y at %H:%M}, {copy.size / 1_000_000:.1f} MB,"
        f" {copy.manifest.records} records in {len(copy.manifest.tables)} tables,"
        f" ICM {copy.manifest.version}."
    )
