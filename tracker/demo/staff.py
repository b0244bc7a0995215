"""Who works in an invented locality: those who sign in, and the social workers who own actions.

What they wrote on the trackers is in stories.py.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from accounts.demo import DemoMember, demo_email
from accounts.models import Team, User
from accounts.roles import Role
from tracker.demo.names import Staff, initials

IN_TEAMS = (Role.TEAM_COORDINATOR, Role.PRACTICE_SUPERVISOR, Role.TEAM_MANAGER)
WORKERS_A_TEAM = 6


@dataclass(frozen=True)
class Cast:
    """The people of one team: who types, who answers, and the names of its social workers."""

    coordinator: User
    supervisor: User
    manager: User
    head: User
    workers: tuple[str, ...]


def members_of(teams: Sequence[Team], staff: Staff, *, roles: Iterable[Role]) -> list[DemoMember]:
    """One person for each of the roles, in the teams' whole locality; the stand-in in the last team only."""
    locality = teams[0].locality
    return [
        DemoMember(
            email=demo_email(role, locality.name),
            name=staff.name(),
            role=role,
            locality=locality,
            teams=(teams[-1],) if role == Role.STAND_IN else (),
        )
        for role in roles
    ]


def team_members_of(team: Team, staff: Staff) -> list[DemoMember]:
    """A practice supervisor and a team manager of this team alone."""
    return [
        DemoMember(demo_email(role, team.name), staff.name(), role, team.locality, (team,))
        for role in (Role.PRACTICE_SUPERVISOR, Role.TEAM_MANAGER)
    ]


def cast_of(team: Team, people: Mapping[str, User], staff: Staff, rng: random.Random) -> Cast:
    """The team's own supervisor and manager, or else the locality's, and its social workers."""

    def member(role: Role) -> User:
        nearest = people.get(demo_email(role, team.name))
        return nearest or people[demo_email(role, team.locality.name)]

    typing = [member(role) for role in IN_TEAMS]
    workers: list[str] = []
    for _ in range(WORKERS_A_TEAM + rng.randint(-1, 1)):
        taken = frozenset([*(person.initials for person in typing), *map(initials, workers)])
        workers.append(staff.name(taken))
    coordinator, supervisor, manager = typing
    return Cast(coordinator, supervisor, manager, member(Role.HEAD_OF_SERVICE), tuple(workers))
