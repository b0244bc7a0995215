"""`make pictures`: the four scenes into docs/pictures/, out of a fresh demonstration council."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts import browser, environment
from scripts.databases import environment_of, served
from scripts.environment import PYTHON, ROOT

FOLDER = ROOT / "docs" / "pictures"


def run(arguments: Sequence[str]) -> int:
    """Take every picture anew; 0 when all are there."""
    environment.ensure("dev")
    environment.end_when_told()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="icm-pictures-") as folder, served("sqlite", Path(folder)) as url:
        variables = environment_of(url) | {"ICM_CHROMIUM": browser.find(), "DEMO": "1"}
        command = [str(PYTHON), "-m", "scripts.pictures.leg", str(FOLDER)]
        environment.run(command, **variables)
    return 0
