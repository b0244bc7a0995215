"""Months as the figures count them: by their first day, in the council's own time."""

from calendar import monthrange
from datetime import date, datetime, time

from django.utils import timezone


def first_of_month(day: date, months: int = 0) -> date:
    """The first day of the month that lies so many months on."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def months_before(day: date, months: int) -> date:
    """The same day so many months ago, or that month's last one where it has no such day."""
    first = first_of_month(day, -months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def beginning(day: date) -> datetime:
    """The moment in which the day begins."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
