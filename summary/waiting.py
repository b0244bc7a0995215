"""What of the Summary waits for people: difficulties, for heads of service."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import User
from accounts.permissions import localities_with
from accounts.waiting import Waiting, waits
from tracker.models import TrackerRow


@waits
def difficulties_to_answer(user: User) -> Iterator[Waiting]:
    """Difficulties without an answer, a line for each of the person's localities."""
    for locality in localities_with(user, "answer_difficulty"):
        number = TrackerRow.objects.filter(team__locality=locality).unanswered().count()
        if number:
            words = "1 difficulty waits" if number == 1 else f"{number} difficulties wait"
            address = reverse("locality_difficulties", args=[locality.pk])
            yield Waiting(f"{words} for an answer in {locality}", address)
