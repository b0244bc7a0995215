"""Fixtures for every test: a world of people, one per role, in two localities.

What comes from outside is in services.py.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property

import hypothesis
import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import Locality, Team, User
from accounts.roles import Role
from tests.connections import others_leave
from tests.factories import PASSWORD, make_locality, make_member, make_person, make_team
from tests.logged import CHILD, everything_logged

# How long an example takes tells of the machine, not of the rule.
hypothesis.settings.register_profile(
    "icm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("icm")

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

pytest_plugins = ["tests.services", "tests.figures"]


class World:
    """Two localities; everybody belongs to the first team of the first, and is made when first asked for."""

    def __init__(self) -> None:
        self._people: dict[tuple[Role, bool], User] = {}

    @cached_property
    def amber(self) -> Locality:
        """The locality in which everybody works."""
        return make_locality(name="Amber")

    @cached_property
    def bolsover(self) -> Locality:
        """The other locality."""
        return make_locality(name="Bolsover")

    @cached_property
    def team(self) -> Team:
        """The team that everybody's membership names."""
        return make_team(locality=self.amber, name="Amber Team 1")

    @cached_property
    def neighbour(self) -> Team:
        """Another team of the same locality."""
        return make_team(locality=self.amber, name="Amber Team 2")

    @cached_property
    def foreign(self) -> Team:
        """A team of the other locality."""
        return make_team(locality=self.bolsover, name="Bolsover Team 1")

    def person(self, role: Role, *, elsewhere: bool = False) -> User:
        """The person of this role in Amber Team 1, or in Bolsover Team 1."""
        key = (role, elsewhere)
        if key not in self._people:
            self._people[key] = self._make(role, self.foreign if elsewhere else self.team)
        return self._people[key]

    @property
    def officer(self) -> User:
        """The performance officer."""
        return self.person(Role.PERFORMANCE_OFFICER)

    @property
    def coordinator(self) -> User:
        """The coordinator of Amber Team 1."""
        return self.person(Role.TEAM_COORDINATOR)

    @property
    def supervisor(self) -> User:
        """The practice supervisor of Amber Team 1."""
        return self.person(Role.PRACTICE_SUPERVISOR)

    @property
    def manager(self) -> User:
        """The team manager of Amber Team 1."""
        return self.person(Role.TEAM_MANAGER)

    @property
    def head(self) -> User:
        """The head of service of Amber."""
        return self.person(Role.HEAD_OF_SERVICE)

    @property
    def stand_in(self) -> User:
        """The stand-in of Amber Team 1."""
        return self.person(Role.STAND_IN)

    @cached_property
    def stranger(self) -> User:
        """Somebody with an account and no membership."""
        return make_person(name="Stranger Without", password=PASSWORD)

    def _make(self, role: Role, team: Team) -> User:
        everywhere = role == Role.PERFORMANCE_OFFICER
        whole_locality = everywhere or role == Role.HEAD_OF_SERVICE
        return make_member(
            role,
            locality=None if everywhere else team.locality,
            teams=[] if whole_locality else [team],
            until=timezone.localdate() + timedelta(days=28) if role == Role.STAND_IN else None,
            name=f"{role.label.title()} Of {team.locality.name}",
            password=PASSWORD,
        )


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock goes on from NOON: no midnight comes between a test's day and the day that it is read."""
    with time_machine.travel(NOON):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's own, whose end drops the database.

    A browser that closes cuts off what its pages still ask, and the server's thread then keeps its
    connection until its next request: none of them may stand in the way.
    """
    yield
    with django_db_blocker.unblock():
        others_leave()


@pytest.fixture(scope="session", autouse=True)
def no_child_is_named_in_the_log() -> Iterator[None]:
    """Of all that a whole run logs, servers of browser tests among it, nothing names a child of a test."""
    with everything_logged() as lines:
        yield
    assert [line for line in lines if CHILD.search(line)] == []


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Databases of tests give the same number to different rows: none is to be taken for another."""
    caches["default"].clear()
    caches["rows"].clear()
    caches["rights"].clear()
    caches["looked"].clear()


@pytest.fixture
def world(db: None) -> World:
    """The world of people and teams."""
    return World()


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Gives a client in which the person is signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
