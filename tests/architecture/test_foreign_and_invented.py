"""A number of somebody else's and one that nobody has: the same answer after the same statements."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.urls.converters import UUIDConverter

from accounts.models import User
from tests.architecture.test_addresses import Address, patterns, signed_table, without_token
from tests.conftest import World
from tests.factories import make_locality, make_row, make_team

SignIn = Callable[[User], Client]
INVENTED = 987654
OF_A_PLACE = ("team_id", "row_id", "locality_id")
# Everything else in a statement: numbers and texts, which are not the same in any two requests.
VALUE = re.compile(r"'[^']*'|\b\d+\b")
WITH_A_NUMBER = [
    pytest.param(address, id=address.name)
    for address in signed_table()
    if address.about in ("team", "row", "locality", "part of locality")
]


def numbered(address: Address, number: int) -> str:
    """The address with this number for its team, row or locality; what else it names nobody has."""
    if address.name == "live":
        return f"{reverse('live')}?teams={number}"
    converters = next(one for one in patterns() if one.name == address.name).pattern.converters
    others = {
        key: UUID(int=1) if isinstance(kind, UUIDConverter) else INVENTED for key, kind in converters.items()
    }
    return reverse(address.name, kwargs=others | {key: number for key in converters if key in OF_A_PLACE})


def asked(client: Client, method: str, where: str) -> tuple[HttpResponseBase, list[str]]:
    """The answer, and the statements it took without their values."""
    with CaptureQueriesContext(connection) as statements:
        answer = client.generic(method, where)
    return answer, [VALUE.sub("?", one["sql"]) for one in statements]


@pytest.mark.django_db
@pytest.mark.parametrize("address", WITH_A_NUMBER)
def test_a_foreign_number_takes_the_statements_of_an_invented_one(
    world: World, sign_in: SignIn, address: Address
) -> None:
    others = make_team(locality=make_locality(name="Chesterfield"), name="Chesterfield 1")
    foreign = {
        "team": (world.foreign.pk, others.pk),
        "row": (make_row(team=world.foreign).pk, make_row(team=others).pk),
    }.get(address.about, (world.foreign.locality_id, others.locality_id))
    client = sign_in(world.coordinator)
    method = "GET" if "GET" in address.methods else "POST"
    client.get(reverse("tracker", args=[world.team.pk]))
    # Twice each: neither remembers that it was asked before.
    numbers = (*foreign, INVENTED, INVENTED + 1, *foreign, INVENTED)

    answers = [asked(client, method, numbered(address, number)) for number in numbers]

    assert {answer.status_code for answer, _ in answers} == {404}
    assert len({without_token(answer) for answer, _ in answers}) == 1
    assert [statements for _, statements in answers] == [answers[0][1]] * len(numbers)
