"""Carrying out a plan: of this moment, by somebody who may, all of it or nothing."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.transfer.acts import NOON, bring_in, plan_of, workbook
from tracker.changes.bulk import TrackerMoved, import_rows
from tracker.changes.refusals import NeedsReason
from tracker.exporting import tracker_sheet
from tracker.models import Need, Operation, TeamLog, TrackerRow
from tracker.workbook.write import write_workbook


def test_a_plan_of_an_earlier_moment_is_not_carried_out(world: World) -> None:
    plan = plan_of(workbook({}), world.team)
    make_row(team=world.team, pin="000001")

    with pytest.raises(TrackerMoved):
        import_rows(team=world.team, plan=plan, by=None)

    assert TrackerRow.objects.count() == 1


def test_a_pin_that_another_team_took_meanwhile_stops_all_of_it(world: World) -> None:
    plan = plan_of(workbook({"pin": "001200", "needed": "Panel"}, {}), world.team)
    make_row(team=world.neighbour, pin="001201")

    with pytest.raises(TrackerMoved):
        import_rows(team=world.team, plan=plan, by=None)

    assert not TrackerRow.objects.filter(team=world.team).exists()
    assert not Need.objects.filter(label="Panel").exists()
    assert TeamLog.head_of(world.team.pk) == 0


def test_a_reader_cannot_import_even_without_a_view_in_between(world: World) -> None:
    with pytest.raises(Refused):
        bring_in(workbook({}), world.team, by=world.head)


def test_a_pin_is_not_changed_by_who_must_give_a_reason(world: World) -> None:
    row = make_row(team=world.team, pin="001201")
    sheet = tracker_sheet(world.team, names="full", exported_by="Olive Officer", at=NOON)
    changed = replace(sheet.rows[0], values={**sheet.rows[0].values, "pin": "001202"})
    everything = plan_of(write_workbook(replace(sheet, rows=[changed])), world.team)

    with pytest.raises(NeedsReason):
        import_rows(team=world.team, plan=everything, by=world.manager)

    row.refresh_from_db()
    assert row.pin == "001201"


def test_a_repeated_operation_gives_its_answer_and_changes_nothing_twice(world: World) -> None:
    plan, op = plan_of(workbook({}), world.team), uuid4()
    first = import_rows(team=world.team, plan=plan, by=world.manager, op=op)

    again = import_rows(team=world.team, plan=plan, by=world.manager, op=op)

    assert again == first
    assert first.counts == {"added": 1, "changed": 0, "unchanged": 0, "held_back": 0}
    assert (TrackerRow.objects.count(), Operation.objects.count()) == (1, 1)


def test_many_rows_and_their_cases_change_in_one_act_and_only_where_the_file_differs(world: World) -> None:
    rows = [make_row(team=world.team, pin=f"00120{n}", person=f"Child {n}", update="Rung") for n in range(3)]
    blank = {"needed": None, "action": None, "by_when": None, "next_meeting": None, "stage": None}
    data = workbook(
        *[{**blank, "pin": row.pin, "person": f"{row.person} Smith", "owner": "KW"} for row in rows]
    )

    bring_in(data, world.team, keep="file", by=world.officer)

    changed = TrackerRow.objects.with_all().filter(team=world.team)
    assert [(row.pin, row.person, row.owner, row.row_rev) for row in changed] == [
        (f"00120{n}", f"Child {n} Smith", "KW", 4) for n in range(3)
    ]


def test_confirming_forty_changed_rows_asks_the_database_as_often_as_ten(world: World) -> None:
    manager, counts = world.manager, []
    for number in (10, 40):
        blank = {"needed": None, "by_when": None, "next_meeting": None, "stage": None, "action": None}
        cases = [{**blank, "pin": f"{number}{n:04}", "person": f"Child {n}"} for n in range(number)]
        bring_in(workbook(*cases), world.team, by=manager)
        plan = plan_of(workbook(*[{**case, "owner": "KW"} for case in cases]), world.team, keep="file")
        with CaptureQueriesContext(connection) as asked:
            import_rows(team=world.team, plan=plan, by=manager)
        counts.append(len(asked))

    assert counts[0] == counts[1]
