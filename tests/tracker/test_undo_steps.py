"""Undo and redo from the page: which act comes next, in which tab, and until when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from accounts.sessions import SIGNED_IN_AT
from tests.conftest import World
from tests.factories import PASSWORD, an_outcome, cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.models import Operation, TrackerRow
from tracker.steps import MOST_STEPS

SignIn = Callable[[User], Client]


def write(row: TrackerRow, by: User, value: str, tab: str = "tab-1") -> UUID:
    """Writes the owner in this tab; gives the number of the act."""
    op = uuid4()
    row.refresh_from_db(fields=["field_rev"])
    edit_cell(
        row=row, field="owner", new=cleaned("owner", value), base=row.rev("owner"), by=by, op=op, tab=tab
    )
    return op


def steps(client: Client, team: Team, tab: str = "tab-1") -> tuple[str, str]:
    """The names of the next undo and redo."""
    told = client.get(reverse("undo", args=[team.pk]), {"tab": tab}).json()
    return tuple(told[way]["name"] if told[way] else "" for way in ("undo", "redo"))  # type: ignore[return-value] # two of them


# What the test client answers has attributes that its type does not know: Any.
def step(client: Client, way: str, team: Team, tab: str = "tab-1", **more: Any) -> Any:
    """Takes one step."""
    return client.post(reverse(way, args=[team.pk]), {"op": uuid4(), "tab": tab} | more)


def owner(row: TrackerRow) -> str:
    """What stands there."""
    return TrackerRow.objects.get(pk=row.pk).owner


def test_a_step_is_named_by_its_column_and_the_pin(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, pin="000002")
    write(row, world.manager, "AN")

    assert steps(client, world.team) == ("Owner, 000002", "")


def test_steps_go_back_and_forth_in_their_order(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, owner="A")
    write(row, world.manager, "B")
    write(row, world.manager, "C")
    seen = []

    for way in ("undo", "undo", "redo", "redo", "undo"):
        assert step(client, way, world.team).json()["outcome"] == "saved"
        seen.append(owner(row))

    assert seen == ["B", "A", "B", "C", "B"]


def test_a_new_act_drops_what_could_be_done_again(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, pin="000002", owner="A")
    write(row, world.manager, "B")
    step(client, "undo", world.team)

    write(row, world.manager, "C")

    assert steps(client, world.team) == ("Owner, 000002", "")
    assert step(client, "redo", world.team).status_code == 422


def test_each_tab_has_its_own_steps_and_those_of_plain_pages(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, pin="000002")
    write(row, world.manager, "AN", tab="tab-2")
    close_row(row=make_row(team=world.team, pin="000003"), outcome=an_outcome(), by=world.manager)

    assert steps(client, world.team, "tab-1") == ("close, 000003", "")
    step(client, "undo", world.team, "tab-2")
    assert steps(client, world.team, "tab-2")[0] == "Owner, 000002"


def test_somebody_elses_acts_are_not_among_mine(world: World, sign_in: SignIn) -> None:
    write(make_row(team=world.team), world.supervisor, "AN")

    assert steps(sign_in(world.manager), world.team) == ("", "")


def test_the_steps_end_with_the_sign_out(world: World) -> None:
    client = Client()
    who = {"login": world.manager.email, "password": PASSWORD}
    client.post(reverse("account_login"), who)
    assert SIGNED_IN_AT in client.session
    write(make_row(team=world.team, pin="000002"), world.manager, "AN")
    before = steps(client, world.team)

    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), who)

    assert (before, steps(client, world.team)) == (("Owner, 000002", ""), ("", ""))


def test_a_hundred_steps_are_the_most(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team)
    write(row, world.manager, "AN")
    soon = timezone.now() + timedelta(seconds=1)
    Operation.objects.bulk_create(
        Operation(kind="edit", by=world.manager, team=world.team, tab="tab-1", at=soon, undone_by=None)
        for _ in range(MOST_STEPS)
    )
    Operation.objects.filter(at=soon).update(kind="other")

    assert steps(client, world.team)[0] == "other"


def test_an_undo_that_would_discard_anothers_text_is_refused_and_nothing_is_skipped(
    world: World, sign_in: SignIn
) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, pin="000002", owner="A")
    write(row, world.manager, "B")
    write(row, world.supervisor, "C")

    answer = step(client, "undo", world.team)

    told = answer.json()
    assert (answer.status_code, told["outcome"]) == (409, "overtaken")
    assert f"{world.supervisor.name} changed this after you" in told["message"]
    assert told["history"] == reverse("history", args=[row.pk])
    assert (owner(row), told["undo"]["name"]) == ("C", "Owner, 000002")


def test_only_the_step_that_the_button_named_is_taken(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team, owner="A")
    first = write(row, world.manager, "B")
    write(row, world.manager, "C")

    answer = step(client, "undo", world.team, step=first)

    assert (answer.status_code, owner(row)) == (409, "C")


def test_a_repeated_undo_takes_one_step(world: World, sign_in: SignIn) -> None:
    client, row, op = sign_in(world.manager), make_row(team=world.team, owner="A"), uuid4()
    write(row, world.manager, "B")
    write(row, world.manager, "C")

    for _ in range(2):
        assert step(client, "undo", world.team, op=op).json()["rows"] == [row.pk]

    assert owner(row) == "B"
