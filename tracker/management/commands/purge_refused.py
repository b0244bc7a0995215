"""`manage.py purge_refused`: lets go of refused texts after 30 days. For a timer, once a day."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.changes.refused import KEPT_FOR, purge_refused


class Command(BaseCommand):
    """Deletes them and says how many; nothing of what they said is printed."""

    help = f"Delete texts that were refused more than {KEPT_FOR.days} days ago."

    def handle(self, *args: Any, **options: Any) -> None:
        """One statement; it may run as often as one likes."""
        number = purge_refused(now=timezone.now())
        self.stdout.write(f"{number} refused text{'' if number == 1 else 's'} deleted.")
