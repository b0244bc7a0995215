"""Saving the coordinator's worklist: PINs and dates of cases of several teams."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import Team, User
from tracker.changes.cells import CellEdit, write_cells
from tracker.models import TrackerRow

WORKLIST = "worklist"


@transaction.atomic
def write_worklist(*, teams: Sequence[Team], edits: Sequence[CellEdit], by: User, op: UUID) -> list[UUID]:
    """Writes all of it or nothing; answers with the numbers of the acts, one for each team.

    They follow from `op`, so that the same list sent twice is saved once. Rows of other teams than these
    are left alone. Raises as `write_cells` does.
    """
    rows = TrackerRow.objects.filter(team__in=teams, pk__in=[edit.row_id for edit in edits])
    team_of = dict(rows.values_list("pk", "team"))
    acts = []
    # By number, as every act takes the logs of several teams.
    for team in sorted(teams, key=lambda team: team.pk):
        mine = [edit for edit in edits if team_of.get(edit.row_id or 0) == team.pk]
        if mine:
            acts.append(uuid5(op, str(team.pk)))
            write_cells(team=team, edits=mine, by=by, kind=WORKLIST, op=acts[-1], clear=True)
    return acts
