"""`manage.py export_workbook`: a team's tracker as a workbook, with full names, for an operator."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.management.refusing import RefusingCommand
from accounts.models import AuditEvent, Team
from tracker.changes.act import COMMAND_LINE
from tracker.exporting import tracker_sheet
from tracker.workbook.write import write_workbook


class Command(RefusingCommand):
    """Writes the file and leaves its entry in the audit log."""

    help = "Write a team's tracker as a workbook, with full names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The team and the file."""
        parser.add_argument("--team", required=True, help="the team's name")
        parser.add_argument("--output", required=True, type=Path, help="the .xlsx file to write")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 2 with one sentence on standard error where it cannot be done."""
        team = Team.objects.select_related("locality").filter(name=options["team"].strip()).first()
        if team is None:
            self.refuse(f"There is no team called “{options['team']}”. Write the name as on its tracker.")
        sheet = tracker_sheet(team, names="full", exported_by=COMMAND_LINE, at=timezone.localtime())
        audit.record(
            AuditEvent.Kind.EXPORT,
            by=None,
            purpose="export_workbook",
            team=team,
            row_ids=[row.row_id for row in sheet.rows],
            names="full",
        )
        try:
            options["output"].write_bytes(write_workbook(sheet))
        except OSError as failed:
            self.refuse(f"The file {options['output']} cannot be written: {failed.strerror or failed}.")
        self.stdout.write(f"{len(sheet.rows)} cases of {team} are in {options['output']}.")
