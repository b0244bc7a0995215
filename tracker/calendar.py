"""The dates of a person's own teams as a calendar: PINs and dates, no name and no text."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import Team
from tracker.models import TrackerRow

# What is past stays in sight for a while.
BACK = timedelta(weeks=4)
EVERY = timedelta(hours=1)
KINDS = (("next_meeting", "CIN meeting"), ("by_when", "Action due"))


def dated_rows(teams: QuerySet[Team], today: date) -> list[TrackerRow]:
    """The open rows of these teams with a date to show, in one statement."""
    since = today - BACK
    dated = Q(next_meeting__gte=since) | Q(by_when__gte=since)
    rows = TrackerRow.objects.open().filter(dated, team__in=teams)
    return list(rows.with_case().order_by("pk"))


def calendar_of(rows: Iterable[TrackerRow], today: date, now: datetime) -> bytes:
    """The file that calendar programs read: whole days, each with a number of its own that stays."""
    calendar = Calendar()
    calendar.add("prodid", "-//ICM//Improvement Cycle Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "ICM")
    calendar.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    for row in rows:
        for field, what in KINDS:
            day = getattr(row, field)
            if day and day >= today - BACK:
                calendar.add_component(_event(row, field, what, day, now))
    return bytes(calendar.to_ical())


def _event(row: TrackerRow, field: str, what: str, day: date, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{field.replace('_', '-')}-{row.pk}@icm")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", f"{what} {row.pin or '(PIN missing)'}")
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{settings.SITE_ADDRESS}{reverse('row', args=[row.pk])}")
    return event
