"""`manage.py import_workbook`: a team's workbook onto its tracker, or what that would do.

It is an operator's tool, which keeps all rules about values. Without `--by` it asks for no role; with it, for
that person's. Its contract is in the ADR 0013.
"""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from tracker.changes.bulk import import_rows
from tracker.importing.compare import make_plan
from tracker.importing.summing_up import summed_up
from tracker.management.importing import ImportCommand, Imported
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Row


class Command(ImportCommand):
    """Reads the file, tells what it found, and brings it in unless it is a dry run."""

    help = "Import a team's workbook onto its tracker."
    kinds = ".xlsx"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The team, and what tells where files leave a choice."""
        super().add_arguments(parser)
        parser.add_argument("--team", required=True, help="the team's name")
        parser.add_argument(
            "--keep",
            choices=("ours", "file"),
            default="ours",
            help="which side stays where a cell differs and may have been changed here since",
        )
        parser.add_argument("--sheet", help="the sheet that is the tracker, where several look like it")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            type=_column,
            metavar="FIELD=LETTERS",
            help="which column a field is, such as pin=C, where no heading tells; pin= for none",
        )

    def bring_in(self, data: bytes, by: User | None, options: Mapping[str, Any]) -> Imported:
        """Every row of the file is told as it was read, those held back too."""
        team = Team.objects.select_related("locality").get(name=options["team"].strip())
        today = timezone.localdate()
        reading = read_in_child(data, today=today, columns=dict(options["column"]), sheet=options["sheet"])
        plan = make_plan(reading, team=team, by=by, today=today, keep=options["keep"])
        if not options["dry_run"] and plan.changes_anything:
            import_rows(team=team, plan=plan, by=by)
        message = summed_up(plan, dry_run=options["dry_run"])
        rows = [_row(row) for row in reading.rows]
        return Imported(message, plan.messages, reading.sheet, rows, plan.counts)

    def no_such_place(self, options: Mapping[str, Any]) -> str:
        """The team that is not there."""
        return f"There is no team called “{options['team']}”. Write the name as on its tracker."


def _column(told: str) -> tuple[str, str]:
    key, _, letters = told.partition("=")
    return key.strip(), letters.strip()


def _row(row: Row) -> dict[str, object]:
    values = {
        key: value if value is None or isinstance(value, str) else value.isoformat()
        for key, value in row.values().items()
    }
    return {"row": row.row, **values, "extra": dict(row.extra)}
