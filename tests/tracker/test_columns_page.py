"""The page of a team's own columns: moved among themselves, taken off and put back, without script."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.as_it_stood import as_it_stood
from tracker.changes.columns import add_column, remove_column
from tracker.changes.edit import edit_cell
from tracker.choices import ColumnKind
from tracker.models import Change, TeamColumn

SignIn = Callable[..., Client]


@pytest.fixture
def columns(world: World) -> list[TeamColumn]:
    """Three columns of the team's own."""
    for heading in ("RAG", "Room", "School"):
        add_column(team=world.team, heading=heading, kind=ColumnKind.TEXT, options=[], by=world.manager)
    return list(TeamColumn.objects.all())


def post(client: Client, column: TeamColumn, **told: str) -> str:
    """Presses a button of the column; gives the page that follows."""
    address = f"/teams/{column.team_id}/columns/{column.pk}/"
    return client.post(address, {"heading": column.heading, **told}, follow=True).content.decode()


def headings(world: World) -> list[str]:
    """The team's columns on the tracker from left to right."""
    return [one.heading for one in TeamColumn.objects.filter(team=world.team, removed=False)]


@pytest.mark.parametrize(
    ("which", "way", "order"),
    [
        (2, "left", ["RAG", "School", "Room"]),
        (0, "right", ["Room", "RAG", "School"]),
        (0, "left", ["RAG", "Room", "School"]),
        (2, "right", ["RAG", "Room", "School"]),
        (1, "up", ["RAG", "Room", "School"]),
    ],
)
def test_a_column_moves_past_its_neighbour(
    world: World, columns: list[TeamColumn], sign_in: SignIn, which: int, way: str, order: list[str]
) -> None:
    post(sign_in(world.manager), columns[which], move=way)

    assert headings(world) == order
    stood = as_it_stood(Change.objects.filter(team=world.team).order_by("seq"))
    assert list(stood.columns.values()) == order


@pytest.mark.parametrize(
    ("heading", "sentence"),
    [
        ("action", "has this column already: Action."),
        ("Who", "has this column already: Owner."),
        ("Due date", "has this column already: By when."),
        ("row colour", "has this column already: Row colour."),
        ("SCHOOL", "has this column already."),
        ("Date of birth", "must not hold this about a child."),
    ],
)
def test_a_heading_of_the_tracker_or_of_what_it_must_not_hold_is_given_to_no_column(
    world: World, columns: list[TeamColumn], sign_in: SignIn, heading: str, sentence: str
) -> None:
    client = sign_in(world.manager)
    new = {"heading": heading, "kind": ColumnKind.TEXT, "op": uuid4()}

    added = client.post(f"/teams/{world.team.pk}/columns/", new).content.decode()
    renamed = post(client, columns[0], heading=heading)

    assert (sentence in added, sentence in renamed) == (True, True)
    assert headings(world) == ["RAG", "Room", "School"]


def test_a_columns_heading_is_written_in_other_letters(
    world: World, columns: list[TeamColumn], sign_in: SignIn
) -> None:
    post(sign_in(world.manager), columns[2], heading="SCHOOL")

    assert headings(world) == ["RAG", "Room", "SCHOOL"]


def test_a_column_moves_past_removed_ones_at_once(
    world: World, columns: list[TeamColumn], sign_in: SignIn
) -> None:
    remove_column(column=columns[1], by=world.manager)

    post(sign_in(world.manager), columns[2], move="left")

    assert headings(world) == ["School", "RAG"]


def test_a_removed_column_is_put_back_in_its_place_with_its_values(
    world: World, columns: list[TeamColumn], sign_in: SignIn
) -> None:
    row = make_row(team=world.team, by=world.officer)
    key = columns[1].key
    edit_cell(row=row, field=key, new=cleaned(key, "Blue room"), base=0, by=world.officer)
    client = sign_in(world.manager)
    assert "Removed columns" in post(client, columns[1], remove="1")
    assert headings(world) == ["RAG", "School"]

    page = post(client, columns[1], put_back="1")

    assert "Removed columns" not in page
    assert headings(world) == ["RAG", "Room", "School"]
    row.refresh_from_db()
    assert row.raw(key) == "Blue room"


def test_a_removed_column_whose_heading_is_taken_says_so(
    world: World, columns: list[TeamColumn], sign_in: SignIn
) -> None:
    remove_column(column=columns[1], by=world.manager)
    add_column(team=world.team, heading="room", kind=ColumnKind.TEXT, options=[], by=world.manager)

    page = post(sign_in(world.manager), columns[1], put_back="1")

    assert "The tracker has this column already." in page
    assert headings(world) == ["RAG", "School", "room"]
