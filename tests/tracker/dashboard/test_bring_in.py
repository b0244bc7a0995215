"""Bringing a list in: what was chosen happens in one act over several teams, and is undone in one."""

from collections.abc import Mapping
from datetime import date

import pytest

from accounts.models import AuditEvent, User
from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import an_outcome, make_closed_row, make_row
from tests.tracker.dashboard.lists import HEADINGS, made, read
from tests.tracker.dashboard.test_compare import line
from tracker.changes.act import Answer
from tracker.changes.bulk import TrackerMoved
from tracker.changes.dashboard import bring_in
from tracker.changes.lifecycle import remove_row
from tracker.changes.refusals import Invalid
from tracker.changes.undo import redo_operation, undo_operation
from tracker.choices import RowState, Stage
from tracker.dashboard.compare import Comparison, compare
from tracker.models import Change, Operation, TrackerRow

LIST = made(
    [
        line("001999", "Fay Fictional", "Amber Team 1"),
        line("000002", "Moves Away", "Amber Team 2"),
        line("000003", "Closed Here", "Amber Team 2"),
        line("000004", "New Name", "Amber Team 1"),
        line("000005", "Without Pin", "Amber Team 1"),
    ]
)


def stood() -> list[tuple[object, ...]]:
    """Every row that is on a tracker or closed, with what the dashboard says of it."""
    rows = TrackerRow.objects.exclude(state=RowState.REMOVED).with_all().order_by("pk")
    return [
        (r.team_id, r.case_id, r.pin, r.person, r.state, r.stage, r.case.cin_start, r.case.allocated_worker)
        for r in rows
    ]


@pytest.fixture
def trackers(world: World) -> World:
    """One row of each kind of finding."""
    make_row(team=world.team, pin="000001", person="Gone From There")
    make_row(team=world.team, pin="000002", person="Moves Away", stage=Stage.UNDERWAY, owner="JB")
    make_closed_row(team=world.neighbour, pin="000003", person="Closed Here", stage=Stage.DECIDED)
    make_row(team=world.team, pin="000004", person="Old Name")
    make_row(team=world.team, person="Without Pin")
    return world


def found_in(world: World, by: User | None = None) -> Comparison:
    """The comparison of the list."""
    return compare(read(LIST), locality=world.amber, by=by)


def everything(found: Comparison) -> dict[str, str]:
    """The first act that each finding offers; a case that is gone is closed with the outcome."""
    close = f"close-{an_outcome().pk}"
    return {
        one.key: close if one.kind == "gone" else one.choices[1].value
        for one in found.findings
        if len(one.choices) > 1
    }


def do(found: Comparison, chosen: Mapping[str, str], by: User, *, facts: bool = True) -> Answer:
    """Carries the choices out."""
    return bring_in(found=found, chosen=chosen, facts=facts, by=by)


def test_each_act_is_done_and_nothing_else(trackers: World) -> None:
    found = found_in(trackers, trackers.officer)

    answer = do(found, everything(found), trackers.officer)

    opened = {row.pin: row for row in TrackerRow.objects.open().with_all()}
    assert {pin: row.team_id for pin, row in opened.items()} == {
        "001999": trackers.team.pk, "000002": trackers.neighbour.pk, "000003": trackers.neighbour.pk,
        "000004": trackers.team.pk, "000005": trackers.team.pk,
    }  # fmt: skip
    assert opened["001999"].stage == Stage.AWAITING
    assert (opened["000002"].stage, opened["000002"].owner) == (Stage.UNDERWAY, "JB")
    assert opened["000003"].stage == Stage.DECIDED
    assert (opened["000004"].person, opened["000005"].person) == ("New Name", "Without Pin")
    assert {str(row.case.allocated_worker) for row in opened.values()} == {"KW", ""}
    assert answer.counts == {
        "add": 1, "close": 1, "move": 1, "reopen": 1, "name": 1, "pin": 1, "meeting": 0, "facts": 2,
    }  # fmt: skip
    assert Operation.objects.filter(kind="dashboard").count() == 1


