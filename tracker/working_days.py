"""Working days in England: Monday to Friday without bank holidays."""

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays.holiday_base import HolidayBase

ONE_DAY = timedelta(days=1)


@cache
def _bank_holidays() -> "HolidayBase":
    # Only now, as the library brings every country's calendars and a start would wait for them.
    from holidays import country_holidays

    return country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    """Whether people work on this day."""
    return day.weekday() < 5 and day not in _bank_holidays()


def working_days_after(day: date, number: int) -> date:
    """The working day that is so many working days after this day."""
    while number:
        day += ONE_DAY
        number -= is_working_day(day)
    return day


def latest_before(today: date, number: int) -> date:
    """The latest day whose so-manieth working day lies before today: what began by then is late."""
    day = today
    while number:
        day -= ONE_DAY
        number -= is_working_day(day)
    return day - ONE_DAY
