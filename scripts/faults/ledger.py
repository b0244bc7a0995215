"""What people were told of each save, written down while it happens. No Django here: the checker reads it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# The whole answer was read, and it says saved / that it stood there already.
ACKNOWLEDGED, SAME = "acknowledged", "same"
# The answer says no, or nobody took the call.
REFUSED = "refused"
# The connection broke after sending.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tried:
    """One save that somebody tried: the number of the act, the cell, the text, and what became of it."""

    op: str
    row: int
    field: str
    value: str
    outcome: str
    status: int = 0


class Ledger:
    """Written line by line; nothing in it is ever changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("w")

    def tried(self, one: Tried) -> None:
        """One more save."""
        self._write({"tried": asdict(one)})

    def summary(self, team: int, stages: Mapping[str, int]) -> None:
        """What the team's Summary says after the end: open cases by stage."""
        self._write({"summary": {"team": team, "stages": dict(stages)}})

    def close(self) -> None:
        """Nothing is to be added."""
        self.file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self.file.write(json.dumps(line) + "\n")


def read(path: Path) -> tuple[list[Tried], dict[int, dict[str, int]]]:
    """The saves in the order of their answers, and each team's Summary."""
    tried, summaries = [], {}
    for line in map(json.loads, path.read_text().splitlines()):
        if "tried" in line:
            tried.append(Tried(**line["tried"]))
        else:
            summaries[line["summary"]["team"]] = line["summary"]["stages"]
    return tried, summaries
