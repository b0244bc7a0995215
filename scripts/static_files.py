"""The collected static files of this working copy: made anew only when their sources changed.

`python -m scripts.static_files` does it in a process of its own. Runs in `.venv`.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.core.management import call_command

from scripts.environment import LOCKS, ROOT

# Ours, those that come out of packages, and the code that decides which those are.
SOURCES = (ROOT / "static", ROOT / "icm", LOCKS / "runtime.txt")


def collect() -> None:
    """Fill STATIC_ROOT, unless it was filled from these very sources.

    Where that fails there is no list of names left either: a page must not show older files.
    """
    if fresh():
        return
    (Path(settings.STATIC_ROOT) / ManifestFilesMixin.manifest_name).unlink(missing_ok=True)
    state = fingerprint(SOURCES)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp().write_text(state)


def fresh() -> bool:
    """Whether STATIC_ROOT was filled from the sources as they are."""
    return stamp().exists() and stamp().read_text() == fingerprint(SOURCES)


def stamp() -> Path:
    return Path(settings.STATIC_ROOT).with_suffix(".stamp")


def fingerprint(sources: Iterable[Path]) -> str:
    """A text that changes when a file among the sources is added, removed or written to."""
    seen = hashlib.sha256()
    for source in sources:
        for path in sorted(source.rglob("*") if source.is_dir() else [source]):
            if path.is_file() and path.suffix != ".pyc":
                facts = path.stat()
                seen.update(f"{path} {facts.st_mtime_ns} {facts.st_size}\n".encode())
    return seen.hexdigest()


if __name__ == "__main__":
    django.setup()
    collect()
