"""A team's meetings: one sitting (Meeting), what became of each case in it (MeetingItem)."""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Team, User
from tracker.choices import LastAction, Result, Why
from tracker.models.cases import TrackerRow

MINUTES = 30


def midnight(at: datetime) -> datetime:
    """The beginning of the day in which this moment lies."""
    return datetime.combine(timezone.localtime(at).date(), time.min, timezone.get_current_timezone())


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings by whether they are over. One left open is over from the next day on, ended or not."""

    def running(self, now: datetime) -> "MeetingQuerySet":
        """Those that go on at this moment; at most one a team."""
        return self.filter(ended_at=None, started_at__gte=midnight(now))

    def named(self, number: int | None, team_id: int, now: datetime) -> "Meeting | None":
        """The team's meeting in which something says it was typed, if it is of this day.

        It may have ended: what was typed without a connection comes in later.
        """
        if number is None:
            return None
        return self.filter(pk=number, team=team_id, started_at__gte=midnight(now)).first()

    def over(self, now: datetime) -> "MeetingQuerySet":
        """Those that are over at this moment."""
        return self.filter(Q(ended_at__isnull=False) | Q(started_at__lt=midnight(now)))


class Meeting(models.Model):
    """One sitting of a team's Improvement Cycle Meeting.

    The tracker as it stood when the meeting began and ended is two numbers of the team's log: `began_at`
    and `stood_at`. `initials`: the screen shows names as initials but for the case in hand.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="meetings")
    leader = models.CharField("who leads", max_length=120, blank=True)
    present = models.CharField("who is in the room", max_length=500, blank=True)
    minutes = models.PositiveSmallIntegerField("minutes", default=MINUTES)
    initials = models.BooleanField("names as initials", default=True)
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="meetings_started")
    began_at = models.PositiveBigIntegerField("number of the log when it began", default=0)
    ended_at = models.DateTimeField(null=True)
    stood_at = models.PositiveBigIntegerField("number of the log when it ended", null=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        indexes = (models.Index(fields=("team", "started_at"), name="meetings_of_a_team"),)
        constraints = (
            models.UniqueConstraint(
                fields=("team",), name="one_meeting_at_a_time", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="ended_says_when_and_where",
                condition=Q(ended_at__isnull=True, stood_at__isnull=True)
                | Q(ended_at__isnull=False, stood_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    @property
    def next_day(self) -> datetime:
        """The end of its day, on which it is over at the latest."""
        day = timezone.localtime(self.started_at).date() + timedelta(days=1)
        return datetime.combine(day, time.min, timezone.get_current_timezone())

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended, or was left open on an earlier day."""
        return self.ended_at is not None or self.started_at < midnight(now)


class MeetingItem(models.Model):
    """One case in one meeting: where it stood on the list and why, and what became of it.

    `place` counts the cases up; `by_hand` is set where people moved it. `last_action` says what became of
    the action that stood there when the meeting came to the case.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    row = models.ForeignKey(TrackerRow, on_delete=models.CASCADE, related_name="meeting_items")
    place = models.PositiveIntegerField()
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.REST)
    said = models.CharField("why, in words", max_length=120, blank=True)
    by_hand = models.BooleanField(default=False)
    result = models.CharField(max_length=10, choices=Result.choices, blank=True)
    last_action = models.CharField(max_length=10, choices=LastAction.choices, blank=True)
    at = models.DateTimeField("when it got its result", null=True)

    class Meta:
        ordering = ("place", "pk")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "row"), name="one_item_a_case_and_meeting"),
        )

    def __str__(self) -> str:
        return f"item {self.pk}"
