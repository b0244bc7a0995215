"""When the database was last copied, as the log tells it: every process and machine sees the same."""

from datetime import datetime, timedelta

from accounts.models import AuditEvent

MADE, VERIFIED, BROUGHT_BACK, MOVED = "back up", "verify backup", "bring back", "move"
# A copy a day, and two hours for a timer that runs late.
LATE_AFTER = timedelta(hours=26)


def newest(purpose: str) -> AuditEvent | None:
    """The newest entry of this purpose."""
    entries = AuditEvent.objects.filter(kind=AuditEvent.Kind.BACKUP, purpose=purpose)
    return entries.order_by("-at").first()


def late(now: datetime) -> bool:
    """Whether a copy should have been made by now; a new installation has the same time for its first."""
    since = newest(MADE) or AuditEvent.objects.order_by("at").first()
    return since is not None and now - since.at > LATE_AFTER
