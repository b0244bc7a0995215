"""How the installation is, in sentences for performance officers. Strangers learn `well` and no more."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Notice
from accounts.waiting import counted

# Below this there may be no room for a week of history.
DISK_LEFT = 0.05


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
    """When the newest backup was made."""
    return Check("Backups", False, "Never: no backup has been made by this program yet.")


CHECKS: tuple[Callable[[], Check], ...] = (database, disk, mail, backups)
# Cheap enough to be asked on each home page.
QUICK: tuple[Callable[[], Check], ...] = (disk, backups)


def unwell() -> Iterator[Check]:
    """Of what is quickly looked at, what is not well."""
    for look in QUICK:
        if not (found := look()).well:
            yield found
