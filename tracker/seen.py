"""Everything about a child between two days: who saw, changed, exported or printed it, out of both logs."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import CharField, Q, QuerySet, Value

from accounts.log import Line, between, entries_of, lines
from accounts.models import AuditEvent
from tracker.history import Words
from tracker.models import Change, RowQuerySet, TeamColumn, TrackerRow

EVENT, CHANGE = "event", "change"


def rows_with_pin(pin: str) -> RowQuerySet:
    """The rows of every case that has this PIN, or had it once: those of teams that it has left, too."""
    changed = Change.objects.filter(field="pin", old=pin).values("row")
    had = TrackerRow.objects.filter(pk__in=changed).values("case")
    return TrackerRow.objects.filter(Q(case__pin=pin) | Q(case__in=had))


class About:
    """What both logs say of some rows between two days, newest first; counts and slices as a list does."""

    def __init__(self, rows: Iterable[int], since: date | None, until: date | None) -> None:
        numbers = list(rows)
        self.events = entries_of(numbers).filter(between(since, until))
        self.changes = Change.objects.filter(between(since, until), row__in=numbers)

    def count(self) -> int:
        """How many lines there are."""
        return self.events.count() + self.changes.count()

    def __getitem__(self, wanted: slice) -> list[Line]:
        events = _marked(self.events, EVENT)
        marks = list(events.union(_marked(self.changes, CHANGE), all=True).order_by("-at", "-pk")[wanted])
        told = {EVENT: self._events(marks), CHANGE: self._changes(marks)}
        return [told[log][pk] for _, pk, log in marks if pk in told[log]]

    def _events(self, marks: list[tuple[datetime, int, str]]) -> dict[int, Line]:
        numbers = [pk for _, pk, log in marks if log == EVENT]
        found = list(AuditEvent.objects.filter(pk__in=numbers))
        return dict(zip([event.pk for event in found], lines(found), strict=True))

    def _changes(self, marks: list[tuple[datetime, int, str]]) -> dict[int, Line]:
        numbers = [pk for _, pk, log in marks if log == CHANGE]
        found = list(Change.objects.filter(pk__in=numbers).select_related("team"))
        words = Words(TeamColumn.objects.filter(team__in={change.team_id for change in found}))
        return {change.pk: _line(change, words) for change in found}


def _marked(
    entries: QuerySet[AuditEvent] | QuerySet[Change], log: str
) -> QuerySet[AuditEvent, tuple[datetime, int, str]]:
    return entries.order_by().values_list("at", "pk", Value(log, output_field=CharField()))  # type: ignore[return-value] # both have these


def _line(change: Change, words: Words) -> Line:
    label = words.label(change.field) if change.field else ""
    told = f"{label}: {change.get_kind_display()}" if label else change.get_kind_display().capitalize()
    return Line(
        at=change.at,
        who=change.by_name,
        kind="Changed the case",
        what=f"{told}; reason: {change.reason}" if change.reason else told,
        where=change.team.name,
        cases=1,
    )
