"""What people may be told while a database does not answer, and how soon. Knows no Django."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

BUSY, OURS = 503, 500
# Seconds: nobody sits longer before a page that does not answer (trust.md, F4 and F9).
ANSWERS_WITHIN = 8.0


@dataclass(frozen=True)
class Heard:
    """One request: when it was sent, in how many seconds what came back (0: nothing), when to come again."""

    sent: float
    took: float
    status: int
    again: str = ""


def impolite(heard: Iterable[Heard], *, within: float = ANSWERS_WITHIN) -> list[str]:
    """Sentences about what nobody must be told, or not so late."""
    heard = list(heard)
    wrong = Counter(f"answered {one.status}" for one in heard if one.status >= OURS and one.status != BUSY)
    wrong["answered 503 without a time to come again"] = sum(
        one.status == BUSY and not one.again.isdecimal() for one in heard
    )
    wrong["not answered"] = sum(one.status == 0 for one in heard)
    wrong[f"answered later than after {within:.0f} s"] = sum(one.took > within for one in heard)
    return [f"{times} requests were {what}" for what, times in wrong.items() if times]
