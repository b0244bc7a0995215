"""`manage.py load_demo`: the demonstration council, once; a second run changes nothing.

Here and not beside load_scale, because check-ins are the Summary's.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.demo import PASSWORD, REAL_PEOPLE, real_people, shown_people
from accounts.management.refusing import RefusingCommand
from summary.changes.demonstration import hold_check_in
from tracker.changes.demonstration import load_council
from tracker.changes.refusals import Invalid


class Command(RefusingCommand):
    """Loads the council where it is missing, then says whom one can sign in as."""

    help = "Loads the demonstration council: six localities, 24 teams, invented cases. Repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--quiet`."""
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    def handle(self, *, quiet: bool, **options: Any) -> None:
        """Exits with 2 where the database is not the demonstration's."""
        if real_people():
            self.refuse(REAL_PEOPLE)
        try:
            made = load_council(today=timezone.localdate(), hold_check_in=hold_check_in)
        except Invalid as refused:
            self.refuse(str(refused))
        if not quiet:
            self._say(made=made)

    def _say(self, *, made: bool) -> None:
        self.stdout.write(
            "The demonstration council is loaded." if made else "The demonstration council was there already."
        )
        self.stdout.write(f"\nSign in with the password {PASSWORD} as one of these:")
        for person in shown_people():
            self.stdout.write(f"  {person.email:<50} {person.role}, {person.locality}")
        if not settings.DEMO:
            self.stdout.write("\nSigning in as these people needs DEMO=1.")
