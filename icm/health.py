"""How the installation is, in sentences for performance officers. Strangers learn `well` and no more."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.audit import CHECK_OF_LOG
from accounts.backups import MADE, VERIFIED, late, newest
from accounts.models import AuditEvent, AuditLink, Notice
from accounts.waiting import counted
from icm.backups.program import missing

logger = logging.getLogger(__name__)

# Below this there may be no room for a week of history.
DISK_LEFT = 0.05
SEALED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name, whether it is well, and what was found."""

    name: str
    well: bool
    said: str


def database() -> Check:
    """Which database answers, whether it takes what is written, and whether it is as new as the program."""
    name = connection.display_name
    if not _takes_writes():
        return Check("Database", False, f"{name} takes nothing that is written.")
    behind = missing(MigrationExecutor(connection))
    new = f"{counted(behind, 'migration is', 'migrations are')} missing" if behind else "up to date"
    return Check("Database", not behind, f"{name} answers and can be written to, {new}.")


def _takes_writes() -> bool:
    """Changes no row, and asks for what a change needs: the lock, and a database that is not read-only."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET name = name WHERE id < 0")
    except (DatabaseError, InterfaceError) as error:
        logger.warning("The database takes nothing that is written: %s", type(error).__name__)
        return False
    return True


def disk() -> Check:
    """How much room is left on the fullest disk to which something is written."""
    left = {what: _left(folder) for what, folder in _written_to().items()}
    what = min(left, key=lambda one: left[one])
    return Check("Disk", left[what] > DISK_LEFT, f"{left[what]:.0%} of the disk is free for {what}.")


def _written_to() -> dict[str, Path]:
    """What is written, and its folder. Of PostgreSQL only itself knows where it writes."""
    folders = {"uploads": Path(tempfile.gettempdir()), "copies": Path(settings.BACKUP_FOLDER)}
    if connection.vendor == "sqlite":
        folders["the database"] = Path(connection.settings_dict["NAME"]).parent
    return folders


def _left(folder: Path) -> float:
    """The share of its disk that is free; of a folder that is still to be made, the one above it counts."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    usage = shutil.disk_usage(there)
    return usage.free / usage.total


def mail() -> Check:
    """Whether there is a mail server, and what it did not take."""
    lost = Notice.objects.filter(mail_failed=True).count()
    if not settings.EMAIL_HOST:
        return Check("Mail", True, "No mail server is set: people read their news after signing in.")
    said = f"{counted(lost, 'mail', 'mails')} could not be sent." if lost else "Nothing has failed."
    return Check("Mail", not lost, said)


def backups() -> Check:
    """When the newest backup was made, how big it is, and whether it was verified."""
    made, verified = newest(MADE), newest(VERIFIED)
    if made is None:
        return Check("Backups", False, "Never: no backup has been made by this program yet.")
    at = timezone.localtime(made.at)
    said = f"{at:%d/%m/%y at %H:%M}, {made.detail['bytes'] / 1_000_000:.1f} MB, "
    if verified is None:
        said += "none verified yet."
    elif verified.detail["copy"] == made.detail["copy"]:
        said += "verified."
    else:
        said += f"the last one verified on {timezone.localtime(verified.at):%d/%m/%y}."
    return Check("Backups", not late(timezone.now()), said)


def log() -> Check:
    """Whether the log is sealed in time, and what its last check found."""
    last = AuditLink.objects.order_by("-number").first()
    newer = AuditEvent.objects.filter(at__gt=last.sealed_at) if last else AuditEvent.objects.all()
    oldest = newer.order_by("at").first()
    if oldest and timezone.now() - oldest.at > SEALED_WITHIN:
        return Check("Log", False, "What was done a day ago is not sealed: a timer has to run seal_log.")
    checks = AuditEvent.objects.filter(kind=AuditEvent.Kind.LOG, purpose=CHECK_OF_LOG)
    check = checks.order_by("-at").first()
    if check and check.detail["found"]:
        return Check("Log", False, "Its last check found entries that are not as they were written.")
    when = f"checked on {timezone.localtime(check.at):%d/%m/%y}" if check else "not checked yet"
    return Check("Log", True, f"Sealed within a day, {when}.")


CHECKS: tuple[Callable[[], Check], ...] = (database, disk, mail, backups, log)
# Cheap enough to be asked on each home page.
QUICK: tuple[Callable[[], Check], ...] = (disk, backups, log)


def unwell() -> Iterator[Check]:
    """Of what is quickly looked at, what is not well."""
    for look in QUICK:
        if not (found := look()).well:
            yield found


def ready() -> bool:
    """Whether saves can be made and are kept: the database, room on disk, and a copy of the last day."""
    # Nobody copies what is invented.
    return database().well and disk().well and (settings.DEMO or not late(timezone.now()))
