"""Editing cells: versions, repeats, and what happens to a text that comes too late."""

from datetime import date
from functools import partial
from uuid import uuid4

import pytest

from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import a_need, cleaned, make_closed_row, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import (
    Invalid,
    NeedsOutcome,
    NeedsReason,
    OperationTaken,
    RowGone,
    StaleEdit,
)
from tracker.choices import Stage
from tracker.models import Change, RefusedEdit, TeamLog, TrackerRow


def test_an_edit_writes_the_field_and_one_history_entry(world: World) -> None:
    row = make_row(team=world.team, action="Ring school")

    answer = edit_cell(
        row=row, field="action", new=cleaned("action", "Ring nurse"), base=0, by=world.supervisor
    )

    row.refresh_from_db()
    assert (row.action, row.rev("action"), answer.outcome) == ("Ring nurse", 1, "saved")
    change = Change.objects.get(row=row, kind="set")
    assert (change.field, change.old, change.new, change.by) == (
        "action",
        "Ring school",
        "Ring nurse",
        world.supervisor,
    )


def test_a_stale_edit_is_refused_and_both_texts_are_kept(world: World) -> None:
    row = make_row(team=world.team, action="before")
    edit_cell(row=row, field="action", new=cleaned("action", "theirs"), base=0, by=world.manager)

    with pytest.raises(StaleEdit) as refused:
        edit_cell(row=row, field="action", new=cleaned("action", "mine"), base=0, by=world.supervisor)

    row.refresh_from_db()
    assert row.action == "theirs"
    assert refused.value.newer.value == "theirs"
    assert refused.value.newer.before == "before"
    assert refused.value.newer.by_name == world.manager.name
    assert RefusedEdit.objects.get(row=row).value == "mine"
    assert Change.objects.filter(row=row, new="theirs").exists()


def test_different_fields_of_one_row_never_clash(world: World) -> None:
    row = make_row(team=world.team)
    edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager)

    answer = edit_cell(row=row, field="action", new=cleaned("action", "Ring"), base=0, by=world.supervisor)

    assert answer.outcome == "saved"


def test_the_same_value_makes_no_new_version(world: World) -> None:
    row = make_row(team=world.team, owner="JB")
    head = TeamLog.head_of(world.team.pk)

    answer = edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager)

    assert answer.outcome == "same"
    assert TeamLog.head_of(world.team.pk) == head


def test_a_repeated_operation_gives_its_answer_and_changes_nothing_twice(world: World) -> None:
    row = make_row(team=world.team)
    op = uuid4()
    edit = partial(edit_cell, row=row, field="owner", new=cleaned("owner", "JB"), base=0, op=op)
    first = edit(by=world.manager)
    edit_cell(row=row, field="owner", new=cleaned("owner", "KW"), base=1, by=world.supervisor)

    again = edit(by=world.manager)

    row.refresh_from_db()
    assert (again, row.owner) == (first, "KW")
    assert Change.objects.filter(row=row, new="JB").count() == 1
    assert not RefusedEdit.objects.exists()


def test_another_persons_operation_number_is_refused(world: World) -> None:
    row = make_row(team=world.team)
    op = uuid4()
    edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager, op=op)

    with pytest.raises(OperationTaken):
        edit_cell(row=row, field="owner", new=cleaned("owner", "X"), base=0, by=world.supervisor, op=op)


def test_my_second_edit_follows_my_first_that_was_still_under_way(world: World) -> None:
    row = make_row(team=world.team)
    first = uuid4()
    edit_cell(row=row, field="owner", new=cleaned("owner", "J"), base=0, by=world.manager, op=first)

    answer = edit_cell(
        row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager, after_op=first
    )

    assert answer.rev == 2


def test_an_edit_of_a_closed_row_is_refused_and_its_text_kept(world: World) -> None:
    row = make_closed_row(team=world.team)

    with pytest.raises(RowGone):
        edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.manager)

    assert RefusedEdit.objects.get(row=row).value == "JB"


def test_the_stage_closed_asks_for_the_outcome(world: World) -> None:
    row = make_row(team=world.team, stage=Stage.DECIDED)

    with pytest.raises(NeedsOutcome):
        edit_cell(row=row, field="stage", new=cleaned("stage", Stage.CLOSED), base=0, by=world.manager)


def test_a_reader_cannot_write_even_without_a_view_in_between(world: World) -> None:
    row = make_row(team=world.team)

    with pytest.raises(Refused):
        edit_cell(row=row, field="owner", new=cleaned("owner", "JB"), base=0, by=world.head)


def test_a_pin_that_is_there_is_changed_by_a_manager_with_a_reason_only(world: World) -> None:
    row = make_row(team=world.team, pin="000123")
    edit = partial(edit_cell, row=row, field="pin", new=cleaned("pin", "000124"), base=0)

    with pytest.raises(NeedsReason):
        edit(by=world.manager)

    answer = edit(by=world.manager, reason="Two digits were swapped")
    assert answer.outcome == "saved"
    assert Change.objects.get(field="pin").reason == "Two digits were swapped"


def test_a_stand_in_sets_a_missing_pin_and_changes_none(world: World) -> None:
    row = make_row(team=world.team)
    edit_cell(row=row, field="pin", new=cleaned("pin", "000123"), base=0, by=world.stand_in)
    there = TrackerRow.objects.with_all().get(pk=row.pk)

    with pytest.raises(Refused):
        edit_cell(row=there, field="pin", new=cleaned("pin", "000124"), base=1, by=world.stand_in)


def test_a_pin_in_use_is_refused_with_the_place_where_it_stands(world: World) -> None:
    make_row(team=world.neighbour, pin="000123")
    row = make_row(team=world.team)

    with pytest.raises(Invalid, match="Amber Team 2"):
        edit_cell(row=row, field="pin", new=cleaned("pin", "000123"), base=0, by=world.coordinator)


def test_the_same_pin_in_another_locality_is_another_child(world: World) -> None:
    make_row(team=world.foreign, pin="000123")
    row = make_row(team=world.team)

    answer = edit_cell(row=row, field="pin", new=cleaned("pin", "000123"), base=0, by=world.coordinator)

    assert answer.outcome == "saved"


def test_a_retired_word_comes_back_only_to_a_row_that_had_it(world: World) -> None:
    need = a_need()
    had = make_row(team=world.team, needed=need)
    never = make_row(team=world.team)
    edit_cell(row=had, field="needed", new=cleaned("needed", None), base=0, by=world.manager)
    need.retired = True
    need.save()

    edit_cell(row=had, field="needed", new=cleaned("needed", need), base=1, by=world.manager)
    with pytest.raises(Invalid, match="not offered"):
        edit_cell(row=never, field="needed", new=cleaned("needed", need), base=0, by=world.manager)


def test_a_team_columns_value_is_kept_under_its_key(world: World) -> None:
    row = make_row(team=world.team)

    edit_cell(row=row, field="x7", new=cleaned("x7", "Amber"), base=0, by=world.manager)

    row.refresh_from_db()
    assert row.extra == {"x7": "Amber"}


def test_a_date_in_a_team_column_is_kept_as_text_that_sorts(world: World) -> None:
    row = make_row(team=world.team, x7=date(2026, 11, 2))
    assert row.extra == {"x7": "2026-11-02"}

    edit_cell(row=row, field="x7", new=cleaned("x7", date(2026, 12, 1)), base=0, by=world.manager)

    row.refresh_from_db()
    assert row.extra == {"x7": "2026-12-01"}
