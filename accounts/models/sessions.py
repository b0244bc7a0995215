"""Who is signed in where: one record for each session of a browser."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class Session(AbstractBaseSession):
    """A browser's session. It ends by itself, idle or at its last moment, and at once when it is deleted."""

    # By number: whoever signs in needs no lock on their person, and a session outlives nobody's record.
    person_id = models.BigIntegerField("who is signed in, by number", null=True, db_index=True)
    seen_at = models.DateTimeField("last act, to the minute", default=timezone.now)

    class Meta:
        verbose_name = "session"

    @classmethod
    def get_session_store_class(cls) -> type:
        """What Django's manager asks for when it makes one itself."""
        from accounts.sessions import SessionStore

        return SessionStore

    def goes_on(self, now: datetime) -> bool:
        """What `going` asks of many."""
        return self.expire_date > now and self.seen_at > now - _idle_for()


def going(now: datetime) -> models.Q:
    """The condition for sessions that go on: not idle for too long, not past their last moment."""
    return models.Q(expire_date__gt=now, seen_at__gt=now - _idle_for())


def _idle_for() -> timedelta:
    return timedelta(seconds=settings.SESSION_IDLE_AGE)
