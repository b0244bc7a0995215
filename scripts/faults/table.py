"""One line a fault, and the table of all of them. Knows no Django."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts.faults.catalogue import FAULTS

HEAD = ("fault", "", "database", "amount", "lost", "doubled", "worst recovery (s)", "")
NOT_TESTED = "not tested"


@dataclass(frozen=True)
class Line:
    """What a fault did on one database. `amount` is empty where it could not be tested: `note` says why."""

    number: str
    database: str
    amount: str
    lost: int = 0
    doubled: int = 0
    recovery: float | None = None
    wrong: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def failed(self) -> bool:
        """Whether something did not hold."""
        return bool(self.lost or self.doubled or self.wrong)


def keep(line: Line, path: Path) -> None:
    """Writes the line where `read` finds it, after those that are there."""
    with path.open("a") as file:
        file.write(json.dumps(asdict(line)) + "\n")


def read(path: Path) -> list[Line]:
    """The lines that were kept."""
    return [Line(**json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []


def cells(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Every fault of the plan in its order; one without a line was not tested."""
    found = []
    for fault in FAULTS:
        of_it = [line for line in lines if line.number == fault.number]
        found += [(fault.number, fault.what, *_cells(line)) for line in of_it]
        if not of_it:
            found.append((fault.number, fault.what, "", NOT_TESTED, "", "", "", ""))
    return found


def _cells(line: Line) -> tuple[str, ...]:
    if not line.amount:
        return line.database, NOT_TESTED, "", "", "", line.note
    recovery = "" if line.recovery is None else f"{line.recovery:.1f}"
    note = f"FAILED: {'; '.join(line.wrong[:3])}; {line.note}" if line.failed else line.note
    return line.database, line.amount, str(line.lost), str(line.doubled), recovery, note


def printed(lines: Sequence[Line]) -> str:
    """For a person at the keyboard: the table, then everything that did not hold."""
    rows = [HEAD, *cells(lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    padded = [[cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)] for row in rows]
    table = ["  ".join(row).rstrip() for row in padded]
    wrong = [f"{line.number} on {line.database}: {sentence}" for line in lines for sentence in line.wrong]
    failed = sum(line.failed for line in lines)
    verdict = f"{failed} of {len(lines)} failed." if failed else f"All {len(lines)} hold."
    return "\n".join(["", *table, "", *wrong, verdict])


def written(lines: Sequence[Line]) -> str:
    """The same for docs/faults.md."""
    rows = [HEAD, ("---",) * len(HEAD), *cells(lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"
