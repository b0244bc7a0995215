"""`manage.py verify_backup [FILE]`: unpacks a copy and counts what it holds against what it says."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts import audit
from accounts.backups import VERIFIED
from accounts.models import AuditEvent
from icm.backups import bringing_back, copies, store
from icm.management.copying import CopyingCommand


class Command(CopyingCommand):
    """Brings nothing back, so it may run at any time."""

    help = "Check a copy to its last record; without FILE the newest one."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *, file: Path | None, **options: Any) -> None:
        """Prints what it found; the check is an entry of the log."""
        copy = copies.verify(file or store.newest())
        audit.record(AuditEvent.Kind.BACKUP, by=None, purpose=VERIFIED, copy=copy.path.name)
        self.stdout.write(f"{bringing_back.said_of(copy)} Every record is as it was.")
