"""Whatever shows a child leaves an entry in the log: every address of the signed table, asked by roles."""

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


def is_logged(reader: User, since: int) -> bool:
    """Whether the log has got an entry of theirs that names rows."""
    return AuditEvent.objects.filter(pk__gt=since, actor_id=reader.pk).exclude(row_ids=[]).exists()


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_page_with_a_childs_name_is_an_entry_with_its_reader(
    whole: World, sign_in: SignIn, children: Things, role: Role
) -> None:
    reader, client = whole.person(role), sign_in(whole.person(role))
    shown, unlogged = set(), set()

    for address in opened(children):
        since = AuditEvent.objects.latest("pk").pk
        query = QUERIES[address.name](children) if address.name in QUERIES else {}
        if shows_a_child(client.get(address_of(address, children, children), query)):
            shown.add(address.name)
            if not is_logged(reader, since):
                unlogged.add(address.name)

    assert unlogged == set()
    assert shown >= SHOWN


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_every_answer_to_a_form_with_a_childs_name_is_an_entry_with_its_reader(
    whole: World, sign_in: SignIn, children: Things, role: Role
) -> None:
    reader, client = whole.person(role), sign_in(whole.person(role))
    shown, unlogged = set(), set()

    for address in (one for one in posts() if one.name in FORMS):
        since = AuditEvent.objects.latest("pk").pk
        form = {"op": uuid4(), **FORMS[address.name](children)}
        with undone():
            if shows_a_child(client.post(address_of(address, children, children), form)):
                shown.add(address.name)
                if not is_logged(reader, since):
                    unlogged.add(address.name)

    assert unlogged == set()
    assert shown >= ANSWERED
