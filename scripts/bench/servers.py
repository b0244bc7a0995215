"""Servers as in production, each a process that ends with the block it is started for."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.environment import PYTHON, ROOT

STOPS_WITHIN = 10


@dataclass(frozen=True)
class Server:
    """A running server: its port on the loopback, and its process."""

    port: int
    pid: int

    @property
    def site(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def memory(self) -> float:
        """MiB that the process holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def command(*, port: int = 0, workers: int = 1) -> list[str]:
    """The server as it is started; without a port on one that is free."""
    return [
        str(PYTHON), "-m", "uvicorn", "icm.asgi:application", "--port", str(port), "--workers", str(workers),
        "--no-access-log", "--timeout-graceful-shutdown", "3", "--timeout-worker-healthcheck", "30",
    ]  # fmt: skip


@contextmanager
def serving(settings: str) -> Iterator[Server]:
    """One server process with these settings."""
    process = subprocess.Popen(
        command(),
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(_port_of(process), process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOPS_WITHIN)


def _port_of(process: "subprocess.Popen[str]") -> int:
    said = ""
    while not (found := re.search(r"running on http://127\.0\.0\.1:(\d+)", said)):
        line = process.stderr.readline() if process.stderr else ""
        if not line:
            raise RuntimeError(f"The server did not start:\n{said}")
        said += line
    return int(found[1])
