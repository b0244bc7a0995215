"""`manage.py backup`: makes an encrypted copy of the database while people work. For a timer, once a day."""

from typing import Any

from icm.backups import bringing_back, copies
from icm.management.copying import CopyingCommand


class Command(CopyingCommand):
    """The copy is there under its name when it has been read through, and not before."""

    help = "Make an encrypted copy of the database, and let go of copies that are too old."

    def handle(self, **options: Any) -> None:
        """Prints which file, how big, how much it holds."""
        copy = copies.make()
        bringing_back.note_since()
        bringing_back.record_made(copy)
        self.stdout.write(bringing_back.said_of(copy))
