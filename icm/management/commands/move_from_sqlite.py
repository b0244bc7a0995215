"""`manage.py move_from_sqlite FILE`: moves a SQLite database into the empty PostgreSQL of DATABASE_URL."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from icm.backups.moving import move
from icm.management.copying import CopyingCommand


class Command(CopyingCommand):
    """All or nothing; the file stays as it is."""

    help = "Move everything from a SQLite file into an empty PostgreSQL, and compare every record."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, `--faults-known`."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--faults-known", action="store_true", help="move a log too whose check names faults"
        )

    def handle(self, *, file: Path, faults_known: bool, **options: Any) -> None:
        """Prints each table that holds something, with its records and their digest."""
        moved, report = move(file, faults_known=faults_known)
        self.stdout.write(f"{'records':>9}  {'digest':16}  table")
        for table, tally in sorted(moved.items()):
            if tally.records:
                self.stdout.write(f"{tally.records:9}  {tally.total:064x}"[:27] + f"  {table}")
        empty = sum(not tally.records for tally in moved.values())
        self.stdout.write(
            f"{sum(tally.records for tally in moved.values())} records in {len(moved) - empty} tables are the"
            f" same in both, by number and digest; {empty} tables are empty in both."
        )
        self.stdout.write(
            f"The log verifies: {report.links} entries."
            if report.fine
            else f"The log has {report.found} faults: `manage.py verify_log` names them."
        )
        self.stdout.write(
            f"From now on people work in PostgreSQL; {file} is as it was. Make a copy: `manage.py backup`."
        )
