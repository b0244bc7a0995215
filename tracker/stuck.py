"""When a row is stuck, from the log alone: the three rules, in one place for the meeting and for figures.

An act that was undone, and the undoing itself, are as if they had not been.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from tracker.models import REDO, UNDO, Change, Meeting, Operation, RowQuerySet, TrackerRow

SAME_STAGE = timedelta(weeks=8)
SAME_ACTION_MEETINGS = 3
DATE_MOVES = 3
# A new action keeps the date of the old one until it gets its own: the first new date of the sitting is that.
SAME_SITTING = timedelta(hours=12)
BEFORE_ALL = Value(datetime(1, 1, 2, tzinfo=UTC), output_field=DateTimeField())


def with_stuck(rows: RowQuerySet, now: datetime) -> RowQuerySet:
    """Rows that know what the rules ask, in the one statement that reads them.

    `stage_since`, `action_since`: when the value that stands there was written. `same_action_meetings`:
    how many meetings of the team have ended since then. `date_moves`: how often the action's date was put
    off since then; `dates_put_off`: how often any of its dates was, undone or not.
    """
    return rows.annotate(
        stage_since=Coalesce(_last("stage", "at"), F("opened_at")),
        action_since=Coalesce(_last("action", "at"), F("opened_at")),
        # The version of the row: entries of one act may bear the same time.
        action_rev=Coalesce(_last("action", "row_rev"), 0),
    ).annotate(
        same_action_meetings=Coalesce(_meetings(now), 0),
        dates_put_off=Coalesce(_count(_put_off(Change.objects.all()).order_by().values("row")), 0),
        date_moves=Coalesce(_moves(), 0),
    )


def is_stuck(now: datetime) -> Q:
    """The condition on rows `with_stuck`: one of the three rules holds."""
    return same_stage(now) | same_action(now) | date_moved()


def same_stage(now: datetime) -> Q:
    """The same stage for eight weeks; a row whose stage is not set has none to be stuck in."""
    since = now - SAME_STAGE
    moved = in_effect().filter(row=OuterRef("pk"), field="stage", at__gt=since)
    return Q(opened_at__lte=since) & ~Q(stage="") & ~Q(Exists(moved))


def same_action(now: datetime) -> Q:
    """The same action at three meetings: none was written since the third last of them began."""
    over = Meeting.objects.over(now).order_by("-started_at").values("started_at")
    number = SAME_ACTION_MEETINGS - 1
    # Nothing is asked of the log before there were three: AND goes on after NULL, not after false.
    third = Coalesce(Subquery(over.filter(team=OuterRef("team"))[number : number + 1]), BEFORE_ALL)
    third_of_row = Subquery(over.filter(team=OuterRef(OuterRef("team")))[number : number + 1])
    written = in_effect().filter(row=OuterRef("pk"), field="action", at__gte=third_of_row)
    return Q(opened_at__lt=third) & ~Q(action="") & ~Q(Exists(written))


def date_moved() -> Q:
    """The date of the same action put off three times."""
    # The version of the date says how often it was written, and few were put off three times at all: the
    # rest are out before their log is asked what stands of it.
    often = Q(field_rev__by_when__gte=DATE_MOVES) & Q(dates_put_off__gte=DATE_MOVES)
    return often & Q(date_moves__gte=DATE_MOVES)


def why_stuck(row: TrackerRow, now: datetime) -> list[str]:
    """Which of the rules hold for a row that was read `with_stuck`, in words; empty for one that moves."""
    facts: Any = row  # the annotations are the query's, not the model's
    said = []
    if row.stage and facts.stage_since <= now - SAME_STAGE:
        said.append(f"same stage for {(now - facts.stage_since).days // 7} weeks")
    if row.action and facts.same_action_meetings >= SAME_ACTION_MEETINGS:
        said.append(f"same action at {facts.same_action_meetings} meetings")
    if facts.date_moves >= DATE_MOVES:
        said.append(f"date moved {facts.date_moves} times")
    return said


def in_effect() -> QuerySet[Change]:
    """What stands of the log: neither what was undone nor the undoing.

    Asked of each entry by its number: joined, SQLite would begin with all acts that were never undone.
    """
    act = Operation.objects.filter(pk=OuterRef("operation"))
    gone = act.filter(Q(undone_by__isnull=False) | Q(kind__in=(UNDO, REDO)))
    return Change.objects.filter(~Exists(gone))


def _last(field: str, fact: str) -> Subquery:
    """A fact of the entry that wrote what stands in the field; none where it came with the row."""
    entries = in_effect().filter(row=OuterRef("pk"), field=field).order_by("-rev")
    return Subquery(entries.values(fact)[:1])


def _meetings(now: datetime) -> Subquery:
    since = Meeting.objects.over(now).filter(team=OuterRef("team"), started_at__gt=OuterRef("action_since"))
    return _count(since.order_by().values("team"))


def _moves() -> Subquery:
    """Dates put off, but for the one that a new action got in the sitting in which it was written."""
    earlier = in_effect().filter(
        field="by_when",
        row=OuterRef("row"),
        row_rev__lt=OuterRef("row_rev"),
        row_rev__gt=OuterRef(OuterRef("action_rev")),
    )
    came_with_the_row = ~Exists(in_effect().filter(row=OuterRef("row"), field="action"))
    moves = _put_off(in_effect()).filter(
        Q(at__gt=OuterRef("action_since") + SAME_SITTING) | Exists(earlier) | came_with_the_row,
        row_rev__gt=OuterRef("action_rev"),
    )
    return _count(moves.order_by().values("row"))


def _put_off(entries: QuerySet[Change]) -> QuerySet[Change]:
    """Of these entries those of the row that put its date off."""
    return entries.filter(row=OuterRef("pk"), field="by_when", old__gt="", new__gt=F("old"))


def _count(groups: QuerySet[Any]) -> Subquery:
    return Subquery(groups.annotate(number=Count("pk")).values("number"))
