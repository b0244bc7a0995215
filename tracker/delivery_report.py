"""The report of a delivery, for people to keep: one line a file, and under it what is left to be settled."""

import csv
import io
from collections.abc import Iterable, Iterator

from tracker.importing.summing_up import WORDS
from tracker.models import DeliveredFile, FileState
from tracker.workbook.words import as_text

HEADINGS = (
    "File", "Team", "Outcome", *(word.capitalize() for word in WORDS.values()), "Kept ours",
    "To settle", "Cell", "What",
)  # fmt: skip


def outcome_of(file: DeliveredFile, *, dry_run: bool = False) -> str:
    """In words, what became of the file or would become of it."""
    if file.state == FileState.READ:
        if file.team is None:
            return "Left out: no team"
        return "Would be imported" if dry_run else "Not imported yet"
    return FileState(file.state).label


def report(files: Iterable[DeliveredFile], *, dry_run: bool = False) -> str:
    """The report as .csv. No cell of it is taken for a formula, whatever a file is called or says."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(HEADINGS)
    for file in files:
        writer.writerows([as_text(cell) for cell in line] for line in _lines(file, dry_run))
    return output.getvalue()


def _lines(file: DeliveredFile, dry_run: bool) -> Iterator[list[str]]:
    counts = [str(file.counts.get(key, "")) for key in WORDS]
    conflicts = str(file.conflicts) if file.counts else ""
    name, team = file.name, file.team.name if file.team else ""
    left = str(file.left_over) if file.counts else ""
    yield [name, team, outcome_of(file, dry_run=dry_run), *counts, conflicts, left, "", file.refusal]
    for told in file.messages:
        blank = [""] * (len(WORDS) + 2)
        yield [name, team, told["level"], *blank, told["cell"], told["text"]]
