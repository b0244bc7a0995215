"""The virtual environment: made from a lock with hashes, left alone while its stamp fits.

What is done inside it (server, tests, checks) lives in the modules beside this one.
"""

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"

# What a server loads of this project.
OWN = ("accounts", "icm", "summary", "toolkit", "tracker")

# The locks whose packages include those of another: an environment made for tests also runs.
INCLUDED_IN = {"runtime": ("dev",)}

# What each lock is compiled from. `installer` and `browser` are apart because neither is part of
# the application: the one installs it, the other is only needed where no browser is.
LOCK_SOURCES = {
    "runtime": ("pyproject.toml",),
    "dev": ("pyproject.toml", "--group", "dev"),
    "installer": ("--group", "pyproject.toml:installer"),
    "browser": ("--group", "pyproject.toml:browser"),
}


class Explained(Exception):
    """A problem for the person at the keyboard; its text says what is wrong and what to do."""


def end_when_told() -> None:
    """Being ended is to end the services as well: `finally` runs for SystemExit, not for a signal."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def say(text: str) -> None:
    """Print a line at once, so that it stands before the output of the next process."""
    print(text, flush=True)


def ensure(lock: str) -> None:
    """Make `.venv` hold what requirements/<lock>.txt names; nothing happens while its stamp fits.

    Raises Explained when Python cannot make environments or the packages cannot be installed.
    """
    if holds(lock):
        return
    if not usable():
        make()
    say(f"Installing requirements/{lock}.txt into .venv ...")
    install(lock)
    stamp = stamp_path(lock)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest(lock))


def holds(lock: str) -> bool:
    """Whether `.venv` works and was last filled from this lock, or from one that includes it."""
    locks = (lock, *INCLUDED_IN.get(lock, ()))
    return any(stamped(name) == digest(name) for name in locks) and usable()


def digest(lock: str) -> str:
    """The SHA-256 of a lock, in hexadecimal."""
    return hashlib.sha256((LOCKS / f"{lock}.txt").read_bytes()).hexdigest()


def stamp_path(lock: str) -> Path:
    return VENV / "stamps" / lock


def stamped(lock: str) -> str | None:
    """The digest of the lock as it was when last installed, or None."""
    stamp = stamp_path(lock)
    return stamp.read_text() if stamp.exists() else None


def usable() -> bool:
    """Whether `.venv` starts and finds its packages: not after the system's Python was replaced."""
    return PYTHON.exists() and succeeds([str(PYTHON), "-c", "import pip"])


def make() -> None:
    """Make an empty `.venv` with the Python that runs this script.

    One that is only linked here is refused: emptying it would empty it for its other users.
    """
    if VENV.is_symlink():
        raise Explained(f".venv is a link to {VENV.resolve()}, and not fit for use. Remove it.")
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Explained(
            f"This Python cannot make virtual environments: its system packs that part separately. "
            f"On Debian and Ubuntu: apt-get install python{version}-venv"
        )
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def install(lock: str, *options: str) -> None:
    """Install a lock with uv, which is quick, or where that fails with pip.

    uv does not read pip's own settings (a mirror, a certificate), so pip can succeed where it
    cannot. Both refuse a file that does not have the hash of the lock.
    """
    arguments = ["install", "--quiet", "--require-hashes", "-r", str(LOCKS / f"{lock}.txt")]
    try:
        install_uv()
        # pip compiles by itself.
        run([*UV, "pip", *arguments, "--python", str(PYTHON), "--compile-bytecode", *options])
    except subprocess.CalledProcessError:
        say("uv could not install it. Trying pip, which takes longer ...")
        try:
            run([*PIP, *arguments, *options])
        except subprocess.CalledProcessError as error:
            raise Explained(
                f"The packages of requirements/{lock}.txt could not be installed; "
                "pip says above why. Is the package index within reach?"
            ) from error


def compile_own() -> None:
    """Put the bytecode of the application beside it, where it is not of today.

    Who serves it may not write there (icm.service), and would compile it anew at each start.
    """
    packages = [str(ROOT / own) for own in OWN]
    run([str(PYTHON), "-m", "compileall", "-q", *packages])


PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
UV = [str(BIN / "uv")]


def install_uv() -> None:
    run([*PIP, "install", "--quiet", "--require-hashes", "-r", str(LOCKS / "installer.txt")])


def lock(arguments: Sequence[str]) -> int:
    """Compile every lock of `requirements/` anew. Hashes go in, no address of an index does."""
    if not usable():
        make()
    install_uv()
    compile_lock = [*UV, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    plain = ["--no-header", "--no-annotate"]
    for name, source in LOCK_SOURCES.items():
        run([*compile_lock, *plain, *arguments, *source, "-o", f"requirements/{name}.txt"])
        say(f"requirements/{name}.txt")
    return 0


def run(command: Sequence[str], **environment: str) -> None:
    """Run a command in the project's folder; CalledProcessError when it fails.

    Who is told to end meanwhile tells the command, and waits: it has services of its own to end.
    """
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as process:
        try:
            status = process.wait()
        finally:
            process.terminate()
    if status:
        raise subprocess.CalledProcessError(status, command)


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command starts and exits with 0; what it prints is thrown away."""
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
