"""The collected static files of this working copy: made anew only when their sources changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from scripts.environment import LOCKS, ROOT

# Ours, those that come out of packages, and the code that decides which those are.
SOURCES = (ROOT / "static", ROOT / "icm", LOCKS / "runtime.txt")


def collect() -> None:
    """Fill STATIC_ROOT, unless it was filled from these very sources."""
    stamp = Path(settings.STATIC_ROOT).with_suffix(".stamp")
    state = fingerprint(SOURCES)
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def fingerprint(sources: Iterable[Path]) -> str:
    """A text that changes when a file among the sources is added, removed or written to."""
    seen = hashlib.sha256()
    for source in sources:
        for path in sorted(source.rglob("*") if source.is_dir() else [source]):
            if path.is_file() and path.suffix != ".pyc":
                facts = path.stat()
                seen.update(f"{path} {facts.st_mtime_ns} {facts.st_size}\n".encode())
    return seen.hexdigest()
