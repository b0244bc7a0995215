"""The weekly meetings of an invented team, as far as they are told: when, who leads, who is in the room.

What becomes of each case in them follows from what was written; held.py finds it out.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import Team, User
from tracker.demo.calendar import days
from tracker.demo.names import initials
from tracker.demo.stories import Scene

# Around what stories.py lets people write in a meeting.
BEGINS = time(9, 29)
LASTS = timedelta(minutes=30)


@dataclass(frozen=True)
class Sitting:
    """One meeting of a team; the chairs are those who type in it."""

    team: Team
    at: datetime
    chairs: tuple[User, ...]
    leader: str
    present: str

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.at + LASTS


def sittings_of(scene: Scene, today: date, rng: random.Random) -> Iterator[Sitting]:
    """The team's meetings since it began to hold them here, until yesterday."""
    cast = scene.cast
    chairs = (cast.supervisor, cast.manager)
    for day in scene.calendar.between(today - days(7 * scene.plan.weeks_of_meetings), today):
        leader, other = chairs if rng.random() < 0.75 else chairs[::-1]
        workers = [initials(name) for name in cast.workers if rng.random() < 0.85]
        yield Sitting(
            team=scene.team,
            at=datetime.combine(day, BEGINS, timezone.get_current_timezone()),
            chairs=chairs,
            leader=leader.initials,
            present=", ".join([leader.initials, other.initials, *workers]),
        )
