"""`manage.py import_workbooks`: the workbooks of many teams. Its contract is in the ADR 0018.

It is an operator's tool, as import_workbook is.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.management.refusing import RefusingCommand
from accounts.models import Team, User
from tracker.changes.deliveries import NO_FILES, confirm, deliver
from tracker.changes.refusals import Invalid, Refusal
from tracker.delivering import take_step
from tracker.delivery_report import outcome_of, report
from tracker.importing.many import compare, plan_of, read_file
from tracker.importing.summing_up import WORDS
from tracker.models import DeliveredFile, FileState
from tracker.workbook.bundle import Bundle, Sent
from tracker.workbook.guard import Refused


class Command(RefusingCommand):
    """Goes through all the files; one that is refused stops none of the others."""

    help = "Import the workbooks of many teams: a folder, a zip, or several files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, their teams, and how."""
        parser.add_argument("source", nargs="+", type=Path, help="a folder, a .zip or a workbook")
        parser.add_argument(
            "--team-of",
            action="append",
            default=[],
            metavar="FILE=TEAM",
            help="the team of a file, where its name does not say it; may be given several times",
        )
        parser.add_argument("--dry-run", action="store_true", help="only tell what would happen")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument("--report", type=Path, metavar="FILE.csv", help="write the report there")
        parser.add_argument("--by", default="", help="the e-mail address of the person it is done for")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit status 0 where all came in; 2 with a sentence on standard error where anything did not."""
        self.as_json, dry_run = bool(options["json"]), bool(options["dry_run"])
        try:
            by = User.objects.get(email__iexact=options["by"]) if options["by"] else None
            sent = list(_opened(options["source"]))
            if not sent:
                raise Invalid(NO_FILES)
            teams = dict(pair for text in options["team_of"] for pair in self._team_of(text, sent))
            files = (_looked_at if dry_run else _brought_in)(sent, teams, by)
            if options["report"]:
                options["report"].write_text("\ufeff" + report(files, dry_run=dry_run), encoding="utf-8")
        except User.DoesNotExist:
            self._refuse(f"There is nobody with the e-mail address {options['by']}.")
        except OSError as failed:
            self._refuse(f"{failed.filename} cannot be read or written: {failed.strerror or failed}.")
        except (Refused, Refusal, PermissionDenied) as refused:
            self._refuse(str(refused))
        self._tell(files, dry_run=dry_run)

    def _team_of(self, text: str, sent: list[Sent]) -> list[tuple[str, Team]]:
        """The files, by their labels, that one FILE=TEAM is about."""
        name, _, called = text.rpartition("=")
        team = Team.objects.select_related("locality").filter(name=called.strip()).first()
        if team is None:
            self._refuse(f"There is no team called “{called}”. Write the name as on its tracker.")
        files = [one.name for one in sent if name in (one.name, one.name.rpartition("/")[2])]
        if not files:
            self._refuse(f"There is no file called “{name}” among these. Write --team-of 'FILE=TEAM'.")
        return [(file, team) for file in files]

    def _tell(self, files: list[DeliveredFile], *, dry_run: bool) -> None:
        came = sum(file.state in (FileState.IMPORTED, FileState.SAME) for file in files)
        ready = sum(file.state == FileState.READ and file.team is not None for file in files)
        left = len(files) - came - (ready if dry_run else 0)
        message = f"{'Would import' if dry_run else 'Imported'} {len(files) - left} of {len(files)} files."
        if self.as_json:
            told = [_told(file, dry_run=dry_run) for file in files]
            outcome = "import" if left < len(files) else "refuse"
            self.stdout.write(json.dumps({"outcome": outcome, "message": message, "files": told}))
        else:
            for file in files:
                self.stdout.write(_line(file, dry_run=dry_run))
            self.stdout.write(message)
        if left:
            self.refuse(message)

    def _refuse(self, message: str) -> NoReturn:
        if self.as_json:
            self.stdout.write(json.dumps({"outcome": "refuse", "message": message, "files": []}))
        self.refuse(message)


def _opened(sources: list[Path]) -> Iterator[Sent]:
    bundle = Bundle()
    for source in sources:
        if source.is_dir():
            yield from bundle.folder(source)
        else:
            with source.open("rb") as file:
                yield from bundle.opened(source.name, file)


def _looked_at(sent: list[Sent], teams: dict[str, Team], by: User | None) -> list[DeliveredFile]:
    """What would happen; nothing is written, not even that somebody asked."""
    today, all_teams = timezone.localdate(), list(Team.objects.select_related("locality"))
    files = []
    for one in sent:
        file = DeliveredFile(name=one.name, data=one.data, team=teams.get(one.name))
        if one.refusal:
            file.state, file.refusal = FileState.REFUSED, one.refusal
        else:
            read_file(file, teams=all_teams, today=today)
        if file.state == FileState.READ and file.team:
            compare(file, plan_of(file, by=by, today=today))
        files.append(file)
    return files


def _brought_in(sent: list[Sent], teams: dict[str, Team], by: User | None) -> list[DeliveredFile]:
    now = timezone.now()
    delivery = deliver(files=sent, by=by, now=now, teams=teams)
    confirm(delivery=delivery, by=by, now=now)
    while take_step(delivery=delivery, by=by, today=timezone.localdate()):
        pass
    return list(delivery.files.select_related("team").defer("data", "reading"))


def _line(file: DeliveredFile, *, dry_run: bool) -> str:
    team = f" → {file.team}" if file.team else ""
    counts = ", ".join(f"{file.counts[key]} {word}" for key, word in WORDS.items() if file.counts.get(key))
    told = file.refusal or counts
    return f"{file.name}{team}: {outcome_of(file, dry_run=dry_run)}{': ' if told else ''}{told}"


def _told(file: DeliveredFile, *, dry_run: bool) -> dict[str, object]:
    """One file of the contract."""
    return {
        "file": file.name,
        "team": file.team.name if file.team else None,
        "outcome": _code(file, dry_run=dry_run),
        "message": file.refusal,
        **{key: file.counts.get(key, 0) for key in WORDS},
        "conflicts": file.conflicts,
        "leftovers": file.messages,
        "op": str(file.op) if file.op else None,
    }


def _code(file: DeliveredFile, *, dry_run: bool) -> str:
    if file.state == FileState.READ:
        return "import" if file.team and dry_run else "no_team"
    return {FileState.IMPORTED: "import", FileState.SAME: "same"}.get(FileState(file.state), "refuse")
