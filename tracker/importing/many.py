"""Files of a delivery looked at: read, given a team, compared with its tracker. Writes nothing.

What is done with them is in tracker/changes/deliveries.py.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date

from accounts.models import Team, User
from tracker.importing.compare import make_plan
from tracker.importing.plan import Plan
from tracker.models import DeliveredFile, FileState
from tracker.workbook.guard import Refused
from tracker.workbook.read import read_in_child
from tracker.workbook.reading import Reading, reading_of

MOST_TOLD = 500


def read_file(file: DeliveredFile, *, teams: Sequence[Team], today: date) -> None:
    """Reads the file into its own fields and proposes a team where it has none; its bytes go."""
    try:
        reading = read_in_child(bytes(file.data or b""), today=today)
    except Refused as refused:
        file.state, file.refusal = FileState.REFUSED, str(refused)
    else:
        file.state, file.reading = FileState.READ, json.dumps(reading.to_json())
        file.team = file.team or proposed(names_in(file, reading), teams)
    file.data = None


def names_in(file: DeliveredFile, reading: Reading) -> list[str]:
    """What may name the file's team, the likeliest first: its name, its folder, the export's, the sheet's."""
    own = [reading.origin.team] if reading.origin else []
    folder, _, name = file.name.rpartition("/")
    return [name, folder, *own, reading.sheet]


def plan_of(file: DeliveredFile, *, by: User | None, today: date) -> Plan:
    """What importing the file onto its team's tracker would do now. It must be read and have a team."""
    if file.team is None:
        raise ValueError(f"file {file.pk} has no team")
    return make_plan(reading_of(file.reading), team=file.team, by=by, today=today)


def compare(file: DeliveredFile, plan: Plan) -> None:
    """Puts into the file's fields what its plan would do, and what it would leave to be settled."""
    left = [
        {"row": told.row, "cell": told.cell, "level": told.level, "text": told.text}
        for told in plan.messages
        if told.level != "info"
    ]
    said = {one["row"] for one in left}
    left += [
        {"row": row.row, "cell": "", "level": "warning", "text": f"Row {row.row}: {row.held_back}"}
        for row in plan.rows_to_be("held_back")
        if row.row not in said
    ]
    file.counts, file.conflicts = plan.counts, plan.conflicts
    file.left_over, file.told = len(left) + plan.conflicts, json.dumps(left[:MOST_TOLD])


def proposed(names: Iterable[str], teams: Sequence[Team]) -> Team | None:
    """The team that is named, word by word, in the first of the names that names one and not two alike."""
    for name in names:
        words = _words(name)
        found = [team for team in teams if _within(_words(team.name), words)]
        longest = max((len(_words(team.name)) for team in found), default=0)
        best = [team for team in found if len(_words(team.name)) == longest]
        if len(best) == 1:
            return best[0]
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+|\d+", text.casefold())


def _within(part: Sequence[str], whole: Sequence[str]) -> bool:
    return bool(part) and any(whole[n : n + len(part)] == part for n in range(len(whole) - len(part) + 1))
