"""Many cells at once as the browser sends them: read, matched with rows of the team, cleaned.

The form is in tracker/forms/cells.py, what may be written is decided in tracker/changes/cells.py; nothing is
written here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from accounts.models import Team
from tracker.changes.cells import CellEdit, Problem
from tracker.fields import FIELDS, Field, columns_with
from tracker.models import TeamColumn, TrackerRow
from tracker.values import Cleaned, Lists, nearest_option, not_listed, read_value
from tracker.workbook.words import clean, loose_pin, match_option


@dataclass(frozen=True)
class Told:
    """One cell as it was sent. `raw` says that `value` is the raw value of a cell of this tracker."""

    place: int
    field: str
    value: str
    row: int | None = None
    pin: str | None = None
    new: str = ""
    base: int | None = None
    raw: bool = False
    after_op: UUID | None = None


@dataclass
class Pasted:
    """What was read: cells with their values, and problems of those that could not be.

    `all` is what was sent, `told` what of it has a row or belongs to a new case.
    """

    all: list[Told]
    told: list[Told]
    by_key: dict[str, Field]
    rows: dict[int, TrackerRow]
    edits: list[CellEdit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_cells(told: list[Told], *, team: Team, team_columns: list[TeamColumn], today: date) -> Pasted:
    """Matches each cell with its row, by number or by PIN, and cleans its value.

    A value of a list has to be one of its words; `raw` takes the word's number, as a fill within the
    table sends it. A PIN finds an open row of this team, also one that lost its leading zeros in Excel.
    """
    by_key = {one.key: one for one in (*columns_with(team_columns), FIELDS["colour"])}
    pasted = Pasted(told, told, by_key, {})
    _match(pasted, team)
    lists, own = Lists(), {}
    for cell in pasted.told:
        known = by_key.get(cell.field)
        if known is None:
            pasted.problems.append(Problem(cell.place, "unknown-field", "This column is not on the tracker."))
            continue
        row = pasted.rows.get(cell.row) if cell.row is not None else None
        if cell.row not in own:
            own[cell.row] = lists.of_row(row)
        _read(pasted, cell, known, row, own[cell.row], today)
    return pasted


def _match(pasted: Pasted, team: Team) -> None:
    """Finds the rows; cells that name a PIN get the number of their row, or a problem."""
    ids = {cell.row for cell in pasted.told if cell.row is not None}
    rows = TrackerRow.objects.filter(team=team).with_all()
    pasted.rows = {row.pk: row for row in rows.filter(pk__in=ids)}
    if all(cell.pin is None for cell in pasted.told):
        return
    open_rows = {row.pin: row for row in rows.open() if row.pin}
    short: dict[str, list[TrackerRow]] = {}
    for pin, row in open_rows.items():
        short.setdefault(loose_pin(pin), []).append(row)
    matched = []
    for cell in pasted.told:
        if cell.pin is None:
            matched.append(cell)
            continue
        pin = "".join(cell.pin.split())
        near = short.get(loose_pin(pin), [])
        found = open_rows.get(pin) or (near[0] if len(near) == 1 else None)
        if found:
            pasted.rows[found.pk] = found
            matched.append(replace(cell, row=found.pk))
        else:
            message = f"PIN {pin} is not on this tracker." if pin else "There is no PIN to find the case by."
            pasted.problems.append(Problem(cell.place, "unknown-pin", message))
    by_place = {cell.place: cell for cell in matched}
    pasted.all = [by_place.get(cell.place, cell) for cell in pasted.all]
    pasted.told = matched


def _read(
    pasted: Pasted, cell: Told, known: Field, row: TrackerRow | None, lists: Lists, today: date
) -> None:
    labels = [label for _, label in lists.of(known)] if known.is_list else []
    text = clean(cell.value)
    try:
        if known.is_list and text and not cell.raw and not match_option(text, labels):
            raise forms.ValidationError(not_listed(known, text, labels))
        base = getattr(row, known.key, None)
        new = read_value(
            known, cell.value, lists=lists, today=today, base=base if isinstance(base, date) else None
        )
    except forms.ValidationError as refused:
        pasted.problems.append(
            Problem(
                cell.place,
                "not-listed" if known.is_list else "unreadable",
                " ".join(refused.messages),
                nearest=nearest_option(text, labels),
            )
        )
        return
    pasted.edits.append(_edit(cell, new))


def _edit(cell: Told, new: Cleaned) -> CellEdit:
    group = cell.new if cell.row is None else ""
    return CellEdit(cell.place, cell.row, cell.field, new, cell.base, group, cell.after_op)


def read_body(content_type: str, body: bytes, posted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a form, or of a JSON object, whose lists become what the form takes them as."""
    if content_type != "application/json":
        return posted
    try:
        sent = storable(json.loads(body))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(sent, dict):
        return {}
    return {key: json.dumps(value) if key in ("cells", "skip") else value for key, value in sent.items()}


def storable(sent: Any) -> Any:
    """The same; a ValueError where a text has half a letter, which no database takes."""
    json.dumps(sent, ensure_ascii=False).encode()
    return sent
