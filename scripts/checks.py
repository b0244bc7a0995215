"""`make check` and `make fix`: what can be said about the code without running a test."""

import os
import secrets
import subprocess
import tempfile
import time
from collections.abc import Sequence

from scripts import environment
from scripts.environment import BIN, PYTHON, ROOT, say

RUFF = str(BIN / "ruff")
DJLINT = str(BIN / "djlint")
BIOME = str(BIN / "biome")
MANAGE = (str(PYTHON), "manage.py")
# Biome's settings lie in a folder: the top level of the tree is for the application.
BIOME_SETTINGS = "--config-path=scripts/javascript-and-css.json"

CHECKS = {
    "python format": (RUFF, "format", "--check", "--output-format=concise", "."),
    "python lint": (RUFF, "check", "--output-format=concise", "."),
    "types": (str(BIN / "mypy"), "."),
    "imports": (str(BIN / "lint-imports"),),
    "template format": (DJLINT, "--check", "--quiet", "templates"),
    "template lint": (DJLINT, "--lint", "--quiet", "templates"),
    "scripts and styles": (BIOME, "ci", "--colors=off", BIOME_SETTINGS, "static"),
    "migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "deployment": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
    "static files": (*MANAGE, "collectstatic", "--no-input", "--verbosity", "0"),
}

FIXES = (
    (RUFF, "check", "--fix", "--quiet", "."),
    (RUFF, "format", "--quiet", "."),
    (DJLINT, "--reformat", "--quiet", "templates"),
    (BIOME, "check", "--write", BIOME_SETTINGS, "static"),
)


def run(arguments: Sequence[str]) -> int:
    """Run every check even when one fails, print what failed last; 0 when all passed, else 1."""
    environment.ensure("dev")
    with tempfile.TemporaryDirectory(prefix="icm-check-") as folder:
        variables = production_like(folder)
        failed = [name for name, command in CHECKS.items() if not passes(name, command, variables)]
    if failed:
        say(f"\n{len(failed)} of {len(CHECKS)} failed: {', '.join(failed)}")
    return 1 if failed else 0


def production_like(folder: str) -> dict[str, str]:
    """The environment of an installation behind https, with everything it writes in one folder."""
    return os.environ | {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "LOG_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "icm.example",
        "SITE_ADDRESS": "https://icm.example",
        "BEHIND_PROXY": "1",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": f"sqlite:///{folder}/icm.sqlite3",
        "STATIC_ROOT": f"{folder}/static",
        "HTTPS": "1",
        "DEMO": "0",
        "DEBUG": "0",
    }


def passes(name: str, command: Sequence[str], variables: dict[str, str]) -> bool:
    """Run one check, print its line, and what it has to say when it fails."""
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    word = "FAILED" if done.returncode else "ok"
    say(f"{word:6}  {time.monotonic() - began:5.1f} s  {name}")
    if done.returncode:
        say(f"{done.stdout}{done.stderr}")
    return done.returncode == 0


def fix(arguments: Sequence[str]) -> int:
    """Format everything and mend what the tools can mend; `make check` says what is left."""
    environment.ensure("dev")
    for command in FIXES:
        subprocess.run(command, cwd=ROOT, check=False)
    return 0
