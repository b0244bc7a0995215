"""4.10.18: every address that writes what stands in a row asks the same question first: has it changed since?

An address that writes and stands in neither table fails here, and so does one that is no longer there.
"""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.models import Change, TrackerRow

ADDRESSES = Path(__file__).parents[1] / "data" / "addresses.csv"
THEIRS = "What a colleague wrote meanwhile"
# What the test client answers has attributes that its type does not know: Any.
Write = Callable[[Client, TrackerRow], Any]


def cell(client: Client, row: TrackerRow) -> Any:
    """The grid."""
    typed = {"field": "action", "value": "Mine", "base": 1, "op": uuid4()}
    return client.post(reverse("cell", args=[row.pk]), typed)


def cells(client: Client, row: TrackerRow) -> Any:
    """A paste, a fill, a clearing."""
    one = {"row": row.pk, "field": "action", "value": "Mine", "base": 1}
    return client.post(
        reverse("cells", args=[row.team_id]), {"op": uuid4(), "sure": 1, "cells": json.dumps([one])}
    )


def form_without_script(client: Client, row: TrackerRow) -> Any:
    """The row's own page."""
    old = {"person": row.person, "action": "Mine", "base_action": 1}
    bases = {f"base_{key}": 0 for key in ("pin", "person", "stage", "needed", "owner", "by_when", "update")}
    rest = {"base_difficulty": 0, "base_next_meeting": 0, "base_expected_month": 0, "base_colour": 0}
    return client.post(reverse("row", args=[row.pk]), bases | rest | old | {"op": uuid4()})


def put_back(client: Client, row: TrackerRow) -> Any:
    """A button of the history, on a page that was opened before the colleague wrote."""
    first = Change.objects.filter(row=row, field="action").earliest("seq")
    return client.post(reverse("put_back", args=[row.pk]), {"change": first.pk, "base": 1, "op": uuid4()})


def undo(client: Client, row: TrackerRow) -> Any:
    """The last step of one's own, over which the colleague wrote."""
    return client.post(reverse("undo", args=[row.team_id]), {"op": uuid4()}, headers={"X-ICM": "script"})


def close(client: Client, row: TrackerRow) -> Any:
    """The stage has its version too: it was chosen by a colleague meanwhile."""
    told = {"outcome": an_outcome().pk, "base": 0, "op": uuid4()}
    return client.post(reverse("close", args=[row.pk]), told)


def expected_month(client: Client, row: TrackerRow) -> Any:
    """The field in the list of expected closures."""
    return client.post(reverse("expected_month", args=[row.pk]), {"month": "Nov 2027", "base": 0})


CHECKED: dict[str, Write] = {
    "cell": cell,
    "cells": cells,
    "row": form_without_script,
    "put_back": put_back,
    "undo": undo,
    "close": close,
    "expected_month": expected_month,
}
# Why the others need no version of a field: what they write, or where their own check is tested.
OTHERWISE = {
    "tracker": "looks, by a form without script",
    "look": "looks",
    "hitches_report": "numbers of a week, of no row",
    "redo": "the same step as undo, the other way round (changes/test_undo.py)",
    "import_preview": "writes nothing over what was changed since the preview (transfer/test_import_page.py)",
    "import": "reads a file, writes no row",
    "import_question": "writes no row",
    "import_done": "one undo, as undo",
    "worklist": "cells with their versions, as cells (worklist/test_worklist_page.py)",
    "worklist_paste": "the same",
    "worklist_undo": "a step back, as undo",
    "answer": "an answer has its own version (test_answer_page.py)",
    "add_case": "a new row",
    "reopen": "a state, not a field; a second time it answers same",
    "remove": "a state, not a field; a second time it answers same",
    "restore": "a state, not a field; a second time it answers same",
    "move": "a state, not a field; a row that has gone is refused",
    "columns": "the team's columns, no row",
    "column": "the team's columns, no row",
    "legend": "the team's colours, no row",
    "presence": "kept nowhere",
    "layout": "one's own look at the table",
    "meeting": "begins a meeting, writes no row",
    "meeting_item": "what became of a case in the meeting, no field of its row",
    "meeting_order": "the meeting's list, no row",
    "meeting_room": "who sits there, no row",
    "meeting_end": "ends the meeting, writes no row",
    "siblings": "who walks together, no field of a row",
    "views": "one's own views",
    "view": "one's own views",
    "export": "writes no row",
    "sheets": "prints rows, writes none",
}


def writing_addresses() -> set[str]:
    """The names of all addresses about a team or a row that take a post."""
    with ADDRESSES.open(newline="") as lines:
        return {
            line["name"]
            for line in csv.DictReader(lines)
            if line["about"] in ("team", "row") and "POST" in line["methods"]
        }


def test_4_10_18_no_road_to_a_row_is_forgotten() -> None:
    about_people = {"stand_in"}

    assert writing_addresses() - about_people >= CHECKED.keys() | OTHERWISE.keys()
    assert {name for name in writing_addresses() if name not in CHECKED | OTHERWISE} == about_people


@pytest.mark.parametrize("name", list(CHECKED))
def test_4_10_18_what_a_colleague_wrote_meanwhile_is_not_written_over(
    world: World, sign_in: Callable[[User], Client], name: str
) -> None:
    row = make_row(team=world.team, action="Before")
    client, me = sign_in(world.manager), world.manager
    edit_cell(row=row, field="action", new=cleaned("action", "My first"), base=0, by=me)
    theirs = {"action": THEIRS, "stage": "decided", "expected_month": date(2027, 5, 1)}
    for field, value in theirs.items():
        edit_cell(row=row, field=field, new=cleaned(field, value), base=row.rev(field), by=world.supervisor)

    answer = CHECKED[name](client, row)

    now = TrackerRow.objects.get(pk=row.pk)
    assert {field: getattr(now, field) for field in theirs} == theirs
    assert now.state == "open"
    assert answer.status_code in (409, 422), answer.content
