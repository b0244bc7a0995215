"""Asks the checker, a program of its own, what became of the saves in a ledger."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.environment import PYTHON, ROOT


def checked(ledger: Path, url: str = "") -> dict[str, Any]:
    """Its verdict on the database of this process, or on that of the address."""
    command = [str(PYTHON), "-m", "scripts.faults.checker", str(ledger)]
    variables = os.environ | ({"DATABASE_URL": url} if url else {})
    done = subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout:
        raise RuntimeError("The checker ended without a verdict; its reason is above")
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict


def told(verdict: dict[str, Any], kinds: Sequence[str]) -> list[str]:
    """Its sentences, each kind with its name."""
    return [f"{kind}: {sentence}" for kind in kinds for sentence in verdict[kind]["told"]]
