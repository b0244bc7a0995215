"""Plants canaries about one child wherever a text about it can be, as people would write them."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from accounts.changes.notices import tell
from accounts.models import AccessRequest
from accounts.roles import Role
from summary.changes.check_ins import keep_check_in
from tests.conftest import World
from tests.factories import a_difficulty, a_need, an_outcome, cleaned, make_row
from tests.tracker.transfer.acts import a_delivered_file, workbook
from tests.tracker.workbook.files import read
from tracker.changes.answers import answer_difficulty
from tracker.changes.edit import edit_cell
from tracker.changes.families import pick_siblings
from tracker.changes.lifecycle import close_row, move_row
from tracker.changes.meetings import Room, end_meeting, mark, start_meeting
from tracker.changes.parked import park
from tracker.changes.refusals import StaleEdit
from tracker.changes.retention import end_hold, place_hold
from tracker.changes.saved import save_view
from tracker.choices import Colour, LastAction, Result, Stage
from tracker.models import Case, DeliveredFile, Need, TeamColumn, TrackerRow

PIN, PERSON = "PZ4Q17", "Zebedee Quartz"
# What is said of the child: each is in one place only, and a word that is nowhere else.
FACTS = {
    "first action": "kestrelone",
    "second action": "kestreltwo",
    "update": "kestrelthree",
    "owner": "kestrelfour",
    "team column": "kestrelfive",
    "refused": "kestrelsix",
    "answer": "kestrelseven",
    "hold": "kestreleight",
    "who asked": "kestrelnine",
    "worker": "kestrelten",
    "move": "kestreleleven",
    "old name": "Kestreltwelve Quartz",
    "word": "kestrelthirteen",
    "old PIN": "KES714",
}
EVERYTHING = (*FACTS.values(), PIN, PERSON)


def write(world: World, row: TrackerRow, field: str, value: object, base: int | None = None) -> None:
    """As the officer types it, on the version that stands there or on an older one."""
    fresh = TrackerRow.objects.select_related("case", "team").get(pk=row.pk)
    version = fresh.rev(field) if base is None else base
    edit_cell(row=fresh, field=field, new=cleaned(field, value), base=version, by=world.officer)


def plant(world: World) -> TrackerRow:
    """A case with a long life on two trackers, not closed yet; gives the row on which it ended."""
    column = TeamColumn.objects.create(team=world.team, heading="School")
    word = Need.objects.create(label=FACTS["word"], reviewed=False, order=99)
    row = make_row(
        team=world.team,
        by=world.officer,
        pin=FACTS["old PIN"],
        person=FACTS["old name"],
        stage=Stage.UNDERWAY,
        action=FACTS["first action"],
        by_when=date(2026, 3, 17),
        difficulty=a_difficulty(),
        colour=Colour.RED,
    )
    # As an import brings one in.
    TrackerRow.objects.filter(pk=row.pk).update(needed=word)
    sibling = make_row(team=world.team, by=world.officer, person="Anna Sibling")
    Case.objects.filter(pk=row.case_id).update(allocated_worker=FACTS["worker"], cin_start=date(2026, 1, 5))
    pick_siblings(team=world.team, cases=[row.case, sibling.case], by=world.officer)
    for field, value in (
        ("pin", PIN),
        ("person", PERSON),
        ("action", FACTS["second action"]),
        ("update", f"{FACTS['update']}: Grandma of {PERSON} rang Olive Owl"),
        ("owner", FACTS["owner"]),
        (column.key, FACTS["team column"]),
        ("needed", a_need()),
    ):
        write(world, row, field, value)
    with pytest.raises(StaleEdit):
        write(world, row, "action", FACTS["refused"], base=0)
    answer_difficulty(row=row, difficulty=a_difficulty(), text=FACTS["answer"], base=0, by=world.head)
    meet(world, row)
    place_hold(case=row.case, reason=FACTS["hold"], asked_by=FACTS["who asked"], by=world.officer)
    end_hold(case=row.case, by=world.officer, now=timezone.now())
    mention(world)
    moved = move_row(row=row, to=world.foreign, reason=FACTS["move"], by=world.officer)
    return TrackerRow.objects.select_related("case", "team").get(pk=moved.row or 0)


def meet(world: World, row: TrackerRow) -> None:
    """The child is talked about in a meeting."""
    room = Room(leader="Olive Owl", present=f"Olive Owl, parents of {PERSON}")
    meeting = start_meeting(team=world.team, by=world.officer, room=room)
    mark(meeting=meeting, rows=[row], by=world.officer, result=Result.PARKED, last_action=LastAction.EXTENDED)
    end_meeting(meeting=meeting, by=world.officer)


def mention(world: World) -> None:
    """Texts about no case name the child although they should not."""
    now = timezone.now()
    keep_check_in(
        locality=world.amber, note=f"Why is {PIN} not closed?", figures={"teams": []}, by=world.head, now=now
    )
    tell(world.manager, f"Look at {PERSON.upper()}.")
    AccessRequest.objects.create(
        person=world.manager, role=Role.TEAM_MANAGER, locality=world.amber, why=f"to see {PERSON}"
    )
    query = urlencode({"person": PERSON})
    save_view(team=world.team, name="Mine", query=query, by=world.manager)
    reading = read(workbook({"pin": PIN, "person": PERSON, "action": "kestrelfourteen"}))
    park(reading=reading, team=world.team, by=world.manager, now=now)
    file = a_delivered_file(world.officer, name=f"{PERSON}.xlsx", data=workbook({"person": PERSON}))
    told = f'[{{"cell": "A2", "level": "info", "text": "PIN {PIN} of {PERSON}"}}]'
    DeliveredFile.objects.filter(pk=file.pk).update(told=told)


def close(world: World, row: TrackerRow) -> None:
    """The case ends."""
    close_row(row=row, outcome=an_outcome(), by=world.officer)
