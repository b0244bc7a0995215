"""`make run`: the demonstration council, served by one process on this machine's loopback address.

`make install` makes ready what a real installation serves; the rest of it is in docs/operating.md.
"""

import errno
import os
import secrets
import socket
import subprocess
from collections.abc import Sequence

from scripts import environment
from scripts.environment import LOCAL, PYTHON, ROOT, Explained, say

HOST = "127.0.0.1"
PORT = "8000"

# Set only where the person who calls `make run` has not set them.
DEFAULTS = {
    "DEMO": "1",
    "HTTPS": "0",  # loopback speaks plain http
    "LOG_FORMAT": "plain",  # a person reads it
    "DATABASE_URL": f"sqlite:///{LOCAL / 'icm.sqlite3'}",
    "STATIC_ROOT": str(LOCAL / "static"),
}
STOP_SECONDS = "3"


def serve(arguments: Sequence[str]) -> int:
    """Prepare environment and database, then become the server. Returns only by an exception."""
    port = wanted_port(os.environ.get("PORT", PORT))
    refuse_taken(port)
    environment.ensure("runtime")
    LOCAL.mkdir(exist_ok=True)
    variables = DEFAULTS | os.environ
    os.chdir(ROOT)
    prepare(variables)
    say(f"\nOpen http://{HOST}:{port}/ (Ctrl+C stops it)\n")
    os.execve(PYTHON, server_command(port), variables)


def install(arguments: Sequence[str]) -> int:
    """Make `.venv`, bytecode and static files. Asks for no settings and leaves no key behind; 0 when done."""
    environment.ensure("runtime")
    environment.compile_own()
    # A container is made before its settings are known.
    nobodys = {"DJANGO_SETTINGS_MODULE": "icm.settings", "SECRET_KEY": secrets.token_urlsafe(60)}
    environment.run([str(PYTHON), "-m", "scripts.static_files"], **nobodys)
    return 0


def wanted_port(text: str) -> int:
    """The port that `PORT` names; Explained when it is no port."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Explained(f"PORT is {text!r}: a number from 1 to 65535 is needed.")
    return int(text)


def refuse_taken(port: int) -> None:
    """Say so before minutes of installing when something else already answers at this port."""
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError as error:
            words = "is in use" if error.errno == errno.EADDRINUSE else "may not be used"
            raise Explained(f"Port {port} {words}. Name another: make run PORT=8001") from error


def prepare(variables: dict[str, str]) -> None:
    """Bring database and static files up to date: one process, so Django starts once for all."""
    try:
        environment.run([str(PYTHON), "-m", "scripts.prepare"], **variables)
    except subprocess.CalledProcessError as error:
        raise Explained("The application could not be prepared; the reason is above.") from error


def server_command(port: int) -> list[str]:
    return [
        str(PYTHON), "-m", "uvicorn", "icm.asgi:application",
        "--host", HOST, "--port", str(port), "--no-access-log",
        # An open stream would hold the server for ever.
        "--timeout-graceful-shutdown", STOP_SECONDS,
    ]  # fmt: skip
