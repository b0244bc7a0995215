"""`manage.py import_dashboard`: the dashboard's list of open cases onto a locality's trackers.

It is an operator's tool: it asks for no role. It adds the new cases and takes over what the list says
of those on both; everything else it only tells (ADR 0022).
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.utils import timezone

from accounts.management.refusing import RefusingCommand
from accounts.models import Locality, User
from tracker.changes.dashboard import bring_in
from tracker.changes.refusals import Refusal
from tracker.dashboard.compare import Comparison, Kind, compare, usual_pin_width
from tracker.dashboard.read import read_in_child
from tracker.dashboard.reading import KEYS, DashboardList, Row
from tracker.importing.summing_up import counted
from tracker.workbook.guard import FILE_BYTES, Refused

CASE_STATUS = "Case status"


class Command(RefusingCommand):
    """Reads the list, tells how it differs from the trackers, and brings it in unless it is a dry run."""

    help = "Import the dashboard's list of open cases onto the trackers of a locality."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the locality, and how."""
        parser.add_argument("file", type=Path, help="the .csv or .xlsx file")
        parser.add_argument("--locality", required=True, help="the locality's name")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--by", default="", help="the e-mail address of the person it is done for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 2 with one sentence on standard error where the input is refused."""
        try:
            reading, found = self._import(**options)
        except (Refused, Refusal, User.DoesNotExist, Locality.DoesNotExist, OSError) as refused:
            self._refuse(_sentence(refused, options), as_json=options["json"])
        message = _summed_up(found, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(_told(reading, found, message)))
            return
        for told in found.messages:
            self.stdout.write(f"{told.level}: {told.text}")
        self.stdout.write(message)

    def _import(self, **options: Any) -> tuple[DashboardList, Comparison]:
        name = " ".join(options["locality"].split())
        locality = Locality.objects.get(name=name)
        by = User.objects.get(email__iexact=options["by"]) if options["by"] else None
        with options["file"].open("rb") as file:
            # One byte more than may be read is enough to see that it is too large.
            data = file.read(FILE_BYTES + 1)
        today = timezone.localdate()
        reading = read_in_child(data, today=today, pin_width=usual_pin_width(locality))
        found = compare(reading, locality=locality, by=by)
        if not options["dry_run"]:
            chosen = {one.key: one.chosen for one in found.of(Kind.NEW)}
            bring_in(found=found, chosen=chosen, facts=True, by=by)
        return reading, found

    def _refuse(self, message: str, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"outcome": "refuse", "message": message}))
        self.refuse(message)


def _sentence(refused: Exception, options: dict[str, Any]) -> str:
    if isinstance(refused, Locality.DoesNotExist):
        return f"There is no locality called “{options['locality']}”. Write the name as on its pages."
    if isinstance(refused, User.DoesNotExist):
        return f"There is nobody with the e-mail address {options['by']}."
    if isinstance(refused, OSError):
        return f"The file {options['file']} cannot be read: {refused.strerror or refused}."
    return str(refused)


def _summed_up(found: Comparison, *, dry_run: bool) -> str:
    told = f"{counted(found.counts)}."
    if proposed := len(found.of(Kind.MEETING)):
        told += f" Later next CIN meetings on the list: {proposed}, to be confirmed on the list’s page."
    return f"{told} Nothing was changed: this was a dry run." if dry_run else told


def _told(reading: DashboardList, found: Comparison, message: str) -> dict[str, object]:
    """The object of the contract: every row of the list, those of other localities too."""
    return {
        "outcome": "import",
        "message": message,
        "sheet": reading.sheet,
        "rows": [_row(row) for row in reading.rows if not row.broken],
        "messages": [{"cell": told.cell, "level": told.level, "text": told.text} for told in found.messages],
        **found.counts,
        "compare": found.told(),
    }


def _row(row: Row) -> dict[str, object]:
    values = {key: getattr(row, key) for key in KEYS}
    iso = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}
    return {"row": row.row, **iso, "extra": {CASE_STATUS: row.check} if row.check else {}}
