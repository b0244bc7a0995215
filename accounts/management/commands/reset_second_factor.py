"""`manage.py reset_second_factor EMAIL`: for the one officer who has lost phone and recovery codes."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.changes.second_factor import reset_second_factor
from accounts.management.refusing import RefusingCommand
from accounts.models import User


class Command(RefusingCommand):
    """What an officer does on a person's page, for when no other officer can sign in."""

    help = "Takes a person's second factor away and signs them out everywhere; they set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person's e-mail address."""
        parser.add_argument("email")

    def handle(self, email: str, **options: Any) -> None:
        """Exits with 2 where nobody has this address."""
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            self.refuse("Nobody has this e-mail address.")
        reset_second_factor(person=person, by=None)
        self.stdout.write("The second factor is reset.")
