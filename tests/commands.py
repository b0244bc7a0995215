"""Commands of the application, as an operator sees them end."""

import os
import subprocess
import sys
from io import StringIO

from django.core.management import call_command

from scripts.environment import ROOT


def run(name: str, *arguments: str) -> tuple[int, str, str]:
    """Exit status, what the command said, and what it complained of."""
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def elsewhere(url: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Python in a process of its own, on another database: `elsewhere(url, "manage.py", "restore", file)`."""
    told = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )
