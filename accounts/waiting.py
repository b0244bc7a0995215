"""What waits for a person, listed on their home page. Each app asks in its own `waiting.py`.

`accounts` knows none of the other apps: their modules of this name are found when the application starts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRequest, Membership, Notice, User
from accounts.permissions import may
from accounts.roles import Role

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """One line of the list: what waits, in words that carry their number, and where it is dealt with."""

    text: str
    address: str
    # Where it waits, place by place, each with an address of its own.
    places: Sequence[tuple[str, str]] = ()


Question = Callable[[User], Iterable[Waiting]]
_questions: list[Question] = []


def waits(question: Question) -> Question:
    """Has the question asked on every home page. It asks first whether the person deals with such things."""
    _questions.append(question)
    return question


def waiting_for(user: User) -> Iterator[Waiting]:
    """Everything that waits for this person, in the order of the apps."""
    for question in _questions:
        yield from question(user)


def counted(number: int, one: str, many: str) -> str:
    """ "1 request" or "3 requests"."""
    return f"{number} {one if number == 1 else many}"


@waits
def access_to_give(user: User) -> Iterator[Waiting]:
    """For performance officers: requests, stand-ins whose time is over soon, mails that did not go."""
    if not may(user, "manage_people"):
        return
    if asked := AccessRequest.objects.filter(answered_at=None).count():
        yield Waiting(f"{counted(asked, 'person asks', 'people ask')} for access", reverse("access_requests"))
    today = timezone.localdate()
    ending = Membership.objects.active(today).filter(role=Role.STAND_IN, until__lte=today + SOON)
    for held in ending.select_related("person"):
        yield Waiting(
            f"{held.person.name} stands in until {held.until:%d/%m/%y}",
            reverse("person", args=[held.person_id]),
        )
    if lost := Notice.objects.filter(mail_failed=True).count():
        yield Waiting(f"{counted(lost, 'mail', 'mails')} could not be sent", reverse("mail"))
