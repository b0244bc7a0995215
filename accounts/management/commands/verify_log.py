"""`manage.py verify_log`: checks the audit log and the history, and names what is not as it was written."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts import audit
from accounts.chain.verify import Head, Report, Unreadable, read_heads
from accounts.management.refusing import RefusingCommand

BROKEN = 1


class Command(RefusingCommand):
    """Exit status 0: everything is as it was written. 1: something is not. 2: the heads cannot be read."""

    help = "Check the chain over the audit log and the history."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--heads`, `--json`."""
        parser.add_argument("--heads", metavar="FILE", help="heads kept elsewhere; - reads standard input")
        parser.add_argument("--json", action="store_true", help="one object on standard output")

    def handle(self, *, heads: str | None, json: bool, **options: Any) -> None:
        """The check itself is an entry of the log."""
        report = audit.check_log(by=None, kept=self._kept(heads) if heads else ())
        self.stdout.write(_as_json(report) if json else _in_words(report))
        if not report.fine:
            raise SystemExit(BROKEN)

    def _kept(self, file: str) -> list[Head]:
        try:
            return read_heads(sys.stdin.read() if file == "-" else Path(file).read_text())
        except Unreadable as refused:
            self.refuse(str(refused))
        except (OSError, UnicodeDecodeError):
            self.refuse(f"{file} cannot be read.")


def _in_words(report: Report) -> str:
    lines = [str(fault) for fault in report.faults]
    if report.found > len(lines):
        lines.append(f"… and {report.found - len(lines)} more.")
    if report.fine:
        lines.append("Everything is as it was written.")
    sealed = (
        f"up to {timezone.localtime(report.sealed_up_to):%d/%m/%y %H:%M}"
        if report.sealed_up_to
        else "nothing yet"
    )
    lines.append(f"{report.links} entries sealed, {sealed}; {report.waiting} wait to be sealed.")
    return "\n".join(lines)


def _as_json(report: Report) -> str:
    return json.dumps(
        {
            "fine": report.fine,
            "links": report.links,
            "sealed_up_to": report.sealed_up_to.isoformat() if report.sealed_up_to else None,
            "waiting": report.waiting,
            "found": report.found,
            "faults": [{"where": fault.where, "what": fault.what} for fault in report.faults],
        }
    )
