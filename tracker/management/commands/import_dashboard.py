"""`manage.py import_dashboard`: the dashboard's list of open cases onto a locality's trackers.

It is an operator's tool: it adds the new cases and takes over what the list says of those on both, as far as
the person of `--by` may, and without `--by` on every tracker. Everything else it only tells (ADR 0022).
"""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Locality, User
from tracker.changes.dashboard import bring_in
from tracker.dashboard.compare import Comparison, Kind, compare, usual_pin_width
from tracker.dashboard.read import read_in_child
from tracker.dashboard.reading import KEYS, Row
from tracker.importing.summing_up import counted
from tracker.management.importing import ImportCommand, Imported

CASE_STATUS = "Case status"


class Command(ImportCommand):
    """Reads the list, tells how it differs from the trackers, and brings it in unless it is a dry run."""

    help = "Import the dashboard's list of open cases onto the trackers of a locality."
    kinds = ".csv or .xlsx"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The locality."""
        super().add_arguments(parser)
        parser.add_argument("--locality", required=True, help="the locality's name")

    def bring_in(self, data: bytes, by: User | None, options: Mapping[str, Any]) -> Imported:
        """Every row of the list is told, those of other localities too."""
        locality = Locality.objects.get(name=" ".join(options["locality"].split()))
        today = timezone.localdate()
        reading = read_in_child(data, today=today, pin_width=usual_pin_width(locality))
        found = compare(reading, locality=locality, by=by)
        if not options["dry_run"]:
            chosen = {one.key: one.chosen for one in found.of(Kind.NEW)}
            bring_in(found=found, chosen=chosen, facts=True, by=by)
        message = _summed_up(found, dry_run=options["dry_run"])
        rows = [_row(row) for row in reading.rows if not row.broken]
        more = {**found.counts, "compare": found.told()}
        return Imported(message, found.messages, reading.sheet, rows, more)

    def no_such_place(self, options: Mapping[str, Any]) -> str:
        """The locality that is not there."""
        return f"There is no locality called “{options['locality']}”. Write the name as on its pages."


def _summed_up(found: Comparison, *, dry_run: bool) -> str:
    told = f"{counted(found.counts)}."
    if proposed := len(found.of(Kind.MEETING)):
        told += f" Later next CIN meetings on the list: {proposed}, to be confirmed on the list’s page."
    return f"{told} Nothing was changed: this was a dry run." if dry_run else told


def _row(row: Row) -> dict[str, object]:
    values = {key: getattr(row, key) for key in KEYS}
    iso = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}
    return {"row": row.row, **iso, "extra": {CASE_STATUS: row.check} if row.check else {}}
