"""What the questions answer over a small known tracker, and in how many statements."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from summary import queries
from summary.queries import Numbers
from tests.conftest import World
from tests.factories import a_difficulty, a_need, make_row
from tests.summary.known import fill
from tracker.models import Difficulty, Need, RowQuerySet, TrackerRow

TODAY = date(2022, 1, 20)


@pytest.fixture
def rows(world: World) -> RowQuerySet:
    """The rows of Amber Team 1, filled; the neighbour and the other locality have a few of their own."""
    for team in (world.team, world.foreign):
        fill(team, by=world.officer, today=TODAY)
    make_row(team=world.neighbour, by=world.officer, needed=a_need(3))
    return TrackerRow.objects.filter(team=world.team)


def told(numbers: Numbers) -> dict[str, int]:
    return {number.label: number.cases for number in numbers.lines}


def above_nought(numbers: Numbers) -> dict[str, int]:
    return {label: cases for label, cases in told(numbers).items() if cases}


def test_open_cases_are_counted_by_stage_in_the_order_of_the_guide(rows: RowQuerySet) -> None:
    answer = queries.rows_by_stage(rows)

    assert list(told(answer).items()) == [
        ("Awaiting first CIN meeting", 1),
        ("Intervention underway", 2),
        ("Identified for potential closure", 1),
        ("Decided to close", 1),
        ("Stage not set", 1),
    ]
    assert answer.foot[0].cases == 6


def test_needs_come_in_the_order_of_their_list_with_noughts(rows: RowQuerySet) -> None:
    answer = queries.rows_by_need(rows, Need.objects.all())

    labels = [need.label for need in Need.objects.choosable()]
    assert list(told(answer)) == [*labels, "Not set"]
    assert above_nought(answer) == {labels[0]: 1, labels[1]: 3, "Not set": 2}


def test_a_retired_word_in_use_is_counted_under_its_own_name(rows: RowQuerySet) -> None:
    Need.objects.filter(pk=a_need(1).pk).update(label="Old word", retired=True)

    answer = queries.rows_by_need(rows, Need.objects.all())

    line = next(line for line in answer.lines if line.label == "Old word")
    assert (line.cases, line.note) == (3, "no longer in the list")


def test_a_word_that_only_an_import_knows_is_counted_under_its_own_name(
    rows: RowQuerySet,
) -> None:
    Need.objects.filter(pk=a_need(1).pk).update(label="Ring the aunt", reviewed=False)

    assert told(queries.rows_by_need(rows, Need.objects.all()))["Ring the aunt"] == 3


def test_a_word_that_is_neither_on_offer_nor_in_use_is_left_out(rows: RowQuerySet) -> None:
    Need.objects.create(label="Retired long ago", retired=True)
    Need.objects.create(label="Nobody has this", reviewed=False)

    answer = queries.rows_by_need(rows, Need.objects.all())

    assert not {"Retired long ago", "Nobody has this"} & told(answer).keys()


def test_difficulties_are_counted_apart_from_the_cases_without_one(rows: RowQuerySet) -> None:
    answer = queries.difficulties(rows, Difficulty.objects.all())

    assert above_nought(answer) == {a_difficulty(0).label: 1, a_difficulty(2).label: 1}
    assert [(foot.label, foot.cases) for foot in answer.foot] == [
        ("Any difficulty", 2),
        ("No difficulty given", 4),
    ]


def test_the_cross_table_has_a_cell_for_every_need_and_stage(rows: RowQuerySet) -> None:
    table = queries.stage_by_need(rows, Need.objects.all())

    cells = {line.label: [number.cases for number in line.stages] for line in table.lines}
    assert len(cells) == Need.objects.choosable().count() + 1
    assert cells[a_need(0).label] == [1, 0, 0, 0, 0]
    assert cells[a_need(1).label] == [0, 2, 1, 0, 0]
    assert cells["Not set"] == [0, 0, 0, 1, 1]


def test_a_retired_word_in_use_has_its_line_in_the_cross_table(rows: RowQuerySet) -> None:
    Need.objects.filter(pk=a_need(1).pk).update(label="Old word", retired=True)

    table = queries.stage_by_need(rows, Need.objects.all())

    line = next(line for line in table.lines if line.label == "Old word")
    assert [number.cases for number in line.stages] == [0, 2, 1, 0, 0]


def test_the_cross_table_adds_up_both_ways(rows: RowQuerySet) -> None:
    table = queries.stage_by_need(rows, Need.objects.all())

    by_stage = [number.cases for number in queries.rows_by_stage(rows).lines]
    by_need = [number.cases for number in queries.rows_by_need(rows, Need.objects.all()).lines]
    assert [number.cases for number in table.foot.stages] == by_stage
    assert [line.total.cases for line in table.lines] == by_need
    assert table.foot.total.cases == 6


def test_expected_closures_are_given_apart_and_together(rows: RowQuerySet) -> None:
    answer = queries.expected_closures(rows)

    assert (answer.identified.cases, answer.decided.cases, answer.together.cases) == (1, 1, 2)


def test_an_action_is_overdue_the_day_after_its_date(rows: RowQuerySet) -> None:
    counted = [queries.overdue_actions(rows, TODAY + timedelta(days=days)).cases for days in (-1, 0, 1)]

    assert counted == [0, 1, 2]


def test_a_meeting_of_today_has_not_passed(rows: RowQuerySet) -> None:
    assert queries.meetings_passed(rows, TODAY).cases == 1


def test_an_empty_tracker_gives_noughts(world: World) -> None:
    rows = TrackerRow.objects.filter(team=world.team)

    assert set(told(queries.rows_by_stage(rows)).values()) == {0}
    assert set(told(queries.difficulties(rows, Difficulty.objects.all())).values()) == {0}
    assert queries.stage_by_need(rows, Need.objects.all()).most == 0
    assert queries.expected_closures(rows).together.cases == 0


def test_each_question_is_one_statement(
    rows: RowQuerySet, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    needs, words = list(Need.objects.all()), list(Difficulty.objects.all())
    questions = (
        lambda: queries.rows_by_stage(rows),
        lambda: queries.rows_by_need(rows, needs),
        lambda: queries.stage_by_need(rows, needs),
        lambda: queries.difficulties(rows, words),
        lambda: queries.expected_closures(rows),
        lambda: queries.overdue_actions(rows, TODAY),
        lambda: queries.meetings_passed(rows, TODAY),
    )

    for question in questions:
        with django_assert_num_queries(1):
            question()
