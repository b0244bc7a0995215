"""Whatever shows a child leaves an entry in the log: every address of the signed table, asked by roles."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import uuid4

import pytest
from django.http import HttpResponseBase

from accounts.models import AuditEvent, User
from accounts.roles import Role
from tests.architecture.test_addresses import Address, patterns, signed_table, undone, whole
from tests.architecture.test_planted_rows import FORMS, QUERIES, SignIn, Things, address_of, own, posts
from tests.conftest import World
from tracker.models import TrackerRow

__all__ = ["own", "whole"]

ROLES = (Role.TEAM_MANAGER, Role.HEAD_OF_SERVICE, Role.PERFORMANCE_OFFICER)
# What each of them finds a child on at least: without it the tests would have looked at nothing.
SHOWN = {
    "tracker",
    "rows",
    "row",
    "history",
    "closed",
    "team_cases",
    "locality_cases",
    "as_it_stood",
    "decided",
}
ANSWERED = {"tracker", "find"}


@pytest.fixture
def children(own: Things) -> Things:
    """The team's things, where nobody but its children is called Ed Test."""
    own.stand_in.name = "Somebody Else"
    own.stand_in.save()
    TrackerRow.objects.filter(team=own.team).update(owner="JB")
    return own


def opened(place: Things) -> list[Address]:
    """What can be opened with the numbers of a place, or without one."""
    known = place.numbers.keys()
    named = {one.name for one in patterns() if one.name and one.pattern.converters.keys() <= known}
    return [
        one for one in signed_table() if "GET" in one.methods and one.about != "public" and one.name in named
    ]


def shows_a_child(answer: HttpResponseBase) -> bool:
    """Whether a name comes out of the database; a refusal only gives back what was typed."""
    return answer.status_code != 403 and b"Ed Test" in getattr(answer, "content", b"")


Ask = Callable[[], HttpResponseBase]


def looked(reader: User, asked: Iterable[tuple[str, Ask]]) -> tuple[set[str], set[str]]:
    """The names of what shows a child, and of those after which the log has no entry of theirs with rows."""
    shown, unlogged = set(), set()
    for name, ask in asked:
        since = AuditEvent.objects.latest("pk").pk
        with undone():
            if shows_a_child(ask()):
                shown.add(name)
                entries = AuditEvent.objects.filter(pk__gt=since, actor_id=reader.pk)
                if not entries.exclude(row_ids=[]).exists():
                    unlogged.add(name)
    return shown, unlogged


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_with_a_childs_name_is_an_entry_with_its_reader(
    whole: World, sign_in: SignIn, children: Things, role: Role
) -> None:
    reader, client = whole.person(role), sign_in(whole.person(role))

    def ask(address: Address) -> HttpResponseBase:
        query = QUERIES[address.name](children) if address.name in QUERIES else {}
        return client.get(address_of(address, children, children), query)

    shown, unlogged = looked(reader, [(one.name, partial(ask, one)) for one in opened(children)])

    assert unlogged == set()
    assert shown >= SHOWN


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_answer_to_a_form_with_a_childs_name_is_an_entry_with_its_reader(
    whole: World, sign_in: SignIn, children: Things, role: Role
) -> None:
    reader, client = whole.person(role), sign_in(whole.person(role))

    def ask(address: Address) -> HttpResponseBase:
        form = {"op": uuid4(), **FORMS[address.name](children)}
        return client.post(address_of(address, children, children), form)

    sent = [one for one in posts() if one.name in FORMS]
    shown, unlogged = looked(reader, [(one.name, partial(ask, one)) for one in sent])

    assert unlogged == set()
    assert shown >= ANSWERED
