"""`manage.py upgrade`: copies the database, brings it up to this program, and checks it."""

from typing import Any

from django.core.management import call_command
from django.db import connection

from accounts import audit
from accounts.chain import triggers
from accounts.waiting import counted
from icm.backups import bringing_back, copies
from icm.backups.program import lacking
from icm.management.copying import CopyingCommand

BROKEN = 1


class Command(CopyingCommand):
    """Exit status 0: done, or nothing to do. 1: failed; the last lines say how to go back. 2: refused."""

    help = "Copy the database, migrate it to this program, and check it."

    def handle(self, **options: Any) -> None:
        """Safe to run again, also where it was killed."""
        missing = lacking(connection)
        if not missing:
            self.stdout.write("Nothing to do: the database is as new as the program.")
            return
        copy = copies.make(before_upgrade=True)
        self.stdout.write(f"Copied before: {bringing_back.said_of(copy)}")
        whole = False
        try:
            call_command("migrate", verbosity=0)
            whole = not triggers.missing() and audit.check_log(by=None).fine
        finally:
            if not whole:
                self.stderr.write(
                    "The upgrade failed. Run it again; or go back: install the program of before, and"
                    f" `manage.py restore {copy.path} --replace`."
                )
        if not whole:
            raise SystemExit(BROKEN)
        bringing_back.note_since()
        bringing_back.record_made(copy)
        self.stdout.write(f"Upgraded: {counted(missing, 'migration', 'migrations')}. The log verifies.")
