"""Sessions in the database that end after an hour without an act, and after 12 hours whatever happens.

What counts as an act is said by accounts/middleware.py. `SESSION_ENGINE` names this module.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError
from django.utils import timezone

from accounts import write_lock
from accounts.models import Session

SIGNED_IN_AT = "signed in at"
# The number of the person who gave a code, or came through the council's single sign-on.
PASSED = "second factor of"
# An act is written down at most so often, in seconds: reading costs nothing, writing takes the lock.
NOTED_EVERY = 60
# Each request asks this: the ORM takes six times as long to say the same (ADR 0052).
OF_A_KEY = "SELECT * FROM accounts_session WHERE session_key = %s"


class SessionStore(DatabaseStore):
    """Django's, with the moments at which a session ends kept by the server."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table: it knows whose session it is."""
        return Session

    def load(self) -> dict[str, Any]:
        """The session's content; nothing of one that has ended."""
        found = next(iter(Session.objects.raw(OF_A_KEY, [self.session_key])), None)
        if found is None or not found.goes_on(timezone.now()):
            self._session_key = None
            return {}
        self.seen_at = found.seen_at
        return self.decode(found.session_data)

    async def aload(self) -> dict[str, Any]:
        """The same for what is asked on an event loop."""
        return await sync_to_async(self.load)()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The record as it is to be written, with the number of the person who is signed in."""
        record = cast(Session, super().create_model_instance(data))
        record.person_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        record.seen_at = self.seen_at = self.seen_at or timezone.now()
        return record

    def get_expiry_age(self, **kwargs: Any) -> int:
        """Seconds until its last moment, which no act moves."""
        return max(int((self.ends_at - timezone.now()).total_seconds()), 0)

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Its last moment."""
        return self.ends_at

    def cycle_key(self) -> None:
        """A new key for whoever signs in, who is there now."""
        self.seen_at = timezone.now()
        super().cycle_key()

    def flush(self) -> None:
        """Ends it; what comes after is a new one."""
        super().flush()
        self.seen_at = None

    @property
    def ends_at(self) -> datetime:
        """12 hours after its person signed in, or from now where nobody is."""
        signed_in: str | None = self.get(SIGNED_IN_AT)
        began = datetime.fromisoformat(signed_in) if signed_in else timezone.now()
        return began + timedelta(seconds=settings.SESSION_COOKIE_AGE)

    @property
    def idle_at(self) -> datetime:
        """When it ends if nothing is done any more."""
        return (self.seen_at or timezone.now()) + timedelta(seconds=settings.SESSION_IDLE_AGE)

    def left(self) -> dict[str, int]:
        """Whole seconds until it ends: `idle`, if nothing is done any more, and `whole`, at the latest."""
        moments = {"idle": self.idle_at, "whole": self.ends_at}
        now = timezone.now()
        return {name: max(int((at - now).total_seconds()), 0) for name, at in moments.items()}

    def acted(self, *, at_once: bool = False) -> None:
        """Its person has done something: the hour begins anew. Mostly noted once a minute."""
        now = timezone.now()
        if not at_once and self.seen_at and (now - self.seen_at).total_seconds() < NOTED_EVERY:
            return
        self.seen_at = now
        # A database that is busy now is told at the next act: no page fails for it, and none waits, which
        # may have to wait for the same lock once more.
        with suppress(OperationalError), write_lock.at_once():
            Session.objects.filter(session_key=self.session_key).update(seen_at=now)
