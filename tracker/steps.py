"""Which act a person's undo takes back next, and which their redo does again; asks and writes nothing.

One stack for each person, team and browser tab. Acts of plain pages have no tab and are on all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Team, User
from tracker.choices import ChangeKind
from tracker.fields import FIELDS
from tracker.models import MERGE, REDO, SPLIT, UNDO, Change, Operation, TeamColumn, TrackerRow

MOST_STEPS = 100
# What no step takes back: steps themselves, and what has its own way back. An answer is worded anew or
# withdrawn where it was written, by whoever may write one; words are merged and parted on their page.
NO_STEPS = (UNDO, REDO, "answer", MERGE, SPLIT)
# How acts are called that are not about one cell.
NAMES = {
    "add": "add",
    "close": "close",
    "reopen": "reopen",
    "remove": "remove",
    "restore": "restore",
    "move": "move",
    "paste": "paste",
    "fill": "fill",
    "clear": "clear",
    "import": "import",
    "dashboard": "dashboard list",
    "worklist": "worklist",
    "legend": "colour legend",
    "columns": "order of the columns",
}


@dataclass(frozen=True)
class Steps:
    """The next undo and the next redo of one person in one tab; None where there is none."""

    undo: Operation | None
    redo: Operation | None


def steps_of(*, by: User, team: Team, tab: str, since: datetime) -> Steps:
    """The person's next steps on this team's tracker in this tab, from what they did after `since`.

    Undo is the newest act that is not undone. Redo is the one undone last, as long as nothing new was done.
    """
    acts = list(_acts(by, team, tab, since)[:MOST_STEPS])
    undo = next((act for act in acts if act.undone_by_id is None), None)
    redo = max((act for act in acts if act.undone_by_id), key=lambda act: act.undone_by_id or 0, default=None)
    if redo and acts[0].pk > (redo.undone_by_id or 0):
        redo = None
    return Steps(undo, redo)


def _acts(by: User, team: Team, tab: str, since: datetime) -> QuerySet[Operation]:
    mine = Operation.objects.filter(by=by, team=team, tab__in={tab, ""}, at__gte=since)
    return mine.exclude(kind__in=NO_STEPS).select_related("team__locality").order_by("-pk")


def name_of(act: Operation | None) -> str:
    """What undo would take back, in words: "By when, 000002", "paste of 12 cells"; empty without an act."""
    if act is None:
        return ""
    changes = Change.objects.filter(operation=act.pk, team=act.team_id)
    first = changes.order_by("seq").first()
    if first is None:
        return act.kind
    if first.kind == ChangeKind.COLUMN:
        return NAMES.get(act.kind) or f"column {first.new or first.old}"
    if act.kind in ("paste", "fill", "clear", "import", "worklist"):
        return _many(act, changes)
    return f"{_said(act, changes, first)}, {_called(first.row_id)}"


def _many(act: Operation, changes: QuerySet[Change]) -> str:
    kinds = list(changes.values_list("kind", flat=True))
    cells, added = kinds.count(ChangeKind.SET), kinds.count(ChangeKind.ADD)
    parts = [_count(cells, "cell")] if cells or not added else []
    parts += [_count(added, "new case")] if added else []
    return f"{NAMES[act.kind]} of {' and '.join(parts)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _said(act: Operation, changes: QuerySet[Change], first: Change) -> str:
    if act.kind in NAMES:
        return NAMES[act.kind]
    keys: Sequence[str] = list(changes.values_list("field", flat=True).distinct().order_by())
    if len(keys) > 1:
        return _count(len(keys), "field")
    if first.field in FIELDS:
        return FIELDS[first.field].label
    column = TeamColumn.objects.filter(team=act.team_id, pk=first.field.removeprefix("x") or 0).first()
    return str(column) if column else "a removed column"


def _called(row_id: int | None) -> str:
    """The row by its PIN, or by the person where there is none yet."""
    row = TrackerRow.objects.select_related("case").filter(pk=row_id or 0).first()
    return row.pin or row.person if row else ""
