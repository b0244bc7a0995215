"""What the commands that import one file share: their options, what they print, and how they refuse."""

import json
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied

from accounts.management.refusing import RefusingCommand
from accounts.models import Locality, Team, User
from tracker.changes.refusals import Refusal
from tracker.workbook.guard import FILE_BYTES, Refused
from tracker.workbook.reading import Message

NO_PLACE = (Team.DoesNotExist, Locality.DoesNotExist)


@dataclass(frozen=True)
class Imported:
    """What became of a file: in one sentence, cell by cell, and what else the contract's object has."""

    message: str
    messages: Sequence[Message]
    sheet: str | None
    rows: Sequence[Mapping[str, object]]
    more: Mapping[str, object]

    def told(self) -> dict[str, object]:
        """The object of the contract."""
        messages = [{"cell": told.cell, "level": told.level, "text": told.text} for told in self.messages]
        return {
            "outcome": "import",
            "message": self.message,
            "sheet": self.sheet,
            "rows": list(self.rows),
            "messages": messages,
            **self.more,
        }


class ImportCommand(RefusingCommand):
    """Reads one file, tells what is in it, and brings it in unless it is a dry run."""

    kinds: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and how."""
        parser.add_argument("file", type=Path, help=f"the {self.kinds} file")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--by", default="", help="the e-mail address of the person it is done for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 2 with one sentence on standard error where the input is refused."""
        try:
            by = User.objects.get(email__iexact=options["by"]) if options["by"] else None
            imported = self.bring_in(_bytes_of(options["file"]), by, options)
        except (Refused, Refusal, PermissionDenied, User.DoesNotExist, *NO_PLACE, OSError) as refused:
            self._refuse(self._sentence(refused, options), as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(imported.told()))
            return
        for told in imported.messages:
            self.stdout.write(f"{told.level}: {told.text}")
        self.stdout.write(imported.message)

    @abstractmethod
    def bring_in(self, data: bytes, by: User | None, options: Mapping[str, Any]) -> Imported:
        """Reads the file and does what it says. Raises what `handle` puts into a sentence."""

    @abstractmethod
    def no_such_place(self, options: Mapping[str, Any]) -> str:
        """The sentence where the place is not there that the options name."""

    def _sentence(self, refused: Exception, options: Mapping[str, Any]) -> str:
        if isinstance(refused, User.DoesNotExist):
            return f"There is nobody with the e-mail address {options['by']}."
        if isinstance(refused, NO_PLACE):
            return self.no_such_place(options)
        if isinstance(refused, OSError):
            return f"The file {options['file']} cannot be read: {refused.strerror or refused}."
        return str(refused)

    def _refuse(self, message: str, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"outcome": "refuse", "message": message}))
        self.refuse(message)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        # One byte more than may be read is enough to see that it is too large.
        return file.read(FILE_BYTES + 1)
