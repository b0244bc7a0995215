"""The very hidden sheet by which an export is known again: its layout, and reading it.
Writing it is in `write`, comparing versions outside this package.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tracker.workbook.cells import take_text
from tracker.workbook.reading import Origin, Ref
from tracker.workbook.stored import Book, StoredRow

SHEET = "ICM"
MARK = "icm-export/1"
# The sheet: A1 the mark; then a line for each of these, name and value; then a line of headings;
# then a line for each row of the tracker: its row there, PIN, person, row id, versions as JSON.
FACTS = ("team_id", "team", "exported_at", "exported_by", "names")
LINES_AS_HEADED = ("row", "pin", "person", "row_id", "versions")
FIRST_LINE = 1 + len(FACTS) + 2


@dataclass
class Refs:
    """The rows of an export. People sort, insert and delete rows in it, so that a row is known
    again by its PIN, then by its person, and by its place only when one of these stands there.
    """

    by_pin: dict[str, list[Ref]] = field(default_factory=dict)
    by_person: dict[str, list[Ref]] = field(default_factory=dict)
    by_place: dict[int, tuple[str | None, str | None, Ref]] = field(default_factory=dict)

    def add(self, place: int, pin: str | None, person: str | None, ref: Ref) -> None:
        """Take one line of the hidden sheet."""
        self.by_place[place] = (pin, person, ref)
        if pin:
            self.by_pin.setdefault(pin, []).append(ref)
        elif person:
            self.by_person.setdefault(person, []).append(ref)

    def find(self, place: int, pin: str | None, person: str | None) -> Ref | None:
        """Give the row of ours that a row of the tracker is, or None when that is not certain."""
        there = self.by_place.get(place)
        if there and there[:2] == (pin, person):
            return there[2]
        alike = self.by_pin.get(pin, []) if pin else self.by_person.get(person or "", [])
        if len(alike) == 1:
            return alike[0]
        if there and not alike and (there[1] == person or (pin and there[0] == pin)):
            return there[2]
        return None


def read_origin(book: Book) -> tuple[Origin | None, Refs]:
    """Give what an export says about itself and its rows; nothing when this is none of ours."""
    entry = book.entry(SHEET)
    if entry is None or entry.state == "visible":
        return None, Refs()
    sheet = book.read(entry, 10_000)
    lines = {row.number: _texts(row, book) for row in sheet.rows}
    if lines.get(1, {}).get(1) != MARK:
        return None, Refs()
    facts = {line.get(1, ""): line.get(2, "") for line in lines.values()}
    names: Literal["full", "initials"] = "initials" if facts.get("names") == "initials" else "full"
    try:
        origin = Origin(
            team_id=int(facts["team_id"]),
            team=facts["team"],
            exported_at=facts["exported_at"],
            exported_by=facts.get("exported_by", ""),
            names=names,
        )
        return origin, _refs(line for n, line in sorted(lines.items()) if n >= FIRST_LINE)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        # Somebody changed the hidden sheet: then the file is read like any other workbook.
        return None, Refs()


def _texts(row: StoredRow, book: Book) -> dict[int, str]:
    texts = {c: take_text(cell, book.day_zero).value for c, cell in row.cells.items()}
    return {column: text for column, text in texts.items() if text}


def _refs(lines: Iterable[Mapping[int, str]]) -> Refs:
    refs = Refs()
    for line in lines:
        versions = {str(key): int(rev) for key, rev in dict(json.loads(line[5])).items()}
        refs.add(int(line[1]), line.get(2), line.get(3), Ref(int(line[4]), versions))
    return refs
