"""The history of a row as people read it: one entry a change, in words, newest first."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.changes.put_back import can_come_back
from tracker.choices import ChangeKind, RowState
from tracker.fields import FIELDS, team_field
from tracker.models import WORDS, Change, RefusedEdit, TeamColumn, TrackerRow
from tracker.values import in_words

# What a history tells of that is no field of the form.
NAMES = {"outcome": "Outcome", "answer": "Answer to the difficulty"}


@dataclass(frozen=True)
class Entry:
    """One line of the history. `refused` marks a text that was not saved; only its author is given it."""

    at: datetime
    by_name: str
    kind: str
    label: str
    old: str
    new: str
    reason: str = ""
    refused: bool = False
    # The entry before which a value stood that can be put back, and its field; 0 where there is none.
    change: int = 0
    field: str = ""
    # Whose newer text the author knew and wrote over.
    over: str = ""


class Words:
    """Says a raw value in words; each list is read once for the whole page."""

    def __init__(self, team_columns: Iterable[TeamColumn]) -> None:
        self.fields = FIELDS | {column.key: team_field(column) for column in team_columns}
        self.lists: dict[str, dict[str, str]] = {}

    def label(self, key: str) -> str:
        """The name of a field."""
        if key in self.fields:
            return self.fields[key].label
        return NAMES.get(key, "A removed column")

    def text(self, key: str, raw: str) -> str:
        """The value as the cell showed it."""
        if raw and key in WORDS:
            return self._word(key, raw)
        return in_words(self.fields[key], raw) if key in self.fields else raw

    def _word(self, key: str, raw: str) -> str:
        if key not in self.lists:
            words = WORDS[key].objects.values_list("pk", "label")
            self.lists[key] = {str(pk): label for pk, label in words}
        return self.lists[key].get(raw, "a word that is gone")


def history_of(row: TrackerRow, *, reader_id: int, field: str = "") -> list[Entry]:
    """What happened to the row, or to one field of it, newest first, with the texts that were refused."""
    words = Words(TeamColumn.objects.filter(team=row.team_id))
    changes = Change.objects.filter(row=row).order_by("-seq")
    refused = RefusedEdit.objects.filter(row=row).select_related("by")
    if field:
        changes = changes.filter(field__in=[field, ""])
        refused = refused.filter(field=field)
    over = _written_over(changes, refused)
    entries = [
        replace(entry, over=over.get(change.pk, ""))
        for change in changes
        for entry in _entries(row, change, words, field)
    ]
    entries += [_refused(one, words, reader_id) for one in refused]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _entries(row: TrackerRow, change: Change, words: Words, field: str) -> list[Entry]:
    """One line for a change; for a row that was added, one for each value that it came with."""

    def line(label: str, old: str = "", new: str = "", *, back: bool = False) -> Entry:
        kind = ChangeKind(change.kind).label
        number = change.pk if back else 0
        return Entry(
            change.at,
            change.by_name,
            kind,
            label,
            old,
            new,
            change.reason,
            change=number,
            field=change.field,
        )

    if change.kind == ChangeKind.ADD:
        first: dict[str, str] = json.loads(change.new)
        return [
            line(words.label(key), new=words.text(key, raw))
            for key, raw in first.items()
            if field in ("", key)
        ] or [line("Case")]
    if not change.field:
        return [line("Case")]
    old, new = words.text(change.field, change.old), words.text(change.field, change.new)
    differs = can_come_back(change) and change.old != row.raw(change.field)
    return [line(words.label(change.field), old, new, back=differs and row.state == RowState.OPEN)]


def _written_over(changes: Iterable[Change], refused: Iterable[RefusedEdit]) -> dict[int, str]:
    """Change → who wrote the newer text that its author was shown and then wrote over, on purpose.

    Their text was refused against that one, and the same text was saved by them afterwards.
    """
    by_version = {(change.field, change.rev): change for change in changes if change.field}
    found = {}
    for one in refused:
        for (field, rev), change in by_version.items():
            theirs = by_version.get((field, rev - 1))
            if (
                (field, change.by_id, change.new) == (one.field, one.by_id, one.value)
                and change.at >= one.at
                and rev - 1 > one.base
                and theirs
            ):
                found[change.pk] = theirs.by_name
    return found


def _refused(one: RefusedEdit, words: Words, reader_id: int) -> Entry:
    mine = one.by_id == reader_id
    return Entry(
        at=one.at,
        by_name=one.by.name,
        kind="typed, not saved",
        label=words.label(one.field),
        old="",
        new=words.text(one.field, one.value) if mine else "",
        refused=True,
    )
