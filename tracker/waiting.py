"""What of the tracker waits for people: words for performance officers, the worklist for who keeps it."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import may, teams_with
from accounts.waiting import Waiting, counted, waits
from tracker.models import Delivery, Difficulty, Need, TrackerRow
from tracker.worklist import how_many


@waits
def words_to_review(user: User) -> Iterator[Waiting]:
    """Words that workbooks brought in."""
    if may(user, "manage_words"):
        new = [lists.objects.filter(reviewed=False, retired=False).count() for lists in (Need, Difficulty)]
        if number := sum(new):
            words = "1 word" if number == 1 else f"{number} words"
            yield Waiting(f"{words} from workbooks to review", reverse("words"))


@waits
def pins_and_dates(user: User) -> Iterator[Waiting]:
    """Cases of the person's teams without a PIN or a date of the next CIN meeting that can be.

    Who holds every team keeps none of them: the officers' list would be the whole council's.
    """
    if may(user, "view_council"):
        return
    if number := how_many(teams_with(user, "import_rows"), timezone.localdate()):
        cases = "1 case wants" if number == 1 else f"{number} cases want"
        yield Waiting(f"{cases} a PIN or a date of the next CIN meeting", reverse("worklists"))


@waits
def cases_without_pin(user: User) -> Iterator[Waiting]:
    """For performance officers: how many open cases of which team have no PIN yet."""
    if not may(user, "view_council"):
        return
    rows = TrackerRow.objects.open().filter(case__pin="").order_by("team__name")
    found = list(rows.values_list("team", "team__name").annotate(number=Count("pk")))
    if found:
        cases = counted(sum(number for *_, number in found), "case", "cases")
        places = [(f"{name} ({number})", reverse("worklist", args=[team])) for team, name, number in found]
        yield Waiting(f"PIN missing in {cases}", reverse("worklists"), places)


@waits
def imports_with_leftovers(user: User) -> Iterator[Waiting]:
    """Deliveries of workbooks that left something to be settled."""
    if may(user, "import_many"):
        found = list(Delivery.objects.with_leftovers().values_list("pk", flat=True))
        if len(found) == 1:
            yield Waiting("1 import with leftovers", reverse("delivery", args=found))
        elif found:
            yield Waiting(f"{len(found)} imports with leftovers", reverse("imports"))
