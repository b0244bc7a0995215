"""The folder of the copies: their names, which are kept, and what is listed beside them."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from icm.backups import Refused

BEFORE_UPGRADE = "-before-upgrade"
NAMED = re.compile(rf"icm-(\d{{8}})T\d{{6}}Z({BEFORE_UPGRADE})?\.copy")
PART = ".part"
# Beside one a day: the newest ones whatever their day, and the newest from before an upgrade.
NEWEST = 3


def folder() -> Path:
    """The folder, made where it is missing, for its owner alone."""
    path = Path(settings.BACKUP_FOLDER)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def name_at(moment: datetime, *, before_upgrade: bool) -> str:
    """The name of the copy of this moment, which sorts by time."""
    return f"icm-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}{BEFORE_UPGRADE * before_upgrade}.copy"


def free_path(moment: datetime, *, before_upgrade: bool) -> Path:
    """Where a copy of this moment goes; the second one of a second never replaces the first."""
    while (path := folder() / name_at(moment, before_upgrade=before_upgrade)).exists():
        moment += timedelta(seconds=1)
    return path


@contextmanager
def alone() -> Iterator[None]:
    """One at a time makes a copy. Raises `Refused` while another does."""
    with (folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("Another copy is being made just now.") from error
        for left in folder().glob(f"*{PART}"):
            left.unlink()
        yield


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file that is there under its name when it is whole and on the disk, and not before."""
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as file:
            os.chmod(part, 0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    kept = os.open(path.parent, os.O_RDONLY)
    os.fsync(kept)
    os.close(kept)


def newest() -> Path:
    """The newest copy. Raises `Refused` where there is none."""
    names = sorted(path.name for path in folder().iterdir() if NAMED.fullmatch(path.name))
    if not names:
        raise Refused(f"There is no copy in {folder()}.")
    return folder() / names[-1]


def let_go_of_old() -> None:
    """Deletes the copies that need not be kept."""
    names = sorted(path.name for path in folder().iterdir() if NAMED.fullmatch(path.name))
    for name in set(names) - kept_of(names, days=settings.BACKUPS_KEPT):
        (folder() / name).unlink()


def kept_of(names: list[str], *, days: int) -> set[str]:
    """Of these copies: the newest of each of so many days, the newest at all, the newest before upgrades."""
    names = sorted(names)
    newest_of_day = {NAMED.fullmatch(name)[1]: name for name in names}  # type: ignore[index] # all are named so
    daily = [newest_of_day[day] for day in sorted(newest_of_day)[-days:]]
    before_upgrades = [name for name in names if BEFORE_UPGRADE in name]
    return {*daily, *names[-NEWEST:], *before_upgrades[-NEWEST:]}
