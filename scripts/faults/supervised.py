"""A server that is killed and started again, as systemd does it on a council's machine."""

import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.bench.servers import command
from scripts.environment import ROOT

# The processes of a council's server: SQLite has one, PostgreSQL several (docs/operating.md).
WORKERS = {"sqlite": 1, "postgresql": 2}
# Seconds, on a busy machine; it ends within them too.
STARTS_WITHIN = 90.0
LOOKS_EVERY = 0.02
# What uvicorn writes when one of its processes takes requests.
SERVES = "Application startup complete"
WORKER = b"spawn_main"
# Which of a process's facts says how many pages of memory it holds.
RESIDENT = 21


class Supervised:
    """One installation's server on a port of its own, with one process or with workers under a parent."""

    def __init__(self, log: Path, *, workers: int = 1, before: Sequence[str] = (), url: str = "") -> None:
        self.log, self.workers, self.before, self.url = log, workers, before, url
        self.port = _free_port()
        self.starts = 0
        self.process: subprocess.Popen[bytes]

    def start(self) -> None:
        """Starts it and does not wait; what it says is added to the log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.before, *command(port=self.port, workers=self.workers)],
                cwd=ROOT,
                env=os.environ | ({"DATABASE_URL": self.url} if self.url else {}),
                stdout=log,
                stderr=log,
            )
        self.starts += self.workers

    def wait_until_served(self) -> None:
        """Returns when every process of it takes requests; RuntimeError when that takes too long."""
        # A single process says that it has started before it takes the port.
        _wait(
            lambda: self.served >= self.starts and _takes_calls(self.port),
            lambda: f"It does not serve:\n{self.log.read_text()}",
        )

    @property
    def served(self) -> int:
        """How many of its processes have come to take requests so far."""
        return self.log.read_text().count(SERVES)

    def kill_worker(self) -> None:
        """SIGKILL to one worker; the parent starts another by itself."""
        os.kill(self._workers()[0], signal.SIGKILL)
        self.starts += 1

    def kill(self) -> None:
        """SIGKILL to the parent; then its workers are ended as systemd ends what is left of a unit."""
        workers = self._workers() if self.workers > 1 else []
        self.process.kill()
        self.process.wait()
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        _wait(lambda: all(map(_has_ended, workers)), lambda: f"Workers {workers} do not end")

    @property
    def memory(self) -> float:
        """MiB that it holds now, with every process that it has started."""
        held, processes = 0, [self.process.pid]
        while processes:
            process = processes.pop()
            held += int(facts[RESIDENT]) if (facts := _facts(process)) else 0
            processes += _children(process)
        return held * resource.getpagesize() / 1024**2

    def stop(self) -> None:
        """As systemd stops it."""
        for process in self._programs():
            os.kill(process, signal.SIGTERM)
        self.process.wait(STARTS_WITHIN)

    def _programs(self) -> list[int]:
        """The server itself: under a program that was put before it, its child."""
        return _children(self.process.pid) if self.before else [self.process.pid]

    def _workers(self) -> list[int]:
        children = _children(self.process.pid)
        return [child for child in children if WORKER in Path(f"/proc/{child}/cmdline").read_bytes()]


@contextmanager
def supervised(
    log: Path, *, workers: int = 1, before: Sequence[str] = (), url: str = ""
) -> Iterator[Supervised]:
    """A server that takes requests, until the block ends; `url` is another address of its database."""
    server = Supervised(log, workers=workers, before=before, url=url)
    server.start()
    try:
        server.wait_until_served()
        yield server
    finally:
        server.stop()


def _wait(until: Callable[[], bool], why: Callable[[], str]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not until():
        if time.monotonic() > deadline:
            raise RuntimeError(why())
        time.sleep(LOOKS_EVERY)


def _takes_calls(port: int) -> bool:
    with socket.socket() as call:
        return call.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
    return port


def _children(parent: int) -> list[int]:
    """The processes that this one started, the oldest first."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        if (facts := _facts(int(path.name))) and int(facts[1]) == parent:
            found.append(int(path.name))
    return sorted(found)


def _has_ended(process: int) -> bool:
    facts = _facts(process)
    return not facts or facts[0] in "ZX"


def _facts(process: int) -> list[str]:
    """State, parent and more of a process as Linux tells them; nothing where it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
