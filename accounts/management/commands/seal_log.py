"""`manage.py seal_log`: seals what the logs got since. For a timer, every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.chain.seal import seal
from accounts.chain.verify import heads


class Command(BaseCommand):
    """Prints the head after it: a journal that is kept elsewhere then shows a log that was cut."""

    help = "Seal new entries of the audit log and of the history, and print the newest head."

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to repeat, and at the same time as another."""
        number = seal(everything=True)
        self.stdout.write(f"{number} {'entry' if number == 1 else 'entries'} sealed.")
        if newest := heads()[-1:]:
            self.stdout.write(f"Head: {newest[0]}")
