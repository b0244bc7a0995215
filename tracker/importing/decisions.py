"""What a person decided in the preview of an import: which side stays, and how rows are completed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tracker.importing.plan import Keep, Place

# Which case a row is, where that is not the number of a row here.
AS_NEW, REOPENED, LEFT_OUT = "new", "reopen", "out"


@dataclass(frozen=True)
class Mend:
    """One row of the file, completed: texts typed over it by key or heading, and which case it is.

    `which` is blank as long as nobody said, the number of a row of the tracker, or one of the words above.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    which: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether the row is as the file has it."""
        return not self.values and not self.which


@dataclass(frozen=True)
class Decisions:
    """Which side of a conflict stays: for a cell what is said of the cell, else of its field, else of all.

    `mends` are the rows that were completed, by their number in the file.
    """

    keep: Keep = "ours"
    columns: Mapping[str, Keep] = field(default_factory=dict)
    cells: Mapping[Place, Keep] = field(default_factory=dict)
    mends: Mapping[int, Mend] = field(default_factory=dict)

    def side(self, place: Place) -> Keep:
        """Which side of a conflict in this cell stays."""
        return self.cells.get(place) or self.columns.get(place[1]) or self.keep

    def to_json(self) -> dict[str, object]:
        """Give what json.dumps takes."""
        return {
            "keep": self.keep,
            "columns": dict(self.columns),
            "cells": [[row, key, side] for (row, key), side in self.cells.items()],
            "mends": [[row, dict(mend.values), mend.which] for row, mend in self.mends.items()],
        }

    @classmethod
    # What json.loads gave is Any: its shape is that of to_json, in the same version.
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Make it again from what to_json gave, through JSON or not."""
        return cls(
            keep=data["keep"],
            columns=data["columns"],
            cells={(row, key): side for row, key, side in data["cells"]},
            mends={row: Mend(values, which) for row, values, which in data["mends"]},
        )