def test_one_undo_takes_all_of_it_back_and_it_can_be_done_again(trackers: World) -> None:
    before = stood()
    found = found_in(trackers, trackers.officer)
    do(found, everything(found), trackers.officer)
    after, operation = stood(), Operation.objects.get(kind="dashboard")

    undo_operation(operation=operation, by=trackers.officer)
    undone = stood()
    operation.refresh_from_db()
    redo_operation(operation=operation, by=trackers.officer)

    assert undone == before
    assert [row[2:6] for row in stood()] == [row[2:6] for row in after]


def test_a_next_cin_meeting_is_written_with_the_move_of_its_case_and_undone_with_it(trackers: World) -> None:
    moving = TrackerRow.objects.get(case__pin="000002")
    headings = (*HEADINGS, "Next CIN meeting")
    rows = [
        (*line("000002", "Moves Away", "Amber Team 2"), "03/12/2099"),
        (*line("000004", "Old Name", "Amber Team 1"), "04/12/2099"),
        (*line("001999", "Fay Fictional", "Amber Team 1"), "05/12/2099"),
    ]
    reading = read(made(rows, headings=headings))
    found = compare(reading, locality=trackers.amber, by=trackers.officer)
    chosen = {one.key: one.choices[1].value for one in found.findings if one.kind != "gone"}

    answer = do(found, chosen, trackers.officer)
    written = {row.pin: (row.team, row.next_meeting) for row in TrackerRow.objects.open().with_all()}
    undo_operation(operation=Operation.objects.get(kind="dashboard"), by=trackers.officer)

    assert answer.counts["meeting"] == 2
    assert [written[pin] for pin in ("000002", "000004", "001999")] == [
        (trackers.neighbour, date(2099, 12, 3)),
        (trackers.team, date(2099, 12, 4)),
        (trackers.team, date(2099, 12, 5)),
    ]
    moving.refresh_from_db()
    assert (moving.team, moving.state, moving.next_meeting) == (trackers.team, RowState.OPEN, None)


def test_nothing_chosen_writes_nothing(trackers: World) -> None:
    changes = Change.objects.count()

    answer = do(found_in(trackers), {}, trackers.officer, facts=False)

    assert (answer.outcome, Change.objects.count()) == ("same", changes)


def test_a_tracker_that_moved_on_is_looked_at_again(trackers: World) -> None:
    found = found_in(trackers)
    remove_row(row=TrackerRow.objects.open().get(case__pin="000001"), by=trackers.officer)

    with pytest.raises(TrackerMoved):
        do(found, everything(found), trackers.officer)

    assert not Operation.objects.filter(kind="dashboard").exists()


def test_an_act_that_was_not_offered_is_refused(trackers: World) -> None:
    found = found_in(trackers)

    with pytest.raises(Invalid):
        do(found, {found.findings[0].key: "close-1"}, trackers.officer)


@pytest.mark.parametrize("role", ["supervisor", "head", "stand_in"])
def test_who_may_not_import_may_not_bring_a_list_in(trackers: World, role: str) -> None:
    found = found_in(trackers)  # as the command line, which is offered everything

    with pytest.raises(Refused):
        do(found, everything(found), getattr(trackers, role))


def test_a_coordinator_writes_on_her_own_team_only(trackers: World) -> None:
    found = found_in(trackers)
    reopen = next(one for one in found.findings if one.kind == "closed")

    with pytest.raises(Refused):
        do(found, {reopen.key: reopen.choices[1].value}, trackers.coordinator, facts=False)


def test_the_log_says_that_a_list_was_imported(trackers: World) -> None:
    found = found_in(trackers)

    do(found, everything(found), trackers.officer)

    entry = AuditEvent.objects.get(kind=AuditEvent.Kind.IMPORT)
    assert (entry.purpose, entry.locality_id) == ("import dashboard list", trackers.amber.pk)
    assert not [name for name in ("Fay", "Moves") if name in str(entry.detail)]
