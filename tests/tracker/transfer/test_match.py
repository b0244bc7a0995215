"""Which row of the tracker a row of a file is, and when that is not certain enough."""

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import World
from tests.factories import make_closed_row, make_row
from tests.tracker.transfer.acts import NOON, bring_in, exported, only, plan_of, workbook
from tracker.changes.lifecycle import move_row, remove_row
from tracker.exporting import tracker_sheet
from tracker.importing.plan import Plan
from tracker.models import TrackerRow
from tracker.workbook.write import write_workbook


def told(plan: Plan) -> str:
    return " ".join(message.text for message in plan.messages)


def test_a_row_is_known_by_its_pin(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")

    planned = only(plan_of(workbook({"person": "Tess Sampel"}), world.team))

    assert (planned.row_id, planned.outcome) == (
        row.pk,
        "unchanged" if not planned.cells else planned.outcome,
    )


def test_a_row_without_a_pin_is_known_by_its_person(world: World) -> None:
    row = make_row(team=world.team, person="Tess Sample")

    planned = only(plan_of(workbook({"pin": None, "person": "TESS  Sample"}), world.team))

    assert planned.row_id == row.pk


@pytest.mark.parametrize("there", ["Niamh O\u2019Fictional", "O'Fictional, Niamh"])
def test_a_name_is_the_same_with_another_apostrophe_and_its_surname_first(world: World, there: str) -> None:
    row = make_row(team=world.team, person="Niamh O'Fictional")

    planned = only(plan_of(workbook({"pin": None, "person": there}), world.team))

    assert planned.row_id == row.pk


def test_children_of_one_name_with_two_pins_are_two_cases(world: World) -> None:
    make_row(team=world.team, pin="000111", person="Tess Sample")

    assert only(plan_of(workbook({}), world.team)).outcome == "added"


@pytest.mark.parametrize(
    ("here", "there"),
    [({"pin": "001201"}, {"pin": None}), ({}, {"pin": "001201"}), ({"pin": "001201"}, {"pin": "1201"})],
    ids=["a PIN here only", "a PIN in the file only", "a PIN that lost its zeros"],
)
def test_what_may_be_the_same_child_is_held_back(
    world: World, here: dict[str, Any], there: dict[str, str | None]
) -> None:
    make_row(team=world.team, person="Tess Sample", **here)

    planned = only(plan_of(workbook(dict(there)), world.team))

    assert planned.outcome == "held_back"


def test_a_row_that_is_almost_the_same_case_is_told_of_once(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")

    plan = plan_of(workbook({"pin": "1201"}), world.team)

    assert [which.value for which in only(plan).which][:1] == [str(row.pk)]
    assert plan.rows_told == [row.pk]


def test_a_pin_that_is_closed_here_and_open_in_the_file_is_held_back(world: World) -> None:
    make_closed_row(team=world.team, pin="001201")

    plan = plan_of(workbook({}), world.team)

    assert only(plan).outcome == "held_back"
    assert "A2 (PIN) was closed here on" in told(plan)


def test_a_pin_that_is_closed_here_and_there_is_nothing_to_do(world: World) -> None:
    make_closed_row(team=world.team, pin="001201")

    assert only(plan_of(workbook({"stage": "Closed"}), world.team)).outcome == "unchanged"


def test_a_pin_that_is_open_on_another_team_is_held_back_and_the_team_named(world: World) -> None:
    make_row(team=world.neighbour, pin="001201")

    plan = plan_of(workbook({}), world.team, by=world.coordinator)

    assert only(plan).held_back == "PIN is open on Amber Team 2: move the case here, then import again."


def test_a_team_that_the_person_may_not_see_is_not_named(world: World) -> None:
    make_row(team=world.neighbour, pin="001201")

    # A stand-in sees one team alone. They import nothing; the plan tells them no more all the same.
    plan = plan_of(workbook({}), world.team, by=world.stand_in)

    assert only(plan).outcome == "held_back"
    assert "Amber Team 2" not in told(plan)


def test_the_same_pin_in_another_locality_is_another_child(world: World) -> None:
    make_row(team=world.foreign, pin="001201")

    assert only(plan_of(workbook({}), world.team)).outcome == "added"


def test_a_case_that_was_removed_comes_in_again(world: World) -> None:
    row = make_row(team=world.team, pin="001201")
    remove_row(row=row, by=world.manager)

    bring_in(workbook({}), world.team)

    back = TrackerRow.objects.open().get(team=world.team)
    assert (back.case_id, back.person) == (row.case_id, "Tess Sample")
    assert back.pk != row.pk


def test_two_rows_of_one_case_are_not_both_taken(world: World) -> None:
    row = make_row(team=world.team, person="Tess Sample")

    plan = plan_of(workbook({"pin": None}, {"pin": None}), world.team)

    assert [planned.row_id for planned in plan.rows] == [row.pk, None]
    assert [planned.outcome for planned in plan.rows][1] == "held_back"


def test_a_row_of_an_export_is_known_whatever_became_of_its_pin_and_name(world: World) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")
    data = exported(world.team)
    TrackerRow.objects.filter(pk=row.pk).update(owner="JB")

    assert only(plan_of(data, world.team)).row_id == row.pk


def test_an_export_of_another_team_is_matched_by_pin_alone(world: World) -> None:
    make_row(team=world.neighbour, pin="001201")
    make_row(team=world.team, pin="000001")

    planned = only(plan_of(exported(world.neighbour), world.team))

    assert planned.outcome == "held_back"


def test_the_row_numbers_of_another_teams_export_say_nothing_here(world: World) -> None:
    make_row(team=world.team, pin="001201")
    sheet = tracker_sheet(world.team, names="full", exported_by="Olive Officer", at=NOON)
    elsewhere = replace(sheet.rows[0], values={**sheet.rows[0].values, "pin": "000777"})

    data = write_workbook(replace(sheet, team_id=world.neighbour.pk, rows=[elsewhere]))

    assert only(plan_of(data, world.team)).row_id is None


def test_a_row_that_moved_away_since_the_export_is_held_back(world: World) -> None:
    row = make_row(team=world.team, pin="001201")
    data = exported(world.team)
    move_row(row=row, to=world.neighbour, by=world.officer)

    assert only(plan_of(data, world.team)).outcome == "held_back"


def test_open_rows_that_the_file_does_not_have_are_listed_and_stay(world: World) -> None:
    row = make_row(team=world.team, pin="000001")

    plan = plan_of(workbook({}), world.team)
    bring_in(workbook({}), world.team)

    assert [missing.row_id for missing in plan.missing] == [row.pk]
    assert TrackerRow.objects.open().filter(team=world.team).count() == 2


def test_a_row_without_a_name_is_held_back(world: World) -> None:
    assert only(plan_of(workbook({"person": None}), world.team)).outcome == "held_back"
