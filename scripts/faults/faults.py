"""Puts the faults in, database by database, and prints one table. docs/faults.md has the last whole one."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from scripts import environment
from scripts.databases import environment_of, served
from scripts.environment import PYTHON, ROOT, Explained, say
from scripts.faults import table
from scripts.faults.catalogue import DATABASES, FAULTS, RESULTS, chosen, in_turn

PAGE = ROOT / "docs" / "faults.md"
# Everything after it is written by the program.
WRITTEN_BELOW = "<!-- written by `make faults-all` -->\n"


def run(arguments: Sequence[str]) -> int:
    """The short form: all, or what the arguments name (F1, sqlite). 0 when every line holds, else 1."""
    return _run(arguments, "short")


def run_all(arguments: Sequence[str]) -> int:
    """The amounts of the plan; without arguments the table goes to docs/faults.md."""
    return _run(arguments, "whole")


def _run(arguments: Sequence[str], size: str) -> int:
    built = {fault.number for fault in FAULTS if fault.on}
    if strange := set(arguments) - built - set(DATABASES):
        raise Explained(
            f"No such fault or database: {', '.join(sorted(strange))}. "
            f"There are: {', '.join([*sorted(built), *DATABASES])}."
        )
    environment.ensure("dev")
    # A server starts here as quickly as on a council's machine.
    environment.compile_own()
    environment.end_when_told()
    numbers = [name for name in arguments if name in built]
    lines = []
    with tempfile.TemporaryDirectory(prefix="icm-faults-") as folder:
        for database in [one for one in DATABASES if one in arguments] or DATABASES:
            if chosen(numbers, database):
                lines += leg(database, size, Path(folder), numbers)
    say(table.printed(lines))
    if size == "whole" and not arguments:
        write(lines, PAGE)
    return 1 if any(line.failed for line in lines) else 0


def leg(database: str, size: str, folder: Path, numbers: Sequence[str]) -> list[table.Line]:
    """The faults on one database, in a process of their own: Django knows one database a process.

    Where that process breaks off, the lines until then and one that fails for the fault it was at.
    """
    own = folder / database
    own.mkdir()
    with served(database, own, lasting=True) as url:
        variables = environment_of(url) | {"STATIC_ROOT": str(own / "static"), "LOG_FORMAT": "plain"}
        command = [str(PYTHON), "-m", "scripts.faults.leg", database, size, str(own), *numbers]
        try:
            environment.run(command, **variables)
        except subprocess.CalledProcessError as broken:
            return unfinished(table.read(own / RESULTS), database, numbers, broken.returncode)
    return table.read(own / RESULTS)


def unfinished(
    lines: Sequence[table.Line], database: str, numbers: Sequence[str], status: int
) -> list[table.Line]:
    """What was measured, and that the run broke off at the next one; what was to follow was not tested."""
    at = in_turn(numbers, database)[len(lines)]
    said = f"The run broke off with status {status}; its words stand above"
    return [*lines, table.Line(at.number, database, "broke off", wrong=[said])]


def write(lines: Sequence[table.Line], page: Path) -> None:
    """Puts the table and its date below the mark on the page."""
    above = page.read_text().partition(WRITTEN_BELOW)[0]
    today = datetime.now(UTC)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[2]:.1f} over the last quarter of an hour"
    told = f"\n{today:%d/%m/%y %H:%M} UTC, {machine}.\n\n{table.written(lines)}"
    page.write_text(above + WRITTEN_BELOW + told)
