"""What the preview lists, and what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import World
from tests.factories import make_row
from tests.tracker.transfer.acts import plan_of, workbook
from tracker.importing import preview
from tracker.importing.preview import Preview, SeenRow, preview_of


def seen(world: World, data: bytes, page: int = 1) -> Preview:
    return preview_of(plan_of(data, world.team), page=page)


def rows(shown: Preview) -> list[SeenRow]:
    return [row for group in shown.groups for row in group.rows]


def test_a_row_shows_what_each_cell_will_say(world: World) -> None:
    make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN")

    (row,) = rows(seen(world, workbook({"owner": "KW"})))

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

    (row,) = rows(preview_of(plan_of(data, world.team, keep="file")))

    assert [(cell.ours, cell.text) for cell in row.cells if cell.ours] == [("AN", "KW")]


def test_rows_stand_by_what_happens_to_them_those_to_check_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "ROWS", 2)
    make_row(team=world.team, pin="001200", person="Known Already")
    cases = [{"pin": f"00120{n}", "person": f"Person {n}"} for n in range(4)]
    data = workbook(*cases, {"pin": "001209", "by_when": "TBC"})

    pages = [seen(world, data, number) for number in (1, 2)]

    told = [[(g.heading, g.total, [row.plan.row for row in g.rows]) for g in page.groups] for page in pages]
    assert told == [
        [("Changed", 1, [2]), ("New", 4, [6, 3])],
        [("Changed", 1, []), ("New", 4, [4, 5])],
    ]
    assert [page.pages for page in pages] == [2, 2]


def test_conflicts_beyond_what_a_form_takes_are_on_the_next_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "CONFLICTS", 1)
    make_row(team=world.team, pin="001201", person="Tess Sample", owner="AN", action="Ring school")

    pages = [seen(world, workbook({"owner": "KW"}), number) for number in (1, 2)]

    assert [[conflict.cell.key for conflict in page.conflicts] for page in pages] == [["action"], ["owner"]]


def test_what_is_held_back_stands_before_what_comes_in_with_a_blank(world: World) -> None:
    data = workbook({"by_when": "31/02/2026"}, {"pin": "001202", "person": None})

    shown = seen(world, data)

    assert [(row.plan.row, [blank.key for blank in row.blanks]) for row in shown.completions] == [
        (3, ["pin", "person", "stage", "by_when", "next_meeting"]),
        (2, ["by_when"]),
    ]


def test_a_preview_of_ten_rows_asks_the_database_as_often_as_one_of_a_hundred(world: World) -> None:
    manager, counts = world.manager, []
    for number in (10, 100):
        make_row(team=world.team, pin=f"{number - 1:06}", owner="AN")
        data = workbook(*[{"pin": f"{n:06}", "person": f"Person {n}"} for n in range(number)])
        with CaptureQueriesContext(connection) as asked:
            preview_of(plan_of(data, world.team, by=manager))
        counts.append(len(asked))

    assert counts[0] == counts[1]
