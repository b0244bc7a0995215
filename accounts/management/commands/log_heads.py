"""`manage.py log_heads`: the newest link of each day, to be kept off this machine."""

from datetime import date
from typing import Any

from django.core.management.base import CommandParser

from accounts.chain.verify import heads
from accounts.management.refusing import RefusingCommand


class Command(RefusingCommand):
    """One line a day: `2026-11-24 1234 key:salt:digest`. `verify_log --heads` reads them again."""

    help = "Print the head of the log of each day, to be kept elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--since`."""
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="leave out the days before")

    def handle(self, *, since: str | None, **options: Any) -> None:
        """Prints nothing where nothing has been sealed."""
        try:
            first = date.fromisoformat(since) if since else date.min
        except ValueError:
            self.refuse("--since takes a day as 2026-11-24.")
        for head in heads():
            if head.day >= first:
                self.stdout.write(str(head))
