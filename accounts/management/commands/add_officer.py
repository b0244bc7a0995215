"""`manage.py add_officer EMAIL NAME`: makes somebody a performance officer, above all the first."""

from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from accounts.changes.officers import make_officer
from accounts.forms.invitations import PasswordForm
from accounts.management.refusing import RefusingCommand
from accounts.models import User


class Command(RefusingCommand):
    """Prints the link by which the person sets a password, or asks for the password here."""

    help = "Make somebody a performance officer. Prints a link to set the password, good for 7 days."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and whether the password is typed here."""
        parser.add_argument("email", help="their e-mail address, with which they sign in")
        parser.add_argument("name", nargs="?", default="", help="their name; not needed where they are known")
        parser.add_argument("--password", action="store_true", help="ask for the password, print no link")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        """Writes the person and the role, and the log's entries of both."""
        password = self._password(email, name) if options["password"] else None
        try:
            person, path = make_officer(email=email, name=name, password=password)
        except ValidationError as refused:
            self.refuse(refused.messages[0])
        self.stdout.write(f"{person.name} is a performance officer.")
        if path:
            link = settings.SITE_ADDRESS + path
            self.stdout.write(f"Give them this link, good for 7 days and once only:\n{link}")

    def _password(self, email: str, name: str) -> str:
        """Typed twice, unseen; refused as on the page of an invitation."""
        told = {"password": getpass("Password: "), "again": getpass("The same again: ")}
        person = User.objects.filter(email__iexact=email).first() or User(email=email, name=name)
        form = PasswordForm(told, person=person)
        if not form.is_valid():
            self.refuse(" ".join(str(text) for texts in form.errors.values() for text in texts))
        return told["password"]
