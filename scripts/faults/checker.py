"""`python -m scripts.faults.checker LEDGER`: holds the database (DATABASE_URL) against what people were told.

A program of its own, which shares nothing with the load but the ledger. Prints one JSON object; exit status
1 where anything is not as it must be:

- an acknowledged text stands in the history exactly once, a refused one nowhere, an unknown one at most once;
- a text that met a newer one (409) is kept for its author, once;
- numbers of a team's log, versions of a row and of a field have no gap and no double;
- each entry follows the one before, a row says what its newest entries say, and a row that has left its
  tracker is written no more;
- the Summary says what a recount says.
"""

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scripts.faults import ledger, records
from scripts.faults.ledger import ACKNOWLEDGED, REFUSED, SAME, UNKNOWN, Tried
from scripts.faults.records import WELL, Entry, Records, Row

# How many sentences are told of one kind of trouble; all of them are counted.
TOLD = 20
CONFLICT, BUSY, OURS = 409, 503, 500
# Closing says the outcome first; a row that comes back may take over its child's PIN and name.
NOT_OF_THE_TRACKER = {"outcome", "pin", "person"}
ENDS, BEGINS = {"close", "remove"}, {"add", "reopen", "restore"}


@dataclass
class Verdict:
    """What was found. `wrong` holds sentences about everything but lost and doubled texts."""

    acknowledged: int = 0
    refused: int = 0
    unknown: int = 0
    unknown_saved: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether everything is as it must be."""
        return not (self.lost or self.doubled or self.wrong)


def judged(tried: Sequence[Tried], summaries: Mapping[int, Mapping[str, int]], found: Records) -> Verdict:
    """Holds what people were told against what is there."""
    outcomes = Counter(one.outcome for one in tried)
    verdict = Verdict(outcomes[ACKNOWLEDGED], outcomes[REFUSED], outcomes[UNKNOWN])
    _texts(verdict, tried, found)
    verdict.wrong += [] if found.integrity == WELL else [f"The file is damaged: {found.integrity}"]
    verdict.wrong += _answers(tried)
    verdict.wrong += _kept(tried, found)
    verdict.wrong += _numbers(found)
    by_row = defaultdict(list)
    for entry in found.history:
        by_row[entry.row].append(entry)
    for row in found.rows:
        entries = sorted(by_row[row.pk], key=lambda entry: entry.row_rev)
        for look in (_versions, _values, _comings_and_goings):
            verdict.wrong += look(row, entries)
    verdict.wrong += _recount(summaries, found.rows)
    return verdict


def _texts(verdict: Verdict, tried: Iterable[Tried], found: Records) -> None:
    """Each text in the history: by the number of its act, and by itself under whatever number."""
    by_op = defaultdict(list)
    by_text: Counter[tuple[int, str, str]] = Counter()
    for entry in found.history:
        by_op[entry.op].append(entry)
        by_text[entry.row, entry.field, entry.new] += 1
    for one in tried:
        there = sum(
            (entry.row, entry.field, entry.new) == (one.row, one.field, one.value) for entry in by_op[one.op]
        )
        # A stage comes again in other acts; a text is typed once.
        anywhere = there if one.field == "stage" else by_text[one.row, one.field, one.value]
        told = f"{one.outcome} {one.field} of row {one.row}, act {one.op}"
        if one.outcome == ACKNOWLEDGED and not there:
            verdict.lost.append(told)
        elif one.outcome in (REFUSED, SAME) and (there or (one.outcome == REFUSED and anywhere)):
            verdict.wrong.append(f"It is in the history: {told}")
        elif max(anywhere, len(by_op[one.op])) > 1:
            verdict.doubled.append(told)
        verdict.unknown_saved += one.outcome == UNKNOWN and there > 0


def _answers(tried: Iterable[Tried]) -> Iterator[str]:
    """What nobody must ever be answered."""
    for status, times in sorted(Counter(one.status for one in tried).items()):
        if status >= OURS and status != BUSY:
            yield f"{times} saves were answered {status}"


def _kept(tried: Iterable[Tried], found: Records) -> Iterator[str]:
    for one in tried:
        if one.status == CONFLICT and (times := found.kept[one.row, one.field, one.value]) != 1:
            yield f"The text of act {one.op}, refused for a newer one, is kept {times} times for its author"


def _numbers(found: Records) -> Iterator[str]:
    """The numbers of each team's log."""
    numbers = defaultdict(list)
    for entry in found.history:
        numbers[entry.team].append(entry.seq)
    for team in sorted(numbers.keys() | found.heads.keys()):
        yield from _without_gap(f"The log of team {team}", sorted(numbers[team]), found.heads.get(team, 0))


