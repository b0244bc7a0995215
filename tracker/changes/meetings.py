"""A team's meeting: begun, gone through, ended. What is typed in it goes the way of every edit."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from accounts.permissions import require
from tracker.models import Change, Meeting, TeamLog
from tracker.models.meetings import MINUTES


def start_meeting(
    *,
    team: Team,
    by: User,
    leader: str = "",
    present: str = "",
    minutes: int = MINUTES,
    initials: bool = True,
    now: datetime | None = None,
) -> Meeting:
    """Begins the team's meeting, or gives the one that is running: two people who start get the same."""
    require(by, team, "run_meeting")
    now = now or timezone.now()
    with transaction.atomic():
        # The team's log is its lock: whoever comes second finds the first one's meeting.
        head = TeamLog.take(team.pk, 0)
        running = Meeting.objects.running(now).filter(team=team).first()
        if running:
            return running
        for left_open in Meeting.objects.filter(team=team, ended_at=None):
            _end(left_open, left_open.next_day)
        return Meeting.objects.create(
            team=team,
            leader=leader,
            present=present,
            minutes=minutes,
            initials=initials,
            started_at=now,
            started_by=by,
            began_at=head,
        )


def end_meeting(*, meeting: Meeting, by: User, now: datetime | None = None) -> Meeting:
    """Ends the meeting with a snapshot, the number of the log. The first end stands.

    One left open on an earlier day ended with that day.
    """
    require(by, meeting.team, "run_meeting")
    now = now or timezone.now()
    with transaction.atomic():
        TeamLog.take(meeting.team_id, 0)
        current = Meeting.objects.select_related("team__locality").get(pk=meeting.pk)
        if current.ended_at is None:
            _end(current, min(now, current.next_day))
    return current


def _end(meeting: Meeting, at: datetime) -> None:
    written = Change.objects.filter(team=meeting.team_id, at__lt=at).order_by("-seq")
    meeting.ended_at = at
    meeting.stood_at = written.values_list("seq", flat=True).first() or 0
    meeting.save(update_fields=["ended_at", "stood_at"])
