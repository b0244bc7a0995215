"""`manage.py load_scale --rows N`: invented localities with N open rows, for measuring."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.demo import REAL_PEOPLE, real_people
from accounts.management.refusing import RefusingCommand
from tracker.changes.demonstration import load_rows


class Command(RefusingCommand):
    """Adds what is missing up to N open rows, beside the demonstration council or without it."""

    help = "Loads localities with so many open rows in all, about 45 a team, with a little history."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--rows`."""
        parser.add_argument("--rows", type=int, required=True, help="open rows in all")

    def handle(self, *, rows: int, **options: Any) -> None:
        """Exits with 2 where the database holds real people, or the number is none."""
        if rows < 1:
            self.refuse("--rows takes a number above 0.")
        if real_people():
            self.refuse(REAL_PEOPLE)
        added = load_rows(rows=rows, today=timezone.localdate())
        self.stdout.write(f"{added} open rows added: {rows} are there for measuring.")
