"""`python -m scripts.mutate_permissions`: takes permission checks away; each must be noticed.

One at a time: first in the running program, every guard and every question (tests/architecture/mutants.py);
then in a copy of the source, what decides who may and what narrows to one's own. It takes many minutes and is
no part of `make test`. Exit status 1 when a check can go without a test failing.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.environment import PYTHON, ROOT, say

PYTEST = ("-m", "pytest", "-q", "-n", "0", "-x", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Mutant:
    """One place of the source that lets more through, and the tests that are to say so."""

    file: str
    was: str
    now: str
    tests: str


PERMISSIONS = "tests/accounts/test_permissions.py tests/accounts/test_who_sees.py"
MUTANTS = (
    # Who may: accounts/permissions.py.
    Mutant(
        "accounts/permissions.py",
        "return teams if permission in OF_CLOSED_TEAMS else teams.open()",
        "return teams",
        PERMISSIONS,
    ),
    Mutant(
        "accounts/permissions.py",
        "if team.closed_at and permission not in OF_CLOSED_TEAMS:",
        "if False:",
        PERMISSIONS,
    ),
    Mutant(
        "accounts/permissions.py", "OF_CLOSED_TEAMS}", "TEAM_PERMISSIONS}", "tests/tracker/test_places.py"
    ),
    Mutant(
        "accounts/permissions.py",
        'return "change_pin" if field_key == "pin" and row is not None and row.pin else "edit_row"',
        'return "edit_row"',
        "tests/architecture/test_every_act_asks.py",
    ),
    Mutant(
        "accounts/permissions.py",
        '        | Q(teams=None, locality=OuterRef("content_object__locality"))',
        "        | Q(teams=None)",
        PERMISSIONS,
    ),
    Mutant(
        "accounts/permissions.py",
        '        | Q(teams=OuterRef("content_object"))',
        "        | Q(teams__isnull=False)",
        PERMISSIONS,
    ),
    Mutant(
        "accounts/permissions.py",
        'active.filter(role__in=READS_LOCALITY, locality=OuterRef("group__role_group__locality"))',
        'active.filter(locality=OuterRef("group__role_group__locality"))',
        PERMISSIONS,
    ),
    Mutant(
        "accounts/permissions.py",
        "Exists(teams.filter(held)), ~Exists(teams.filter(~held)))",
        "Exists(teams.filter(held)))",
        "tests/architecture/test_addresses.py -k stand_in",
    ),
    Mutant("accounts/models/membership.py", ", ended_at__isnull=True)", ")", PERMISSIONS),
    Mutant(
        "accounts/changes/stand_ins.py",
        'if not may(by, "manage_people") and',
        "if False and",
        "tests/accounts/test_stand_ins.py",
    ),
    Mutant(
        "accounts/changes/places.py",
        'if not may(officer, "manage_people"):',
        "if False:",
        "tests/accounts/test_requests.py",
    ),
    # Seeing as somebody else.
    Mutant(
        "accounts/seeing_as.py",
        "if request.method not in SAFE and name not in CHANGES_NOTHING:",
        "if False:",
        "tests/accounts/test_view_as.py",
    ),
    Mutant(
        "accounts/seeing_as.py",
        'person is None or not may(officer, "manage_people")',
        "person is None",
        "tests/accounts/test_view_as.py",
    ),
    # One's own.
    Mutant(
        "tracker/views/saved.py",
        "found = SavedView.objects.filter(seen, team=team, pk=view_id).first()",
        "found = SavedView.objects.filter(team=team, pk=view_id).first()",
        "tests/tracker/test_saved_views.py",
    ),
    Mutant(
        "tracker/views/finding.py",
        "TrackerRow.objects.kept().visible_to(request.user)",
        "TrackerRow.objects.kept()",
        "tests/tracker/test_find.py",
    ),
    Mutant(
        "tracker/changes/saved.py",
        "if view.person_id != by.pk:",
        "if False:",
        "tests/tracker/test_saved_views.py",
    ),
    Mutant(
        "tracker/changes/undo.py",
        "if operation.by_id != by.pk:",
        "if False:",
        "tests/tracker/changes/test_undo.py",
    ),
    Mutant(
        "accounts/views/notices.py",
        "pk=notice_id, person=request.user",
        "pk=notice_id",
        "tests/accounts/test_home.py",
    ),
    # Streams, keys, what comes in bulk.
    Mutant(
        "tracker/live/reader.py",
        "            if lost:\n",
        "            if False:\n",
        "tests/tracker/live/test_end_of_access.py",
    ),
    Mutant(
        "tracker/live/reader.py",
        "or stream.officer not in still:",
        "or False:",
        "tests/tracker/live/test_end_of_access.py",
    ),
    Mutant(
        "summary/views/figures.py",
        'if person is None or not may(person, "view_council"):',
        "if person is None:",
        "tests/summary/test_figures.py",
    ),
    Mutant(
        "tracker/forms/transfer.py",
        'if "export_names" not in held:',
        "if False:",
        "tests/tracker/transfer/test_export_page.py",
    ),
    Mutant(
        "tracker/changes/dashboard.py",
        "            require(by, team, permission)\n",
        "            pass\n",
        "tests/tracker/dashboard",
    ),
    Mutant(
        "tracker/changes/bulk.py",
        'require(self.act.by, self.team, "reopen_row")',
        "pass",
        "tests/tracker/transfer",
    ),
    Mutant(
        "tracker/changes/bulk.py",
        "held = require(self.act.by, self.team, permission)",
        "held = rights(self.act.by, self.team)",
        "tests/tracker/transfer",
    ),
    Mutant(
        "tracker/changes/parked.py",
        '    require(by, team, "import_rows")\n',
        "    pass\n",
        "tests/architecture/test_every_act_asks.py",
    ),
    Mutant(
        "tracker/changes/meetings.py",
        "filter(team=team, pk=row_id)",
        "filter(pk=row_id)",
        "tests/tracker/test_meeting_pages.py",
    ),
    Mutant(
        "tracker/changes/lifecycle.py",
        "    if to.closed_at:",
        "    if False:",
        "tests/tracker/changes/test_lifecycle.py",
    ),
    Mutant(
        "accounts/seeing_as.py",
        "if name in THEIRS_ALONE:",
        "if False:",
        "tests/accounts/test_view_as.py",
    ),
    Mutant(
        "accounts/changes/people.py",
        "raise ValidationError(NOT_ONESELF)",
        "pass",
        "tests/accounts/test_people_pages.py",
    ),
)


def main() -> int:
    """0 when every check was missed by a test."""
    began = time.monotonic()
    say("Guards of views and questions of acts, in the running program")
    command = [str(PYTHON), "-m", "pytest", "-q", "-n", "0", "tests/architecture/mutants.py"]
    alive = ["one of mutants.py"] if subprocess.run(command, cwd=ROOT, check=False).returncode else []
    with tempfile.TemporaryDirectory(prefix="icm-mutants-") as folder:
        copy = copied(Path(folder))
        alive += [f"{one.file}: {one.now.strip()!r}" for one in survivors(copy)]
    for one in alive:
        say(f"SURVIVED  {one}")
    say(f"{len(MUTANTS)} of the source, {len(alive)} survived, {time.monotonic() - began:.0f} s")
    return 1 if alive else 0


def copied(folder: Path) -> Path:
    """The project's own files in a folder of their own: what is mutated there disturbs nobody."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def survivors(copy: Path) -> Iterator[Mutant]:
    """Those that the tests concerned let live, and those that fit the source no more."""
    for mutant in MUTANTS:
        path = copy / mutant.file
        source = path.read_text()
        if source.count(mutant.was) < 1:
            say(f"does not fit any more: {mutant.file}: {mutant.was.strip()}")
            yield mutant
            continue
        path.write_text(source.replace(mutant.was, mutant.now, 1))
        command = [str(PYTHON), *PYTEST, *mutant.tests.split()]
        ended = subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode
        path.write_text(source)
        say(f"{'killed' if ended == 1 else 'ALIVE'}  {mutant.file}: {mutant.now.strip()}")
        if ended != 1:
            yield mutant


if __name__ == "__main__":
    sys.exit(main())
