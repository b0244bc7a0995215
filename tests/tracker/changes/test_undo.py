"""Taking acts back and doing them again: whole, in order, and never over what others wrote since."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.changes.people import add_membership, end_membership
from accounts.models import User
from accounts.permissions import Refused
from accounts.roles import Role
from tests.conftest import World
from tests.factories import an_outcome, cleaned, make_closed_row, make_member, make_row
from tracker.changes.act import acting
from tracker.changes.columns import (
    add_column,
    legend_of,
    move_column,
    remove_column,
    rename_column,
    set_legend,
)
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row, move_row, remove_row, reopen_row, restore_row
from tracker.changes.refusals import Invalid, Overtaken
from tracker.changes.undo import redo_operation, undo_operation
from tracker.choices import Colour, ColumnKind, RowState, Stage
from tracker.models import Change, Operation, TeamColumn, TrackerRow


def write(row: TrackerRow, by: User, value: str, field: str = "owner") -> Operation:
    """Writes one cell over what stands there; gives the act."""
    current = TrackerRow.objects.with_all().select_related("team__locality").get(pk=row.pk)
    edit_cell(
        row=current, field=field, new=cleaned(field, value), base=current.rev(field), by=by, reason="why"
    )
    return newest()


def newest() -> Operation:
    """The newest act."""
    return Operation.objects.latest("pk")


def test_two_acts_on_one_cell_are_taken_back_one_after_the_other(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    first, second = write(row, world.manager, "KW"), write(row, world.manager, "AN")

    undo_operation(operation=second, by=world.manager)
    undo_operation(operation=first, by=world.manager)

    row.refresh_from_db()
    assert row.owner == "JB"


def test_what_was_undone_is_done_again_and_undone_again(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    act = write(row, world.manager, "KW")
    seen = []

    for change in (undo_operation, redo_operation, undo_operation):
        act.refresh_from_db()
        change(operation=act, by=world.manager)
        row.refresh_from_db()
        seen.append(row.owner)

    assert seen == ["JB", "KW", "JB"]


def test_redo_refuses_with_a_name_when_somebody_wrote_there(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    act = write(row, world.manager, "KW")
    undo_operation(operation=act, by=world.manager)
    write(row, world.supervisor, "AN")
    act.refresh_from_db()

    with pytest.raises(Overtaken, match=world.supervisor.name):
        redo_operation(operation=act, by=world.manager)

    row.refresh_from_db()
    assert row.owner == "AN"


def test_what_somebody_wrote_and_took_back_is_not_in_the_way(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    mine, theirs = write(row, world.manager, "KW"), write(row, world.supervisor, "AN")
    undo_operation(operation=theirs, by=world.supervisor)

    undo_operation(operation=mine, by=world.manager)

    row.refresh_from_db()
    assert row.owner == "JB"


def test_an_undo_says_the_day_when_it_was_not_today(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    mine = write(row, world.manager, "KW")
    yesterday = timezone.localtime() - timedelta(days=1)
    with time_machine.travel(yesterday, tick=False):
        write(row, world.supervisor, "AN")

    with pytest.raises(Overtaken, match=f"{yesterday:%d/%m/%y}"):
        undo_operation(operation=mine, by=world.manager)


def test_a_cell_of_a_case_that_was_closed_since_stays(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    mine = write(row, world.manager, "KW")
    close_row(row=row, outcome=an_outcome(), by=world.supervisor)

    with pytest.raises(Overtaken, match=world.supervisor.name):
        undo_operation(operation=mine, by=world.manager)

    row.refresh_from_db()
    assert (row.owner, row.state) == ("KW", RowState.CLOSED)


def test_a_removal_that_somebody_reversed_and_repeated_is_theirs(world: World) -> None:
    row = make_row(team=world.team)
    remove_row(row=row, by=world.manager)
    mine = newest()
    restore_row(row=row, by=world.coordinator)
    remove_row(row=row, by=world.coordinator)

    with pytest.raises(Overtaken, match=world.coordinator.name):
        undo_operation(operation=mine, by=world.manager)


def test_an_added_case_goes_only_while_nobody_wrote_in_it(world: World) -> None:
    row = make_row(team=world.team, by=world.manager)
    added = newest()
    write(row, world.supervisor, "AN")

    with pytest.raises(Overtaken):
        undo_operation(operation=added, by=world.manager)


def test_a_move_is_taken_back_on_both_trackers(world: World) -> None:
    row = make_row(team=world.team, pin="000123", stage=Stage.UNDERWAY)
    move_row(row=row, to=world.neighbour, by=world.manager)
    moved = newest()

    undo_operation(operation=moved, by=world.manager)

    row.refresh_from_db()
    assert (row.state, row.stage, row.outcome) == (RowState.OPEN, Stage.UNDERWAY, None)
    assert TrackerRow.objects.get(team=world.neighbour).state == RowState.REMOVED
    assert newest().team == world.team


def test_a_move_to_another_locality_takes_the_case_back_with_it(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    move_row(row=row, to=world.foreign, by=world.officer, reason="Moved house")
    moved = newest()

    undo_operation(operation=moved, by=world.officer)
    row.case.refresh_from_db()
    back = row.case.locality
    moved.refresh_from_db()
    redo_operation(operation=moved, by=world.officer)
    row.case.refresh_from_db()

    assert (back, row.case.locality) == (world.amber, world.bolsover)


def test_a_pin_that_another_case_took_meanwhile_is_not_put_back(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    mine = write(row, world.coordinator, "000124", field="pin")
    make_row(team=world.neighbour, pin="000123")

    with pytest.raises(Invalid, match="PIN"):
        undo_operation(operation=mine, by=world.coordinator)


def test_a_reopening_that_is_undone_leaves_the_case_closed_as_it_had_been(world: World) -> None:
    long_ago = timezone.now() - timedelta(days=20)
    with time_machine.travel(long_ago, tick=False):
        row = make_closed_row(team=world.team, by=world.officer)
    reopen_row(row=row, by=world.manager)

    undo_operation(operation=newest(), by=world.manager)

    row.refresh_from_db()
    assert (row.state, row.closed_at, row.closed_by) == (RowState.CLOSED, long_ago, world.officer)


def test_a_renamed_column_gets_its_heading_back_and_stays(world: World) -> None:
    add_column(team=world.team, heading="RAG", kind=ColumnKind.TEXT, options=[], by=world.manager)
    rename_column(column=TeamColumn.objects.get(), heading="Colour", by=world.manager)

    undo_operation(operation=newest(), by=world.manager)

    column = TeamColumn.objects.get()
    assert (column.heading, column.removed) == ("RAG", False)


def test_a_removed_column_comes_back_with_its_values(world: World) -> None:
    add_column(team=world.team, heading="RAG", kind=ColumnKind.TEXT, options=[], by=world.manager)
    column = TeamColumn.objects.get()
    row = make_row(team=world.team)
    write(row, world.manager, "Amber", field=column.key)
    remove_column(column=column, by=world.manager)

    undo_operation(operation=newest(), by=world.manager)

    row.refresh_from_db()
    assert not TeamColumn.objects.get().removed
    assert row.raw(column.key) == "Amber"


def test_a_moved_column_goes_back_to_its_place(world: World) -> None:
    for heading in ("RAG", "Room", "School"):
        add_column(team=world.team, heading=heading, kind=ColumnKind.TEXT, options=[], by=world.manager)
    moved = TeamColumn.objects.get(heading="School")
    move_column(column=moved, left=True, by=world.manager)
    assert [one.heading for one in TeamColumn.objects.all()] == ["RAG", "School", "Room"]

    undo_operation(operation=newest(), by=world.manager)

    assert [one.heading for one in TeamColumn.objects.all()] == ["RAG", "Room", "School"]


def test_a_moved_column_stays_where_somebody_moved_another_since(world: World) -> None:
    for heading in ("RAG", "Room", "School"):
        add_column(team=world.team, heading=heading, kind=ColumnKind.TEXT, options=[], by=world.manager)
    move_column(column=TeamColumn.objects.get(heading="School"), left=True, by=world.manager)
    mine = newest()
    move_column(column=TeamColumn.objects.get(heading="RAG"), left=False, by=world.manager)

    with pytest.raises(Overtaken):
        undo_operation(operation=mine, by=world.manager)


def test_a_new_column_in_which_somebody_wrote_stays(world: World) -> None:
    add_column(team=world.team, heading="RAG", kind=ColumnKind.TEXT, options=[], by=world.manager)
    added = newest()
    write(make_row(team=world.team), world.supervisor, "Amber", field=TeamColumn.objects.get().key)

    with pytest.raises(Overtaken, match=world.supervisor.name):
        undo_operation(operation=added, by=world.manager)


def test_a_legend_is_taken_back(world: World) -> None:
    set_legend(team=world.team, meanings={Colour.RED: "Urgent"}, by=world.manager)
    set_legend(team=world.team, meanings={Colour.RED: "Late"}, by=world.manager)

    undo_operation(operation=newest(), by=world.manager)

    assert legend_of(world.team) == {"red": "Urgent"}


def test_a_name_that_changed_on_another_tracker_is_told_when_the_row_comes_back(world: World) -> None:
    row = make_row(team=world.team, person="Ed Test")
    there = move_row(row=row, to=world.neighbour, by=world.officer).row
    moved = TrackerRow.objects.with_all().select_related("team__locality").get(pk=there or 0)
    write(moved, world.officer, "Eddie Test", field="person")
    close_row(row=moved, outcome=an_outcome(), by=world.officer)

    reopen_row(row=row, by=world.officer)

    told = Change.objects.get(row=row, field="person")
    assert (told.old, told.new, told.by) == ("Ed Test", "Eddie Test", world.officer)


def test_a_case_that_went_to_another_locality_is_reopened_in_this_one(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    there = move_row(row=row, to=world.foreign, by=world.officer, reason="Moved house").row
    moved = TrackerRow.objects.with_all().select_related("team__locality").get(pk=there or 0)
    close_row(row=moved, outcome=an_outcome(), by=world.officer)

    reopen_row(row=row, by=world.officer)

    row.case.refresh_from_db()
    assert row.case.locality == world.amber


def test_a_removed_column_is_not_renamed(world: World) -> None:
    add_column(team=world.team, heading="RAG", kind=ColumnKind.TEXT, options=[], by=world.manager)
    column = TeamColumn.objects.get()
    remove_column(column=column, by=world.manager)

    with pytest.raises(Invalid, match="any more"):
        rename_column(column=column, heading="Room", by=world.manager)


def test_an_act_over_several_teams_is_taken_back_only_by_who_may_still_write_on_all_of_them(
    world: World,
) -> None:
    here, there = make_row(team=world.team), make_row(team=world.neighbour)
    person = make_member(Role.TEAM_MANAGER, locality=world.amber)
    with acting("dashboard", teams=[world.team, world.neighbour], by=person) as act:
        for row in act.rows([here.pk, there.pk]):
            act.set(row, "owner", "AN", "AN")
    both = newest()
    end_membership(membership=person.memberships.get(), by=world.officer)
    add_membership(
        person=person, role=Role.TEAM_MANAGER, locality=world.amber, teams=[world.team], by=world.officer
    )

    with pytest.raises(Refused):
        undo_operation(operation=both, by=person)

    there.refresh_from_db()
    assert there.owner == "AN"


def test_who_moves_cases_between_localities_no_more_takes_no_such_move_back(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    move_row(row=row, to=world.foreign, by=world.officer, reason="Moved house")
    moved = newest()
    end_membership(membership=world.officer.memberships.get(), by=None)
    add_membership(
        person=world.officer, role=Role.TEAM_MANAGER, locality=world.amber, teams=[world.team], by=None
    )

    with pytest.raises(Refused):
        undo_operation(operation=moved, by=world.officer)


def test_nobody_takes_back_what_somebody_else_did(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    theirs = write(row, world.supervisor, "KW")

    with pytest.raises(Invalid, match="Only the person who did this"):
        undo_operation(operation=theirs, by=world.manager)
