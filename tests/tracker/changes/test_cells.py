"""Many cells at once: all of them or none, each held to what a single cell is held to."""

from uuid import uuid4

import pytest

from accounts.models import User
from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import a_need, an_outcome, cleaned, make_row, make_rows
from tests.tracker.transfer.acts import bring_in, workbook
from tracker.changes.act import Answer
from tracker.changes.cells import CellEdit, CellsRefused, write_cells
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.changes.refusals import RowGone
from tracker.changes.undo import undo_operation
from tracker.choices import RowState, Stage
from tracker.models import Change, Operation, RefusedEdit, TeamLog, TrackerRow


def owner_cells(rows: list[TrackerRow], text: str = "AN") -> list[CellEdit]:
    """The owner of each row, typed against the version that the row has."""
    return [
        CellEdit(place, row.pk, "owner", cleaned("owner", text), row.rev("owner"))
        for place, row in enumerate(rows)
    ]


def write(world: World, edits: list[CellEdit], by: User | None = None, clear: bool = False) -> Answer:
    """Writes the cells on Amber Team 1."""
    return write_cells(team=world.team, edits=edits, by=by or world.manager, op=uuid4(), clear=clear)


def codes(
    world: World, edits: list[CellEdit], by: User | None = None, clear: bool = False
) -> list[tuple[int, str]]:
    """Why the cells are refused, by place; nothing must have been written."""
    head = TeamLog.head_of(world.team.pk)
    with pytest.raises(CellsRefused) as refused:
        write(world, edits, by, clear)
    assert TeamLog.head_of(world.team.pk) == head
    return [(problem.place, problem.code) for problem in refused.value.problems]


def test_cells_of_many_rows_are_one_act(world: World) -> None:
    rows = make_rows(3, team=world.team)

    answer = write(world, owner_cells(rows))

    assert set(TrackerRow.objects.values_list("owner", flat=True)) == {"AN"}
    assert answer.counts == {"cells": 3, "added": 0}
    assert Change.objects.filter(operation=Operation.objects.get(kind="paste")).count() == 3


def test_one_undo_takes_all_of_them_back(world: World) -> None:
    rows = make_rows(3, team=world.team, owner="JB")
    write(world, [*owner_cells(rows), CellEdit(9, None, "person", cleaned("person", "New Case"), group="a")])

    undo_operation(operation=Operation.objects.get(kind="paste"), by=world.manager)

    assert list(TrackerRow.objects.open().values_list("owner", flat=True)) == ["JB"] * 3


def test_4_10_12_fifty_cells_against_one_changed_cell_change_nothing_and_mark_one(world: World) -> None:
    rows = make_rows(50, team=world.team)
    edits = owner_cells(rows)
    edit_cell(row=rows[7], field="owner", new=cleaned("owner", "KW"), base=0, by=world.supervisor)

    assert codes(world, edits) == [(7, "stale")]

    assert RefusedEdit.objects.get().value == "AN"


def test_a_row_that_was_closed_meanwhile_refuses_all(world: World) -> None:
    rows = make_rows(2, team=world.team)
    edits = owner_cells(rows)
    close_row(row=rows[1], outcome=an_outcome(), by=world.supervisor)

    assert codes(world, edits) == [(1, "gone")]


def test_a_row_that_came_in_closed_is_told_alike_to_one_cell_and_to_several(world: World) -> None:
    bring_in(workbook({"stage": "Closed"}), world.team, by=world.coordinator)
    row = TrackerRow.objects.closed().select_related("team", "case").get()

    with pytest.raises(RowGone) as one:
        edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager)
    with pytest.raises(CellsRefused) as several:
        write(world, owner_cells([row]))

    told = f"{world.coordinator.name} has closed this case."
    assert several.value.problems[0].message == told
    assert one.value.message.startswith(told)


def test_a_row_of_another_team_is_no_row_of_this_one(world: World) -> None:
    row = make_row(team=world.neighbour)

    assert codes(world, owner_cells([row])) == [(0, "unknown-row")]


def test_a_cell_that_stands_there_already_is_asked_nothing_and_counted_not(world: World) -> None:
    rows = make_rows(2, team=world.team, owner="AN")
    edit_cell(row=rows[0], field="owner", new=cleaned("owner", "KW"), base=0, by=world.manager)
    edits = [CellEdit(0, rows[0].pk, "owner", cleaned("owner", "KW"), 0), *owner_cells(rows[1:])]

    assert write(world, edits).outcome == "same"


