"""`make release`: what a release leaves behind, so that each later one is tried with it.

A copy of an invented locality on each database, as `manage.py backup` makes it, the heads of its log, and
what was in it. They lie in tests/data/releases/<version>/, and tests/icm/backups/test_releases.py brings each
back.
"""

import json
import shutil
import sys
import tempfile
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from scripts import environment, postgres
from scripts.databases import environment_of, served
from scripts.environment import PYTHON, ROOT, Explained, say
from scripts.faults.catalogue import DATABASES

RELEASES = ROOT / "tests" / "data" / "releases"
# One team's worth of open rows, with a year of history.
ROWS = 45
# Everybody may read it: what these copies hold is invented.
PUBLIC = "public: the copies that releases leave are signed and encrypted with this"
LOG_KEY = PUBLIC
BACKUP_KEY = "icm-backup-key-1-" + urlsafe_b64encode(sha256(PUBLIC.encode()).digest()).decode()


@dataclass(frozen=True)
class Held:
    """What a release's database held at a moment (ISO): each row's values, and a digest of the history."""

    at: str
    rows: list[list[str]]
    entries: int
    history: str


def run(arguments: Sequence[str]) -> int:
    """Makes the copies of the version that pyproject.toml names, or refuses where they are there already."""
    environment.ensure("dev")
    folder = RELEASES / version()
    if folder.exists():
        raise Explained(
            f"{folder.name} has been released: its copies are what it left, and are not made anew."
        )
    # A release that breaks off leaves nothing that later ones would take for its copies.
    with tempfile.TemporaryDirectory(prefix="icm-release-") as made:
        for database in DATABASES:
            make(database, Path(made) / database)
        shutil.copytree(made, folder)
    say(str(folder.relative_to(ROOT)))
    return 0


def make(database: str, place: Path) -> None:
    """The copies of one database, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="icm-release-") as own, served(database, Path(own)) as url:
        told = {
            "BACKUP_FOLDER": f"{own}/copies",
            "BACKUP_KEY": BACKUP_KEY,
            "LOG_KEY": LOG_KEY,
            "POSTGRESQL_PROGRAMS": str(postgres.installed()),
        }
        command = [str(PYTHON), "-m", "scripts.releases", str(place)]
        environment.run(command, **environment_of(url) | told)


def version() -> str:
    """What pyproject.toml says."""
    told: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return told


def leave(place: Path) -> None:
    """In this database (DATABASE_URL) the locality comes about; the files are called after the place."""
    # `make` loads this file without the packages; the application can be imported only once it is set up.
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from scripts.faults.living import fill

    call_command("migrate", verbosity=0)
    fill(ROWS, place.with_suffix(".heads"))
    place.with_suffix(".json").write_text(json.dumps(asdict(held()), indent=0, ensure_ascii=False) + "\n")
    call_command("backup")
    [copy] = Path(settings.BACKUP_FOLDER).glob("*.copy")
    shutil.copy(copy, place.with_suffix(".copy"))


def held() -> Held:
    """What this database holds now, as this program reads it."""
    from django.utils import timezone

    from tracker.fields import FIELDS
    from tracker.models import Change, TrackerRow

    rows = TrackerRow.objects.select_related("team", "case").order_by("pk")
    changes = Change.objects.order_by("pk").values_list("row_id", "kind", "field", "old", "new", "by_name")
    digest = sha256("\n".join(map(repr, changes)).encode())
    return Held(
        at=timezone.now().isoformat(),
        rows=[[row.team.name, *map(row.raw, FIELDS)] for row in rows],
        entries=len(changes),
        history=digest.hexdigest(),
    )


if __name__ == "__main__":
    leave(Path(sys.argv[1]))