def _versions(row: Row, entries: Sequence[Entry]) -> Iterator[str]:
    """The versions of a row and of each of its fields."""
    yield from _without_gap(f"Row {row.pk}, versions", [entry.row_rev for entry in entries], row.row_rev)
    versions = defaultdict(list)
    for entry in entries:
        if entry.field:
            versions[entry.field].append(entry.rev)
    for key in sorted(versions.keys() | row.field_rev.keys()):
        newest = row.field_rev.get(key, 0)
        yield from _without_gap(f"Row {row.pk}, versions of {key}", versions[key], newest)


def _values(row: Row, entries: Sequence[Entry]) -> Iterator[str]:
    """Each entry begins with what the one before left, and the row says what the newest ones do."""
    values: dict[str, str] = {}
    for entry in entries:
        if entry.kind == "add":
            values = json.loads(entry.new)
        elif entry.field:
            if values.get(entry.field, "") != entry.old:
                yield f"Row {row.pk}: version {entry.rev} of {entry.field} does not follow the one before"
            values[entry.field] = entry.new
    for key, value in row.values.items():
        if values.get(key, "") != value:
            yield f"Row {row.pk}: its {key} is not what its newest entry says"


def _comings_and_goings(row: Row, entries: Iterable[Entry]) -> Iterator[str]:
    """Nobody writes a row while it is off its tracker."""
    gone = False
    for entry in entries:
        if gone and entry.kind == "set" and entry.field not in NOT_OF_THE_TRACKER:
            yield f"Row {row.pk}: {entry.field} was written after it had left its tracker, act {entry.op}"
        gone = entry.kind in ENDS or _came_closed(entry) or (gone and entry.kind not in BEGINS)
    if gone != (row.state != "open"):
        yield f"Row {row.pk} is {row.state}, which its history does not say"


def _came_closed(entry: Entry) -> bool:
    """Whether an import brought in a case that is closed in its workbook."""
    return entry.kind == "add" and json.loads(entry.new).get("stage") == "closed"


def _without_gap(what: str, numbers: Sequence[int], newest: int) -> Iterator[str]:
    if list(numbers) != list(range(1, newest + 1)):
        yield f"{what}: numbers with a gap or a double, or others than 1 to {newest}"


def _recount(summaries: Mapping[int, Mapping[str, int]], rows: Iterable[Row]) -> Iterator[str]:
    """Open rows by stage, counted here, against what the Summary says."""
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.state == "open":
            counted[row.team][row.values["stage"]] += 1
    for team, stages in summaries.items():
        if Counter(stages) != counted[team]:
            yield f"The Summary of team {team} says {stages}, a recount {dict(counted[team])}"


def main() -> int:
    """Judges, prints, and says by its exit status whether all is as it must be."""
    tried, summaries = ledger.read(Path(sys.argv[1]))
    verdict = judged(tried, summaries, records.read(os.environ["DATABASE_URL"]))
    told = asdict(verdict) | {
        name: {"found": len(sentences), "told": sentences[:TOLD]}
        for name, sentences in (
            ("lost", verdict.lost),
            ("doubled", verdict.doubled),
            ("wrong", verdict.wrong),
        )
    }
    print(json.dumps(told))
    return 0 if verdict.fine else 1


if __name__ == "__main__":
    sys.exit(main())
