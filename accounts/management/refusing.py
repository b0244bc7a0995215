"""How a command refuses its input: one plain sentence on standard error, and exit status 2."""

from typing import NoReturn

from django.core.management.base import BaseCommand

REFUSED = 2


class RefusingCommand(BaseCommand):
    """A command that may refuse. CommandError would put its own name before the sentence."""

    def refuse(self, sentence: str) -> NoReturn:
        """Says why, and ends the command."""
        self.stderr.write(sentence)
        raise SystemExit(REFUSED)
