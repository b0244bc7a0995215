"""What the preview lists, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import World
from tests.factories import make_row
from tests.tracker.transfer.acts import plan_of, workbook
from tests.tracker.workbook.files import read
from tracker.importing import preview
from tracker.importing.preview import Preview, preview_of


def seen(world: World, data: bytes) -> Preview:
    return preview_of(plan_of(data, world.team), read(data))


def test_a_row_shows_what_each_cell_will_say(world: World) -> None:
    make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN")

    (row,) = seen(world, workbook({"owner": "KW"})).rows

    assert [cell.text for cell in row.cells] == [
        "001201", "Tess Sample", "Intervention underway", "Write up", "Update chronology", "AN", "27/11/26",
        "", "", "04/12/26",
    ]  # fmt: skip
    assert [cell.changed for cell in row.cells] == [
        False, False, True, True, True, False, True, False, False, True,
    ]  # fmt: skip


def test_a_cell_that_changes_shows_what_it_said_too(world: World) -> None:
    make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN")
    data = workbook({"owner": "KW"})

    (row,) = preview_of(plan_of(data, world.team, keep="file"), read(data)).rows

    assert [(cell.ours, cell.text) for cell in row.cells if cell.ours] == [("AN", "KW")]


def test_of_many_rows_with_nothing_to_tell_the_first_are_listed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "PLAIN_ROWS", 2)
    cases = [{"pin": f"00120{n}", "person": f"Person {n}"} for n in range(5)]

    shown = seen(world, workbook(*cases, {"pin": "001209", "by_when": "TBC"}))

    assert [row.plan.row for row in shown.rows] == [2, 3, 7]
    assert shown.not_listed == 3


def test_conflicts_beyond_what_a_form_takes_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "CHOICES", 1)
    make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN", action="Ring school")

    shown = seen(world, workbook({"owner": "KW"}))

    assert [cell.key for _, cell in shown.conflicts] == ["action"]
    assert shown.more_conflicts == 1


def test_a_preview_of_ten_rows_asks_the_database_as_often_as_one_of_a_hundred(world: World) -> None:
    manager, counts = world.manager, []
    for number in (10, 100):
        data = workbook(*[{"pin": f"{n:06}", "person": f"Person {n}"} for n in range(number)])
        with CaptureQueriesContext(connection) as asked:
            plan_of(data, world.team, by=manager)
        counts.append(len(asked))

    assert counts[0] == counts[1]
