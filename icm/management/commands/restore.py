"""`manage.py restore FILE`: brings a copy back, erases again what was erased since, and checks the log."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts import audit
from icm.backups import bringing_back
from icm.management.copying import CopyingCommand

BROKEN = 1


class Command(CopyingCommand):
    """Exit status 0: it is back and the log verifies. 1: back, and the log does not. 2: nothing was done."""

    help = "Bring a copy back into an empty database, or with --replace over what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, `--replace`."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="lose what is in the database now")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        """Prints each step when it is done."""
        copy = bringing_back.bring_back(file, replace=replace)
        self.stdout.write(f"Brought back: {bringing_back.said_of(copy)}")
        for sentence in bringing_back.erase_since(file, say=self.stdout):
            self.stdout.write(sentence)
        report = audit.check_log(by=None)
        for fault in report.faults:
            self.stdout.write(str(fault))
        if not report.fine:
            raise SystemExit(BROKEN)
        at = timezone.localtime(copy.manifest.at)
        self.stdout.write(
            f"The log verifies: {report.links} entries. Everybody signs in anew. Access that was given or"
            f" ended after {at:%d/%m/%y %H:%M}, rows erased by hand and holds placed since are not in it:"
            " performance officers go through them."
        )
