"""The invented children of a locality: families with siblings, PINs and dates as a dashboard has them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.demo.calendar import days, weekday_before
from tracker.demo.names import FAMILY_NAMES, FIRST_NAMES

SIBLINGS = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4)
LONGEST_PLAN = 640
# Above the numbers of the sample workbooks and dashboards, which are imported beside them.
PINS = (10_000, 180_000)


@dataclass(frozen=True)
class Child:
    """What the dashboard knows of a child. Siblings with the same `thread` are worked with together."""

    person: str
    pin: str
    cin_start: date
    worker: str
    last_sign_off: date | None
    last_visit: date
    thread: int


class Register:
    """Gives out the children of one locality, no PIN and no name twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._pins: set[int] = set()
        self._people: set[str] = set()

    def children(self, number: int, *, workers: Sequence[str], end: date) -> Iterator[Child]:
        """So many children, siblings one after another, whose plans began before the day `end`."""
        while number > 0:
            size = min(number, self._rng.choice(SIBLINGS))
            number -= size
            yield from self._family(size, self._rng.choice(workers), end)

    def _family(self, size: int, worker: str, end: date) -> Iterator[Child]:
        rng = self._rng
        family_name, thread = rng.choice(FAMILY_NAMES), rng.getrandbits(32)
        # Half of the plans are younger than two months; some last beyond a year.
        age = min(LONGEST_PLAN, int(rng.lognormvariate(4.05, 0.85)) + 4)
        # Seen about every three weeks, by the family's age so that no other draw changes.
        seen = weekday_before(end - days(1 + (thread + age) % min(age, 24)))
        signed_off = end - days(rng.randint(2, min(age, 170))) if rng.random() < 0.9 else None
        for _ in range(size):
            yield Child(
                person=self._person(family_name),
                pin=self._pin(),
                cin_start=weekday_before(end - days(age)),
                worker=worker,
                last_sign_off=signed_off,
                last_visit=max(seen, weekday_before(end - days(age))),
                thread=thread if rng.random() < 0.6 else rng.getrandbits(32),
            )

    def _person(self, family_name: str) -> str:
        while True:
            person = f"{self._rng.choice(FIRST_NAMES)} {family_name}"
            if person not in self._people:
                self._people.add(person)
                return person
            # A large locality may run out of first names for one family name.
            family_name = self._rng.choice(FAMILY_NAMES)

    def _pin(self) -> str:
        while (number := self._rng.randrange(*PINS)) in self._pins:
            pass
        self._pins.add(number)
        return f"{number:06}"
