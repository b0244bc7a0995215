"""`manage.py import_workbook`: a team's workbook onto its tracker, or what that would do.

It is an operator's tool: it asks for no role, and keeps all rules about values. Its contract is in the
ADR 0013.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.utils import timezone

from accounts.management.refusing import RefusingCommand
from accounts.models import Team, User
from tracker.changes.bulk import import_rows
from tracker.changes.refusals import Refusal
from tracker.importing.compare import make_plan
from tracker.importing.plan import Plan
from tracker.importing.summing_up import summed_up
from tracker.workbook.guard import FILE_BYTES, Refused
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Reading, Row


class Command(RefusingCommand):
    """Reads the file, tells what it found, and brings it in unless it is a dry run."""

    help = "Import a team's workbook onto its tracker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the team, and how."""
        parser.add_argument("file", type=Path, help="the .xlsx file")
        parser.add_argument("--team", required=True, help="the team's name")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
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
        parser.add_argument("--by", default="", help="the e-mail address of the person it is done for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 2 with one sentence on standard error where the input is refused."""
        try:
            reading, plan = self._import(**options)
        except (Refused, Refusal, User.DoesNotExist, Team.DoesNotExist, OSError) as refused:
            self._refuse(_sentence(refused, options), as_json=options["json"])
        message = summed_up(plan, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps(_told(reading, plan, message)))
            return
        for told in plan.messages:
            self.stdout.write(f"{told.level}: {told.text}")
        self.stdout.write(message)

    def _import(self, **options: Any) -> tuple[Reading, Plan]:
        team = Team.objects.select_related("locality").get(name=options["team"].strip())
        by = User.objects.get(email__iexact=options["by"]) if options["by"] else None
        with options["file"].open("rb") as file:
            # One byte more than may be read is enough to see that it is too large.
            data = file.read(FILE_BYTES + 1)
        today = timezone.localdate()
        reading = read_in_child(data, today=today, columns=dict(options["column"]), sheet=options["sheet"])
        plan = make_plan(reading, team=team, by=by, today=today, keep=options["keep"])
        if not options["dry_run"] and plan.changes_anything:
            import_rows(team=team, plan=plan, by=by)
        return reading, plan

    def _refuse(self, message: str, *, as_json: bool) -> NoReturn:
        if as_json:
            self.stdout.write(json.dumps({"outcome": "refuse", "message": message}))
        self.refuse(message)


def _column(told: str) -> tuple[str, str]:
    key, _, letters = told.partition("=")
    return key.strip(), letters.strip()


def _sentence(refused: Exception, options: dict[str, Any]) -> str:
    if isinstance(refused, Team.DoesNotExist):
        return f"There is no team called “{options['team']}”. Write the name as on its tracker."
    if isinstance(refused, User.DoesNotExist):
        return f"There is nobody with the e-mail address {options['by']}."
    if isinstance(refused, OSError):
        return f"The file {options['file']} cannot be read: {refused.strerror or refused}."
    return str(refused)


def _told(reading: Reading, plan: Plan, message: str) -> dict[str, object]:
    """The object of the contract: every row of the file as it was read, those held back too."""
    return {
        "outcome": "import",
        "message": message,
        "sheet": reading.sheet,
        "rows": [_row(row) for row in reading.rows],
        "messages": [{"cell": told.cell, "level": told.level, "text": told.text} for told in plan.messages],
        **plan.counts,
    }


def _row(row: Row) -> dict[str, object]:
    values = {
        key: value if value is None or isinstance(value, str) else value.isoformat()
        for key, value in row.values().items()
    }
    return {"row": row.row, **values, "extra": dict(row.extra)}
