"""The rows that a page fetches while it follows: what they cost, and that nothing kept outlives a right."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.changes.people import end_membership
from accounts.models import User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.columns import add_column, remove_column, rename_column
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import remove_row
from tracker.choices import ColumnKind
from tracker.models import TeamColumn, TrackerRow

SignIn = Callable[[User], Client]


@pytest.fixture
def row(world: World) -> TrackerRow:
    """A case of Amber Team 1."""
    return make_row(team=world.team, by=world.coordinator)


def edit(row: TrackerRow, text: str, by: User) -> None:
    edit_cell(row=row, field="owner", new=cleaned("owner", text), base=row.rev("owner"), by=by)


def fetched(client: Client, row: TrackerRow, entry: str = "") -> str:
    """What the page is given for this row; `entry` is the page's own in the log."""
    answer = client.get(reverse("rows", args=[row.team_id]), {"ids": str(row.pk), "entry": entry})
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_who_fetches_after_somebody_else_asks_for_session_person_and_team(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    first, second = sign_in(world.manager), sign_in(world.supervisor)
    page = str(second.get(reverse("tracker", args=[row.team_id])).context["entry"])
    fetched(first, row)
    fetched(second, row, page)
    edit(row, "JB", world.coordinator)
    fetched(first, row)

    with CaptureQueriesContext(connection) as asked:
        text = fetched(second, row, page)

    assert "JB" in text
    # The person's statement asks for a number of another table on its way.
    tables = [re.findall(r'FROM "?(\w+)', query["sql"])[-1] for query in asked.captured_queries]
    assert tables == ["accounts_session", "accounts_user", "accounts_team"]


def test_every_change_is_in_the_next_answer(world: World, sign_in: SignIn, row: TrackerRow) -> None:
    client, other = sign_in(world.manager), make_row(team=world.team, by=world.coordinator)
    for text in ("AN", "BO", "CD"):
        edit(row, text, world.coordinator)
        assert f">{text}<" in fetched(client, row)
        edit(other, text, world.coordinator)
        assert f">{text}<" in fetched(client, other)

    remove_row(row=row, by=world.coordinator)

    assert 'data-gone="removed"' in fetched(client, row)


def test_a_column_that_is_added_renamed_or_removed_is_so_in_the_next_answer(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client, by = sign_in(world.manager), world.coordinator
    assert "School" not in fetched(client, row)

    add_column(team=world.team, heading="School", kind=ColumnKind.TEXT, options=[], by=by)
    assert 'data-label="School"' in fetched(client, row)

    column = TeamColumn.objects.get()
    rename_column(column=column, heading="Nursery", by=by)
    assert 'data-label="Nursery"' in fetched(client, row)

    remove_column(column=column, by=by)
    assert "Nursery" not in fetched(client, row)


def test_what_is_kept_for_others_is_not_given_to_who_may_less(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    edit_cell(row=row, field="pin", new=cleaned("pin", "000777"), base=row.rev("pin"), by=world.coordinator)
    assert 'aria-readonly="true"' not in fetched(sign_in(world.coordinator), row)

    # A stand-in changes no PIN that is there.
    assert fetched(sign_in(world.stand_in), row).count('aria-readonly="true"') == 1
    assert fetched(sign_in(world.head), row).count('aria-readonly="true"') == 10
    assert fetched(sign_in(world.person(Role.TEAM_MANAGER, elsewhere=True)), row) == "404"
    assert fetched(sign_in(world.stranger), row) == "404"


def test_who_lost_the_right_is_given_nothing_that_was_kept(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    client = sign_in(world.manager)
    assert f'data-row="{row.pk}"' in fetched(client, row)

    end_membership(membership=world.manager.memberships.get(), by=world.officer)

    assert fetched(client, row) == "404"


def test_a_row_of_another_team_is_not_given_whatever_is_kept(
    world: World, sign_in: SignIn, row: TrackerRow
) -> None:
    theirs = make_row(team=world.foreign, by=world.officer)
    officer = sign_in(world.officer)
    assert f'data-row="{theirs.pk}"' in fetched(officer, theirs)

    answer = sign_in(world.manager).get(reverse("rows", args=[world.team.pk]), {"ids": theirs.pk})

    assert "data-row" not in answer.content.decode()


def test_a_team_on_which_nothing_was_written_yet_answers(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)

    answers = [client.get(reverse(page, args=[world.team.pk])) for page in ("rows", "changes")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].json() == {"reset": True, "head": 0}
