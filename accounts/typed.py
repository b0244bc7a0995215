"""What a form held that was sent without script after its session had ended (ADR 0051).

It is kept until its person has signed in again. With script a page keeps it itself, in the tab.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Session, User

KEPT_AS = "typed"
# Of all names and texts together: what somebody types, not what a program sends.
MOST_LETTERS = 200_000
# A form that has one of these is not kept at all.
SECRETS = ("password", "code")
# Tells the server what nobody typed: the number of the act.
ACT = "op"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: by whom, where to, names and texts in their order."""

    person: int
    address: str
    fields: list[list[str]]

    def words(self) -> Iterator[tuple[str, str]]:
        """What a person knows again: not the numbers of records and of the act, nor what was left empty."""
        for name, text in self.fields:
            if text.strip() and not text.isdecimal() and name != ACT and not _is_a_number_of_ours(text):
                yield name.replace("_", " ").replace("-", " ").capitalize(), text


def keep(request: HttpRequest) -> bool:
    """Keeps what was sent in the browser's new session; whether it did.

    Not what nobody knows the author of: the session must have ended by time, and still be on record. Nor
    files, secrets, and more than fits. The entry goes with the session, 12 hours later at most.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    person = Session.objects.filter(session_key=key).values_list("person_id", flat=True).first()
    fields = [[name, text] for name, texts in request.POST.lists() for text in texts if name != TOKEN]
    secret = any(one in name.lower() for name, _ in fields for one in SECRETS)
    long = sum(len(name) + len(text) for name, text in fields) > MOST_LETTERS
    if person is None or not fields or request.FILES or secret or long:
        return False
    request.session[KEPT_AS] = asdict(Typed(person, request.get_full_path(), fields))
    return True


def kept(request: HttpRequest) -> Typed | None:
    """What is kept in this browser, whoever asks."""
    found = request.session.get(KEPT_AS)
    return Typed(**found) if found else None


def kept_for(request: HttpRequest, person: User) -> Typed | None:
    """What this person typed; whatever somebody else typed goes now."""
    found = kept(request)
    if found and found.person != person.pk:
        let_go(request)
        return None
    return found


def keep_through(request: HttpRequest) -> None:
    """Begins the session anew without losing it: somebody starts signing in once more."""
    found = request.session.get(KEPT_AS)
    request.session.flush()
    if found:
        request.session[KEPT_AS] = found


def let_go(request: HttpRequest) -> None:
    """It was sent, or is not wanted any more."""
    request.session.pop(KEPT_AS, None)


def let_go_when_sent(request: HttpRequest) -> None:
    """After a form was taken: if it was this one, it is done."""
    found = kept(request)
    if found and found.address == request.get_full_path():
        let_go(request)


def _is_a_number_of_ours(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
