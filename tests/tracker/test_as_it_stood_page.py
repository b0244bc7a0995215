"""The tracker as it stood, as a page: which day, which columns, and that nothing on it can be changed."""

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import a_need, cleaned, make_row
from tracker.as_it_stood import as_it_stood
from tracker.changes.columns import add_column, remove_column
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.choices import ChangeKind, ColumnKind, RowState, Stage
from tracker.models import Change, Outcome, TeamColumn

SignIn = Callable[[User], Client]
MONDAY, TUESDAY = datetime(2026, 11, 2, 10, tzinfo=UTC), datetime(2026, 11, 3, 10, tzinfo=UTC)


@pytest.fixture
def two_days(world: World) -> World:
    """Monday: Ed Test with owner JB and a column RAG. Tuesday: all of that is otherwise, and Ed closed."""
    with time_machine.travel(MONDAY, tick=False):
        row = make_row(
            team=world.team,
            person="Ed Test",
            owner="JB",
            stage=Stage.DECIDED,
            needed=a_need(),
            by_when=date(2026, 10, 30),
        )
        add_column(team=world.team, heading="RAG", kind=ColumnKind.TEXT, options=[], by=world.officer)
        key = TeamColumn.objects.get().key
        edit_cell(row=row, field=key, new=cleaned(key, "Amber"), base=0, by=world.officer)
    with time_machine.travel(TUESDAY, tick=False):
        edit_cell(row=row, field="person", new=cleaned("person", "Eddie Test"), base=0, by=world.officer)
        edit_cell(row=row, field="owner", new=cleaned("owner", "KW"), base=0, by=world.officer)
        remove_column(column=TeamColumn.objects.get(), by=world.officer)
        close_row(row=row, outcome=Outcome.objects.choosable()[0], by=world.officer)
    return world


def shown(client: Client, world: World, query: str) -> str:
    """The page."""
    answer = client.get(reverse("as_it_stood", args=[world.team.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_day_shows_its_end(two_days: World, sign_in: SignIn) -> None:
    page = shown(sign_in(two_days.head), two_days, "?on=2026-11-02")

    assert "As it stood on Monday 02/11/26" in page
    for text in ("Ed Test", "JB", "RAG", "Amber", "Decided to close", str(a_need()), "30/10/26"):
        assert text in page
    assert "Eddie" not in page


def test_the_next_day_shows_what_came_of_it(two_days: World, sign_in: SignIn) -> None:
    page = shown(sign_in(two_days.head), two_days, "?on=03/11/26")

    assert "No case was on the tracker then." in page
    assert "1 more stood in the Closed list" in page
    assert "RAG" not in page


def test_a_number_shows_the_moment_after_it(two_days: World, sign_in: SignIn) -> None:
    page = shown(sign_in(two_days.head), two_days, "?number=4")

    assert "at number 4, Tuesday 03/11/26" in page
    assert "Eddie Test" in page
    assert "JB" in page


def test_a_reader_can_change_nothing_on_it(two_days: World, sign_in: SignIn) -> None:
    page = shown(sign_in(two_days.head), two_days, "?on=2026-11-02")

    assert 'role="grid"' not in page
    assert page.count('method="post"') == 1, "signing out"


def test_a_cell_that_is_otherwise_today_says_so_and_can_be_put_back(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, owner="JB", action="The same")
    for base, owner in enumerate(("KW", "LX")):
        edit_cell(row=row, field="owner", new=cleaned("owner", owner), base=base, by=world.officer)
    client = sign_in(world.manager)

    page = shown(client, world, "?number=1")

    assert page.count("data-differs") == 1
    cell = page[page.index('data-field="owner"') :]
    assert "Today: LX" in cell[: cell.index("</td>")]
    form = page[page.index(f'action="{reverse("put_back", args=[row.pk])}"') :]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form[: form.index("</form>")]))
    answer = client.post(reverse("put_back", args=[row.pk]), sent, follow=True)
    row.refresh_from_db()
    assert row.owner == "JB"
    assert "at number 1" in answer.content.decode()
    assert "The older value is back." in answer.content.decode()
    assert "data-differs" not in answer.content.decode()


def test_a_case_that_was_closed_since_says_so_and_nothing_of_it_is_offered(
    two_days: World, sign_in: SignIn
) -> None:
    page = shown(sign_in(two_days.manager), two_days, "?on=2026-11-02")

    assert "Closed since" in page
    assert "Put back" not in page
    assert "data-differs" not in page


def test_a_value_is_put_back_from_a_past_day_only_onto_what_one_saw(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, owner="JB")
    edit_cell(row=row, field="owner", new=cleaned("owner", "KW"), base=0, by=world.officer)
    change = Change.objects.get(row=row, field="owner")
    sent = {"change": change.pk, "base": 0, "op": uuid4(), "stood": 1}

    answer = sign_in(world.manager).post(reverse("put_back", args=[row.pk]), sent)

    row.refresh_from_db()
    assert (answer.status_code, row.owner) == (409, "KW")


@pytest.mark.parametrize("query", ["?on=31/02/26", "?on=2999-01-01", "?number=x"])
def test_a_day_that_is_none_is_refused_in_words(world: World, sign_in: SignIn, query: str) -> None:
    answer = sign_in(world.head).get(reverse("as_it_stood", args=[world.team.pk]) + query)

    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()


def test_a_day_before_the_first_change_is_empty(two_days: World, sign_in: SignIn) -> None:
    assert "No case was on the tracker then." in shown(sign_in(two_days.head), two_days, "?on=1/1/26")


def test_an_erased_row_leaves_its_place_and_no_content() -> None:
    erased = [
        Change(row_id=1, seq=1, kind=ChangeKind.ADD, new=""),
        Change(row_id=1, seq=2, kind=ChangeKind.SET, field="owner", new=""),
    ]

    stood = as_it_stood(erased)

    assert (stood.rows[1].state, stood.rows[1].values) == (RowState.OPEN, {"owner": ""})


def test_two_thousand_changes_are_played_in_a_moment() -> None:
    first = [
        Change(row_id=row, seq=row, kind=ChangeKind.ADD, new='{"person": "Ed Test"}') for row in range(100)
    ]
    then = [
        Change(row_id=n % 100, seq=n, kind=ChangeKind.SET, field="action", new=f"text {n}")
        for n in range(100, 2000)
    ]
    began = time.process_time()

    stood = as_it_stood([*first, *then])

    assert stood.rows[99].values["action"] == "text 1999"
    assert time.process_time() - began < 0.5


def test_one_steps_from_change_to_change_and_reads_who_made_it(two_days: World, sign_in: SignIn) -> None:
    page = shown(sign_in(two_days.head), two_days, "?number=3")

    assert f"number 3 of 8, by {two_days.officer.name}, 02/11/26 10:00." in page
    assert 'href="?number=2"' in page
    assert 'href="?number=4"' in page
    assert "One change on" not in shown(sign_in(two_days.head), two_days, "?number=8")
