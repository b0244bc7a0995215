"""What waits for a person, listed on their home page. Each app asks in its own `waiting.py`.

`accounts` knows none of the other apps: their modules of this name are found when the application starts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Waiting:
    """One line of the list: what waits, in words that carry their number, and where it is dealt with."""

    text: str
    address: str


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
