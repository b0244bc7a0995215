"""Closing, reopening, removing, restoring and moving rows, and taking acts back."""

import pytest

from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_closed_row, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import (
    add_case,
    close_row,
    move_row,
    remove_row,
    reopen_row,
    restore_row,
)
from tracker.changes.places import close_team
from tracker.changes.refusals import Invalid, NeedsReason
from tracker.changes.undo import undo_operation
from tracker.choices import RowState, Stage
from tracker.models import Change, Operation, TrackerRow


def test_closing_asks_the_outcome_and_moves_the_row_to_the_closed_list(world: World) -> None:
    row = make_row(team=world.team, stage=Stage.DECIDED)

    close_row(row=row, outcome=an_outcome(), by=world.supervisor)

    row.refresh_from_db()
    assert (row.state, row.stage, row.outcome) == (RowState.CLOSED, Stage.CLOSED, an_outcome())
    assert row.closed_by == world.supervisor
    assert row.closed_at is not None


def test_a_second_close_of_the_same_row_answers_same(world: World) -> None:
    row = make_closed_row(team=world.team)

    answer = close_row(row=row, outcome=an_outcome(), by=world.supervisor)

    assert answer.outcome == "same"


def test_reopening_gives_the_stage_back_that_the_row_had(world: World) -> None:
    row = make_closed_row(team=world.team, stage=Stage.DECIDED)

    reopen_row(row=row, by=world.manager)

    row.refresh_from_db()
    assert (row.state, row.stage, row.outcome, row.closed_at) == ("open", "decided", None, None)


def test_a_case_can_be_open_once_only(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    move_row(row=row, to=world.neighbour, by=world.manager)
    row.refresh_from_db()

    with pytest.raises(Invalid, match="Amber Team 2"):
        reopen_row(row=row, by=world.manager)


def test_a_removed_row_comes_back_as_it_was(world: World) -> None:
    row = make_row(team=world.team, stage=Stage.UNDERWAY, action="Ring")
    remove_row(row=row, by=world.manager)
    assert not TrackerRow.objects.open().exists()

    restore_row(row=row, by=world.manager)

    row.refresh_from_db()
    assert (row.state, row.stage, row.action) == (RowState.OPEN, Stage.UNDERWAY, "Ring")


def test_a_stand_in_closes_but_does_not_reopen(world: World) -> None:
    row = make_row(team=world.team)
    close_row(row=row, outcome=an_outcome(), by=world.stand_in)

    with pytest.raises(Refused):
        reopen_row(row=row, by=world.stand_in)


def test_moving_closes_here_and_opens_there_with_the_same_values(world: World) -> None:
    row = make_row(team=world.team, pin="000123", stage=Stage.UNDERWAY, action="Ring", owner="JB")

    answer = move_row(row=row, to=world.neighbour, by=world.coordinator)

    row.refresh_from_db()
    there = TrackerRow.objects.get(pk=answer.row or 0)
    assert (row.state, row.outcome.code if row.outcome else "") == ("closed", "moved")
    assert (there.team, there.case, there.stage, there.action, there.owner) == (
        world.neighbour,
        row.case,
        Stage.UNDERWAY,
        "Ring",
        "JB",
    )


def test_another_locality_takes_a_performance_officer_and_a_reason(world: World) -> None:
    row = make_row(team=world.team, pin="000123")

    with pytest.raises(Refused):
        move_row(row=row, to=world.foreign, by=world.manager, reason="Moved house")
    with pytest.raises(NeedsReason):
        move_row(row=row, to=world.foreign, by=world.officer)
    move_row(row=row, to=world.foreign, by=world.officer, reason="Moved house")

    row.case.refresh_from_db()
    assert row.case.locality == world.bolsover


def test_no_case_moves_to_a_team_that_is_closed(world: World) -> None:
    row = make_row(team=world.team)
    close_team(team=world.neighbour, heir=world.team, by=world.officer)
    world.neighbour.refresh_from_db()

    with pytest.raises(Invalid, match="Amber Team 2 is closed"):
        move_row(row=row, to=world.neighbour, by=world.manager)

    assert TrackerRow.objects.open().get(pk=row.pk).team == world.team


def test_numbers_of_the_log_have_no_gap_over_all_kinds_of_acts(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager)
    with pytest.raises(Invalid):
        edit_cell(row=row, field="person", new=cleaned("person", ""), base=0, by=world.manager)
    close_row(row=row, outcome=an_outcome(), by=world.manager)
    row.refresh_from_db()
    reopen_row(row=row, by=world.manager)
    row.refresh_from_db()
    move_row(row=row, to=world.neighbour, by=world.manager)

    numbers = list(Change.objects.filter(team=world.team).values_list("seq", flat=True))

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_case_without_a_name_is_not_added(world: World) -> None:
    with pytest.raises(Invalid, match="name"):
        add_case(team=world.team, values={"pin": cleaned("pin", "000123")}, by=world.manager)


def test_undo_takes_back_a_whole_act(world: World) -> None:
    row = make_row(team=world.team, stage=Stage.DECIDED)
    close_row(row=row, outcome=an_outcome(), by=world.manager)

    undo_operation(operation=Operation.objects.get(kind="close"), by=world.manager)

    row.refresh_from_db()
    assert (row.state, row.stage, row.outcome) == (RowState.OPEN, Stage.DECIDED, None)


def test_undo_refuses_with_a_name_when_somebody_wrote_over_it(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    edit_cell(row=row, field="owner", new=cleaned("owner", "KW"), base=0, by=world.manager)
    mine = Operation.objects.get(kind="edit")
    edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=1, by=world.supervisor)

    with pytest.raises(Invalid, match=world.supervisor.name):
        undo_operation(operation=mine, by=world.manager)

    row.refresh_from_db()
    assert row.owner == "AN"


def test_undo_is_for_ones_own_acts_and_once(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    edit_cell(row=row, field="owner", new=cleaned("owner", "KW"), base=0, by=world.manager)
    operation = Operation.objects.get(kind="edit")

    with pytest.raises(Invalid, match="Only"):
        undo_operation(operation=operation, by=world.supervisor)
    undo_operation(operation=operation, by=world.manager)
    with pytest.raises(Invalid, match="already"):
        undo_operation(operation=operation, by=world.manager)