def test_a_blank_over_a_filled_cell_has_to_be_confirmed(world: World) -> None:
    rows = make_rows(1, team=world.team, owner="JB")
    edits = owner_cells(rows, "")

    assert codes(world, edits) == [(0, "clears")]
    assert write(world, edits, clear=True).counts["cells"] == 1


def test_a_name_is_never_emptied(world: World) -> None:
    row = make_row(team=world.team)
    edit = CellEdit(0, row.pk, "person", cleaned("person", ""), 0)

    assert codes(world, [edit], clear=True) == [(0, "refused")]


def test_the_stage_closed_is_no_value_to_paste(world: World) -> None:
    row = make_row(team=world.team, stage=Stage.DECIDED)
    edit = CellEdit(0, row.pk, "stage", cleaned("stage", Stage.CLOSED), 0)

    assert codes(world, [edit]) == [(0, "needs-outcome")]


def test_a_retired_word_is_not_pasted_onto_a_row_that_never_had_it(world: World) -> None:
    need = a_need()
    need.retired = True
    need.save()
    row = make_row(team=world.team)

    assert codes(world, [CellEdit(0, row.pk, "needed", cleaned("needed", need), 0)]) == [(0, "refused")]


def test_a_pin_is_changed_only_by_those_who_may_change_one(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    edit = CellEdit(0, row.pk, "pin", cleaned("pin", "000124"), 0)

    assert codes(world, [edit], world.stand_in) == [(0, "not-allowed")]
    assert codes(world, [edit], world.manager) == [(0, "needs-reason")]


def test_a_pin_in_use_and_a_pin_that_is_there_twice_are_refused(world: World) -> None:
    make_row(team=world.neighbour, pin="000123")
    rows = make_rows(3, team=world.team)
    pins = ("000123", "000555", "000555")
    edits = [
        CellEdit(place, row.pk, "pin", cleaned("pin", pin), 0)
        for place, (row, pin) in enumerate(zip(rows, pins, strict=True))
    ]

    assert codes(world, edits) == [(0, "pin-taken"), (1, "twice"), (2, "twice")]


def test_two_rows_cannot_exchange_their_pins_in_one_paste(world: World) -> None:
    first, second = make_row(team=world.team, pin="000001"), make_row(team=world.team, pin="000002")
    edits = [
        CellEdit(0, first.pk, "pin", cleaned("pin", "000002"), 0),
        CellEdit(1, second.pk, "pin", cleaned("pin", "000001"), 0),
    ]

    assert codes(world, edits, world.coordinator) == [(0, "pin-taken"), (1, "pin-taken")]


def test_one_cell_twice_is_refused(world: World) -> None:
    row = make_row(team=world.team)

    assert codes(world, owner_cells([row, row])) == [(1, "twice")]


def test_new_cases_go_to_the_end_and_need_a_name(world: World) -> None:
    make_row(team=world.team)
    named = CellEdit(0, None, "person", cleaned("person", "New Case"), group="a")
    owned = CellEdit(1, None, "owner", cleaned("owner", "JB"), group="a")
    nameless = CellEdit(2, None, "owner", cleaned("owner", "AN"), group="b")

    assert codes(world, [named, owned, nameless]) == [(2, "refused")]
    write(world, [named, owned])

    last = TrackerRow.objects.with_all().order_by("order").last()
    assert last is not None
    assert (last.person, last.owner, last.state) == ("New Case", "JB", RowState.OPEN)


def test_a_paste_follows_an_own_edit_that_was_still_under_way(world: World) -> None:
    row = make_row(team=world.team)
    first = uuid4()
    edit_cell(row=row, field="owner", new=cleaned("owner", "J"), base=0, by=world.manager, op=first)
    edit = CellEdit(0, row.pk, "owner", cleaned("owner", "JB"), 0, after_op=first)

    assert write(world, [edit]).outcome == "saved"


def test_a_repeat_gives_the_stored_answer_and_changes_nothing_twice(world: World) -> None:
    edits, op = owner_cells(make_rows(2, team=world.team)), uuid4()
    first = write_cells(team=world.team, edits=edits, by=world.manager, op=op)

    again = write_cells(team=world.team, edits=edits, by=world.manager, op=op)

    assert again == first
    assert Operation.objects.filter(kind="paste").count() == 1


def test_a_reader_cannot_write_even_without_a_view_in_between(world: World) -> None:
    edits = owner_cells(make_rows(1, team=world.team))

    with pytest.raises(Refused):
        write(world, edits, world.head)
