"""`manage.py load_scale --rows N`: invented localities with N open rows, for measuring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.demo import real_people
from tracker.changes.demonstration import load_rows
from tracker.management.commands.load_demo import REFUSED


class Command(BaseCommand):
    """Adds what is missing up to N open rows, beside the demonstration council or without it."""

    help = "Loads localities with so many open rows in all, about 45 a team, with a little history."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--rows`."""
        parser.add_argument("--rows", type=int, required=True, help="open rows in all")

    def handle(self, *, rows: int, **options: Any) -> None:
        """Exits with 2 where the database holds real people, or the number is none."""
        if rows < 1:
            raise CommandError("--rows takes a number above 0.", returncode=2)
        if real_people():
            raise CommandError(REFUSED, returncode=2)
        added = load_rows(rows=rows, today=timezone.localdate())
        self.stdout.write(f"{added} open rows added: {rows} are there for measuring.")
