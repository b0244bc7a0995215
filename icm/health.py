"""How the installation is, in sentences for performance officers. Strangers learn `well` and no more."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from accounts.audit import CHECK_OF_LOG
from accounts.backups import MADE, VERIFIED, late, newest
from accounts.models import AuditEvent, AuditLink, Notice
from accounts.waiting import counted

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
    """Which database answers, and whether it is as new as the program."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    new = f"{counted(len(missing), 'migration is', 'migrations are')} missing" if missing else "up to date"
    return Check("Database", not missing, f"{connection.display_name} answers, {new}.")


def disk() -> Check:
    """How much room is left beside the program, where the database is a file and uploads are read."""
    usage = shutil.disk_usage(settings.BASE_DIR)
    left = usage.free / usage.total
    return Check("Disk", left > DISK_LEFT, f"{left:.0%} of the disk is free.")


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
