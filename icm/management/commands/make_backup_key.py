"""`manage.py make_backup_key FILE`: makes the key that encrypts copies."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from icm.backups import key
from icm.management.copying import CopyingCommand


class Command(CopyingCommand):
    """Never overwrites a key: without it the copies made with it are lost."""

    help = "Make the key that encrypts copies of the database, in a new file."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        """Prints the key's name, never the key."""
        made = key.make(file)
        self.stdout.write(
            f"Key {made.name} is in {file}. Name the file in BACKUP_KEY_FILE, and keep a second one of it,"
            " with SECRET_KEY and LOG_KEY, away from this machine and the copies: without it no copy can"
            " be read."
        )
