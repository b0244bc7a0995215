"""`manage.py purge_closed`: erases cases whose time is over. For a timer, once a day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent
from tracker.changes.erasing import let_go_of_stale, purge_cases
from tracker.models import RetentionRule
from tracker.retention import Counts, due, due_cases

# Cases of one transaction: others who write wait for it.
AT_ONCE = 20


class Command(BaseCommand):
    """A few cases are one transaction: stopped half-way, the next run goes on. Prints numbers only."""

    help = "Erase the cases that were closed or removed longer ago than the council keeps them."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run` changes nothing."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be erased, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits 0; a case that comes back meanwhile is left alone."""
        today, days = timezone.localdate(), RetentionRule.in_force()
        found = due(today, days)
        if options["dry_run"]:
            self.stdout.write(
                f"Would be erased after {days} days: {said(found.counts)}; {found.held} on hold."
            )
            return
        let_go_of_stale(now=timezone.now())
        done = sum((purge_cases(case_ids=ids, today=today) for ids in _portions(today, days)), Counts())
        audit.record(
            AuditEvent.Kind.RETENTION, by=None, purpose="purge", days=days, held=found.held, **vars(done)
        )
        self.stdout.write(f"Erased after {days} days: {said(done)}; {found.held} on hold.")


def said(counts: Counts) -> str:
    """The numbers in words."""
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in vars(counts).items())


def _portions(today: date, days: int) -> Iterator[list[int]]:
    """The cases that are due, in portions: each is asked for after the portion before is done."""
    last = 0
    while ids := list(
        due_cases(today, days).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield ids
        last = ids[-1]
