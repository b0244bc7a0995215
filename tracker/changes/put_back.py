"""Putting an older value of one field back from a row's history."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from accounts.models import User
from accounts.permissions import require
from tracker.changes.act import Answer
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import Invalid
from tracker.choices import Stage
from tracker.fields import FIELDS, FROM_THE_DASHBOARD
from tracker.models import Change, TeamColumn, TrackerRow, coming_back
from tracker.values import Cleaned

# A closing, its outcome and an answer are acts of their own; the rest comes with the dashboard's next list.
NEVER_BACK = {"outcome", "answer"} | {field.key for field in FROM_THE_DASHBOARD}


def put_back(
    *,
    row: TrackerRow,
    change: Change,
    base: int,
    by: User,
    op: UUID | None = None,
    tab: str = "",
    reason: str = "",
) -> Answer:
    """Writes the value that stood in the field before this change. `base` is the version the person saw.

    A word that the list no longer offers may come back, because the row had it; one that was merged comes
    back as the word it is part of. Raises `Invalid` where
    there is no such value any more, and all that `edit_cell` does.
    """
    require(by, row.team, "restore_value")
    if change.row_id != row.pk or not can_come_back(change):
        raise Invalid("This entry has no value that can be put back.")
    if (
        change.field not in FIELDS
        and not TeamColumn.objects.filter(
            team=row.team_id, pk=change.field.removeprefix("x"), removed=False
        ).exists()
    ):
        raise Invalid("This column is not on the tracker any more.", change.field)
    try:
        old = Cleaned(*coming_back(change.field, change.old))
    except ObjectDoesNotExist:
        raise Invalid("The word that stood there is gone from the list.", change.field) from None
    return edit_cell(row=row, field=change.field, new=old, base=base, by=by, op=op, tab=tab, reason=reason)


def can_come_back(change: Change) -> bool:
    """Whether a value stood before the entry that people may write again."""
    if not change.field or change.field in NEVER_BACK:
        return False
    return change.old != Stage.CLOSED if change.field == "stage" else True
