"""The days of an invented team: when it meets, and working days."""

from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)


def weekday_after(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + days(max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def weekday_before(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - days(max(0, day.weekday() - SATURDAY + 1))


@dataclass(frozen=True)
class Calendar:
    """A team's weekly meeting. The day before it is a working day too: then the coordinator prepares."""

    weekday: int

    def between(self, first: date, end: date) -> list[date]:
        """The meetings from the first day on, before the end."""
        day = first + days((self.weekday - first.weekday()) % 7)
        return [day + days(7 * week) for week in range(max(0, -(-(end - day).days // 7)))]
