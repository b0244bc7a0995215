"""A row's own page, which works without script: what it says where others were quicker."""

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import cleaned, make_row
from tracker.changes.edit import edit_cell


def test_each_field_that_others_were_quicker_in_says_so(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row = make_row(team=world.team)
    client, address = sign_in(world.manager), reverse("row", args=[row.pk])
    drawn = client.get(address).context["form"]
    sent = {bound.name: "" if bound.value() is None else bound.value() for bound in drawn} | {"op": uuid4()}
    for key in ("action", "owner"):
        edit_cell(row=row, field=key, new=cleaned(key, "Theirs"), base=0, by=world.supervisor)

    answer = client.post(address, sent | {"action": "Mine", "owner": "Mine"})

    assert answer.status_code == 409
    said = answer.context["form"].errors
    assert set(said) == {"action", "owner"}
    assert all(f"{world.supervisor.name} changed this" in said[key][0] for key in said)
