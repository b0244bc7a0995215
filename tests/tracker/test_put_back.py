"""One older value back from the history: by whom, against which version, and which words."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import a_need, an_outcome, cleaned, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.lifecycle import close_row
from tracker.changes.put_back import put_back as change_back
from tracker.models import Change, TrackerRow

SignIn = Callable[[User], Client]


def rewritten(world: World, field: str, first: Any, then: Any) -> tuple[TrackerRow, Change]:
    """A row in which one field was written over, and the entry that tells of it."""
    row = make_row(team=world.team, **{field: first})
    edit_cell(row=row, field=field, new=cleaned(field, then), base=0, by=world.coordinator)
    return row, Change.objects.get(row=row, kind="set")


# What the test client answers has attributes that its type does not know: Any.
def put_back(client: Client, row: TrackerRow, change: Change, base: int = 1, **more: str) -> Any:
    """Presses the button."""
    told = {"change": change.pk, "base": base, "op": uuid4()} | more
    return client.post(reverse("put_back", args=[row.pk]), told)


def test_the_button_of_the_history_puts_the_older_value_back(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    row, _ = rewritten(world, "action", "Ring school", "Ring nurse")
    page = client.get(reverse("history", args=[row.pk])).content.decode()
    form = page[page.index(f'action="{reverse("put_back", args=[row.pk])}"') :]
    sent = dict(re.findall(r'name="(op|change|base)" value="([^"]+)"', form[: form.index("</form>")]))

    answer = client.post(reverse("put_back", args=[row.pk]), sent)

    row.refresh_from_db()
    assert (answer.status_code, row.action, row.rev("action")) == (302, "Ring school", 2)


def test_a_word_that_is_no_longer_offered_comes_back_to_its_row(world: World, sign_in: SignIn) -> None:
    need = a_need()
    row, change = rewritten(world, "needed", need, None)
    need.retired = True
    need.save()

    put_back(sign_in(world.manager), row, change)

    row.refresh_from_db()
    assert row.needed == need


def test_a_value_that_somebody_wrote_meanwhile_is_not_written_over(world: World, sign_in: SignIn) -> None:
    row, change = rewritten(world, "owner", "JB", "KW")
    edit_cell(row=row, field="owner", new=cleaned("owner", "AN"), base=1, by=world.supervisor)

    answer = put_back(sign_in(world.manager), row, change, base=1)

    row.refresh_from_db()
    assert (answer.status_code, row.owner) == (409, "AN")


def test_a_pin_comes_back_with_a_reason_only(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    row, change = rewritten(world, "pin", "000123", "000124")

    assert put_back(client, row, change).status_code == 422
    assert put_back(client, row, change, reason="It was right before").status_code == 302


def test_an_entry_of_another_row_is_none_of_this_one(world: World, sign_in: SignIn) -> None:
    _, change = rewritten(world, "owner", "JB", "KW")

    assert put_back(sign_in(world.manager), make_row(team=world.team), change).status_code == 422


def test_a_closing_is_not_put_back(world: World, sign_in: SignIn) -> None:
    client, row = sign_in(world.manager), make_row(team=world.team)
    close_row(row=row, outcome=an_outcome(), by=world.manager)

    assert put_back(client, row, Change.objects.get(field="outcome"), base=0).status_code == 422
    assert "put-back" not in client.get(reverse("history", args=[row.pk])).content.decode()


def test_a_stand_in_reads_the_history_without_buttons(world: World, sign_in: SignIn) -> None:
    row, change = rewritten(world, "owner", "JB", "KW")
    client = sign_in(world.stand_in)

    assert "put-back" not in client.get(reverse("history", args=[row.pk])).content.decode()
    assert put_back(client, row, change).status_code == 403


def test_a_stand_in_puts_nothing_back_even_without_a_view_in_between(world: World) -> None:
    row, change = rewritten(world, "owner", "JB", "KW")

    with pytest.raises(Refused):
        change_back(row=row, change=change, base=1, by=world.stand_in)
