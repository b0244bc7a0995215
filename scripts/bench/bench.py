"""Runs each measure on the databases it asks for and prints one table."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts import browser, environment
from scripts.bench import figures
from scripts.databases import environment_of, served
from scripts.environment import PYTHON, Explained, say

MEASURES = Path(__file__).parent / "measures"
DATABASES = ("sqlite", "postgresql")


def run(arguments: Sequence[str]) -> int:
    """Measure everything, or what the arguments name: measures, databases. 0 even where an aim is missed."""
    known = {path.stem for path in MEASURES.glob("[a-z]*.py")}
    strange = set(arguments) - known - set(DATABASES)
    if strange:
        raise Explained(
            f"No such measure: {', '.join(sorted(strange))}. There are: {', '.join(sorted(known))}."
        )
    environment.ensure("dev")
    # A server starts here as quickly as on a council's machine.
    environment.compile_own()
    environment.end_when_told()
    names = [name for name in arguments if name in known]
    found = []
    with tempfile.TemporaryDirectory(prefix="icm-bench-") as folder:
        for database in [one for one in DATABASES if one in arguments] or DATABASES:
            found += leg(database, names, Path(folder))
    say(figures.table(found))
    return 0


def leg(database: str, names: Sequence[str], folder: Path) -> list[figures.Figure]:
    """The measures on one database, in a process of their own: Django knows one database a process."""
    results = folder / f"{database}.jsonl"
    with served(database, folder) as url:
        variables = environment_of(url) | {"ICM_CHROMIUM": browser.find()}
        command = [str(PYTHON), "-m", "scripts.bench.leg", database, str(results), *names]
        environment.run(command, **variables)
    return figures.read(results)
