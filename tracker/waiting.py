"""What of the tracker waits for performance officers."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from accounts.permissions import may
from accounts.waiting import Waiting, waits
from tracker.models import Difficulty, Need


@waits
def words_to_review(user: User) -> Iterator[Waiting]:
    """Words that workbooks brought in."""
    if may(user, "manage_words"):
        new = [lists.objects.filter(reviewed=False, retired=False).count() for lists in (Need, Difficulty)]
        if number := sum(new):
            words = "1 word" if number == 1 else f"{number} words"
            yield Waiting(f"{words} from workbooks to review", reverse("words"))
