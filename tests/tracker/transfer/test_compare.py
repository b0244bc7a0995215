"""Which cells of a known row an import changes, and about which it asks."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import Team
from accounts.roles import Role
from tests.conftest import World
from tests.factories import a_need, cleaned, make_row
from tests.tracker.transfer.acts import NOON, bring_in, cell_of, only, plan_of, workbook
from tracker.changes.edit import edit_cell
from tracker.choices import RowState, Stage
from tracker.exporting import Names, tracker_sheet
from tracker.models import TrackerRow
from tracker.workbook.write import write_workbook


def sheet_of(team: Team, names: Names = "full") -> Any:
    return tracker_sheet(team, names=names, exported_by="Olive Officer", at=NOON)


def edited(sheet: Any, **values: str | date | None) -> bytes:
    """The export with other values in its one row, as if typed in Excel."""
    (row,) = sheet.rows
    return write_workbook(replace(sheet, rows=[replace(row, values={**row.values, **values})]))


def test_a_cell_edited_in_an_export_is_changed(world: World) -> None:
    row = make_row(team=world.team, pin="001201", owner="JB", action="Ring school")
    data = edited(sheet_of(world.team), owner="KW", action=None)

    bring_in(data, world.team)

    row.refresh_from_db()
    assert (row.owner, row.action) == ("KW", "")


def test_a_cell_changed_here_and_in_the_export_is_a_conflict_and_ours_stays(world: World) -> None:
    row = make_row(team=world.team, pin="001201", owner="JB")
    sheet = sheet_of(world.team)
    edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)

    plan = plan_of(edited(sheet, owner="KW"), world.team)
    bring_in(edited(sheet, owner="KW"), world.team)

    cell = cell_of(only(plan), "owner")
    assert cell is not None
    assert (cell.conflict, cell.ours, cell.given.text, only(plan).outcome) == (True, "AN", "KW", "unchanged")
    row.refresh_from_db()
    assert row.owner == "AN"


def test_keeping_the_file_takes_its_side_of_a_conflict(world: World) -> None:
    row = make_row(team=world.team, pin="001201", owner="JB")
    sheet = sheet_of(world.team)
    edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=0, by=world.manager)

    bring_in(edited(sheet, owner="KW"), world.team, keep="file")

    row.refresh_from_db()
    assert row.owner == "KW"


def test_a_differing_cell_of_an_old_workbook_is_a_conflict_and_ours_stays(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN")

    plan = plan_of(workbook({"owner": "KW"}), world.team)
    bring_in(workbook({"owner": "KW"}), world.team)

    cell = cell_of(only(plan), "owner")
    assert cell is not None
    assert cell.conflict
    row.refresh_from_db()
    assert row.owner == "AN"


def test_an_old_workbook_fills_cells_that_nobody_has_written_here(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")

    bring_in(workbook({"owner": "KW", "needed": "Write up"}), world.team)

    row.refresh_from_db()
    assert (row.owner, str(row.needed)) == ("KW", "Write up")


def test_a_cell_that_was_emptied_here_is_not_filled_again_unasked(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", owner="KW")
    edit_cell(row=row, field="owner", new=cleaned("owner", ""), base=0, by=world.manager)

    bring_in(workbook({"owner": "KW"}), world.team)

    row.refresh_from_db()
    assert row.owner == ""


def test_a_blank_of_an_old_workbook_empties_a_cell_only_where_the_file_is_kept(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", update="Rung")
    unasked = only(plan_of(workbook({}), world.team))

    bring_in(workbook({}), world.team, keep="file")

    row.refresh_from_db()
    assert cell_of(unasked, "update") is None
    assert row.update == ""


def test_pin_and_person_are_never_emptied(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    sheet = sheet_of(world.team)

    bring_in(edited(sheet, pin=None), world.team, keep="file")
    bring_in(edited(sheet, person=None), world.team, keep="file")

    row.refresh_from_db()
    assert (row.pin, row.person) == ("001201", "Tess Sample")


def test_an_unreadable_cell_changes_nothing(world: World) -> None:
    row = make_row(team=world.team, pin="001201", stage=Stage.DECIDED, by_when=date(2026, 12, 1))

    bring_in(edited(sheet_of(world.team), stage="Nearly closed", by_when="TBC"), world.team, keep="file")

    row.refresh_from_db()
    assert (row.stage, row.by_when) == (Stage.DECIDED, date(2026, 12, 1))


def test_no_import_closes_a_case(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample", stage=Stage.DECIDED)

    plan = plan_of(workbook({"stage": "Closed"}), world.team, keep="file")
    bring_in(workbook({"stage": "Closed"}), world.team, keep="file")

    row.refresh_from_db()
    assert (row.state, row.stage) == (RowState.OPEN, Stage.DECIDED)
    assert any("C2 (Stage) is Closed in the file and open here" in told.text for told in plan.messages)


def test_initials_that_were_exported_are_no_change_of_the_name(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Anne Sample")
    sheet = sheet_of(world.team, "initials")

    bring_in(edited(sheet, owner="KW"), world.team, keep="file")

    row.refresh_from_db()
    assert (row.person, row.owner) == ("Tess Anne Sample", "KW")


def test_initials_never_replace_a_name_that_was_changed_since(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    sheet = sheet_of(world.team, "initials")
    edit_cell(row=row, field="person", new=cleaned("person", "Bea Sample"), base=0, by=world.manager)

    bring_in(edited(sheet), world.team, keep="file")

    row.refresh_from_db()
    assert row.person == "Bea Sample"


def test_a_pin_that_another_case_has_holds_the_row_back(world: World) -> None:
    make_row(team=world.neighbour, pin="000777")
    make_row(team=world.team, pin="001201")

    planned = only(plan_of(edited(sheet_of(world.team), pin="000777"), world.team))

    assert planned.outcome == "held_back"


@pytest.mark.parametrize(("role", "pin"), [(Role.TEAM_COORDINATOR, "001202"), (Role.TEAM_MANAGER, "001201")])
def test_a_pin_changed_in_the_file_counts_for_those_who_may_change_it_without_a_reason(
    world: World, role: Role, pin: str
) -> None:
    row = make_row(team=world.team, pin="001201")
    data = edited(sheet_of(world.team), pin="001202")

    bring_in(data, world.team, by=world.person(role))

    row.refresh_from_db()
    assert row.pin == pin


def test_every_change_stands_in_the_history(world: World) -> None:
    row = make_row(team=world.team, pin="001201", needed=a_need(0))
    data = edited(sheet_of(world.team), needed=a_need(1).label)

    bring_in(data, world.team, by=world.manager)

    change = row.changes.get(kind="set")
    assert (change.field, change.old, change.new) == ("needed", str(a_need(0).pk), str(a_need(1).pk))
    assert (change.by_name, change.operation.kind) == (world.manager.name, "import")
    assert TrackerRow.objects.get(pk=row.pk).rev("needed") == 1
