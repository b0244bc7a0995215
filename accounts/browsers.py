"""The browsers in which a person is signed in, in words: which program, where, since when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts.models import Session, User
from accounts.models.sessions import going
from accounts.sessions import SIGNED_IN_AT

ADDRESS = "network address"
PROGRAM = "browser"
LONGEST = 300
# The first that a browser names itself by: nearly all of them say Chrome and Safari too.
PROGRAMS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Browser:
    """One of them."""

    session: Session
    program: str
    address: str
    since: datetime | None
    here: bool

    @property
    def number(self) -> str:
        """What a form names it by: the session's own key is a secret."""
        return number_of(self.session)


def sessions_of(person: User, *, this: str | None, now: datetime) -> list[Browser]:
    """Those whose session goes on, this one first, then the latest act first."""
    found = Session.objects.filter(going(now), person_id=person.pk)
    return sorted(
        (_browser(one, here=one.session_key == this) for one in found),
        key=lambda one: (not one.here, -one.session.seen_at.timestamp()),
    )


def _browser(session: Session, *, here: bool) -> Browser:
    kept = session.get_decoded()
    since = kept.get(SIGNED_IN_AT)
    return Browser(
        session,
        program=in_words(kept.get(PROGRAM, "")),
        address=kept.get(ADDRESS) or "",
        since=datetime.fromisoformat(since) if since else None,
        here=here,
    )


def in_words(user_agent: str) -> str:
    """ "Edge on Windows"; a browser that does not say so is "A browser"."""
    program = next((name for sign, name in PROGRAMS.items() if f"{sign}/" in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), "")
    return f"{program} on {system}" if system else program


def number_of(session: Session) -> str:
    """A name for the session that does not open it."""
    return salted_hmac("accounts.browsers", session.session_key).hexdigest()[:20]
