"""Words, columns, colours and texts of a file, as the tracker takes them."""

from typing import Any

from tests.conftest import World
from tests.factories import a_need, make_row
from tests.tracker.transfer.acts import NOON, bring_in, only, plan_of, workbook
from tests.tracker.workbook.files import HEADINGS, case, make_workbook
from tracker.changes.columns import add_column
from tracker.choices import Colour, ColumnKind, RowState, Stage
from tracker.exporting import tracker_sheet
from tracker.importing.plan import Plan
from tracker.models import Need, TeamColumn, TrackerRow
from tracker.workbook.write import write_workbook


def with_columns(headings: list[str], *values: str, **fields: object) -> bytes:
    return make_workbook([[*case(**fields), *values]], headings=[*HEADINGS, *headings])


def told_at(plan: Plan, cell: str) -> list[str]:
    return [message.text for message in plan.messages if message.cell == f"Tracker!{cell}"]


def test_a_word_in_our_list_is_taken_whatever_its_letter_case(world: World) -> None:
    bring_in(workbook({"needed": "WRITE  UP"}), world.team)

    assert TrackerRow.objects.get(team=world.team).needed == Need.objects.get(label="Write up")


def test_a_word_that_no_list_has_is_kept_to_the_letter_and_waits_for_review(world: World) -> None:
    plan = plan_of(workbook({"needed": "Waiting for panel"}), world.team)
    bring_in(workbook({"needed": "Waiting for panel"}), world.team)

    word = Need.objects.get(label="Waiting for panel")
    assert not word.reviewed
    assert word not in Need.objects.choosable()
    assert Need.objects.order_by("order").last() == word
    assert TrackerRow.objects.get(team=world.team).needed == word
    assert any("new to the council’s list" in text for text in told_at(plan, "D2"))


def test_a_retired_word_comes_back_as_itself(world: World) -> None:
    need = a_need()
    Need.objects.filter(pk=need.pk).update(retired=True)

    bring_in(workbook({"needed": need.label}), world.team)

    assert TrackerRow.objects.get(team=world.team).needed_id == need.pk


def test_two_spellings_of_a_new_word_are_one_word(world: World) -> None:
    data = workbook({"pin": "1", "needed": "Panel"}, {"pin": "2", "needed": "panel"})

    plan = plan_of(data, world.team)
    bring_in(data, world.team)

    assert Need.objects.filter(label__iexact="panel").count() == 1
    assert any("read as “Panel”" in text for text in told_at(plan, "D3"))


def test_a_plan_makes_no_words_and_no_columns(world: World) -> None:
    before = (Need.objects.count(), TeamColumn.objects.count())

    plan_of(with_columns(["RAG"], "Red", needed="Panel"), world.team)

    assert (Need.objects.count(), TeamColumn.objects.count()) == before


def test_a_column_of_the_file_becomes_a_column_of_the_team(world: World) -> None:
    bring_in(with_columns(["RAG"], "Red"), world.team)

    column = TeamColumn.objects.get(team=world.team)
    assert (column.heading, column.kind) == ("RAG", ColumnKind.TEXT)
    assert TrackerRow.objects.get(team=world.team).extra == {column.key: "Red"}


def test_a_column_that_the_team_has_is_found_by_its_heading(world: World) -> None:
    add_column(team=world.team, heading="Rag", kind=ColumnKind.TEXT, options=[], by=world.manager)

    bring_in(with_columns(["RAG"], "Red"), world.team)

    assert TrackerRow.objects.get(team=world.team).extra == {TeamColumn.objects.get().key: "Red"}


def test_a_value_that_a_teams_column_does_not_take_is_told(world: World) -> None:
    add_column(
        team=world.team,
        heading="RAG",
        kind=ColumnKind.CHOICE,
        options=["Red", "Green"],
        by=world.manager,
    )

    plan = plan_of(with_columns(["RAG"], "Purple"), world.team)

    assert any("says “Purple” and is read as blank" in text for text in told_at(plan, "K2"))


def test_a_second_column_headed_like_one_of_the_ten_gets_a_heading_of_its_own(world: World) -> None:
    bring_in(with_columns(["Owner"], "Second"), world.team)

    assert TeamColumn.objects.get(team=world.team).heading == "Team’s own Owner"


def test_columns_beyond_what_a_tracker_takes_are_told_by_name(world: World) -> None:
    headings = [f"Column {number}" for number in range(13)]

    plan = plan_of(with_columns(headings, *headings), world.team)

    assert len(plan.new_columns) == 12
    assert any("is not imported" in text for text in told_at(plan, "W1"))


def test_line_breaks_in_a_line_become_spaces_and_are_told(world: World) -> None:
    plan = plan_of(workbook({"owner": "JB\nKW"}), world.team)
    bring_in(workbook({"owner": "JB\nKW"}), world.team)

    assert TrackerRow.objects.get(team=world.team).owner == "JB KW"
    assert any("line breaks are not kept" in text for text in told_at(plan, "F2"))


def test_a_rows_colour_becomes_the_nearest_of_the_palette(world: World) -> None:
    def colour(book: Any, sheet: Any) -> None:
        fill = book.add_format({"bg_color": "#FF0000"})
        for column, text in enumerate(case()):
            sheet.write(1, column, str(text or ""), fill)

    data = make_workbook([case()], also=colour)
    plan = plan_of(data, world.team)
    bring_in(data, world.team)

    assert TrackerRow.objects.get(team=world.team).colour == Colour.RED
    assert any("is coloured: kept as red" in text for text in told_at(plan, "A2"))


def test_a_closed_row_comes_in_closed_its_outcome_not_recorded(world: World) -> None:
    bring_in(workbook({"stage": "Closed"}), world.team, by=world.manager)

    row = TrackerRow.objects.get(team=world.team)
    assert (row.state, row.stage) == (RowState.CLOSED, Stage.CLOSED)
    assert row.outcome is not None
    assert (row.outcome.code, row.closed_by) == ("not_recorded", world.manager)
    assert row.closed_at is not None


def test_a_word_of_ours_in_an_export_is_not_told_of(world: World) -> None:
    word = Need.objects.create(label="Waiting for panel", reviewed=False)
    row = make_row(team=world.team, pin="001201")
    TrackerRow.objects.filter(pk=row.pk).update(needed=word)
    sheet = tracker_sheet(world.team, names="full", exported_by="Olive Officer", at=NOON)

    plan = plan_of(write_workbook(sheet), world.team)

    assert (plan.messages, only(plan).outcome) == ((), "unchanged")
