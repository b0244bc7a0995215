"""What a coordinator keeps true before the meeting: PINs and dates of CIN meetings (guide: TC to keep)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import Team, User
from tracker.choices import Stage
from tracker.models import TrackerRow
from tracker.months import beginning
from tracker.narrowing import last_near, too_far
from tracker.workbook.dates import show
from tracker.workbook.words import loose_pin
from tracker.working_days import latest_before, working_days_after


@dataclass(frozen=True)
class Item:
    """One row that wants something: `pin_wrong` and `date_wrong` say in words what, or are empty."""

    row: TrackerRow
    pin_wrong: str
    date_wrong: str
    first_late: str

    @property
    def pin_missing(self) -> bool:
        """Whether the PIN is to be typed here; one that is there is changed in the case itself."""
        return not self.row.pin


def wants_something(today: date) -> Q:
    """The condition on open rows that belong on the list, but for PINs that stand twice."""
    latest = latest_before(today, settings.FIRST_MEETING_WORKING_DAYS)
    began = Q(case__cin_start__lte=latest) | Q(
        case__cin_start=None, opened_at__lt=beginning(latest + timedelta(days=1))
    )
    dates = Q(next_meeting=None) | Q(next_meeting__lt=today) | Q(next_meeting__gt=last_near(today))
    return Q(case__pin="") | dates | (Q(stage=Stage.AWAITING) & began)


def items_of(teams: Sequence[Team], today: date, *, by: User, most: int | None = None) -> list[Item]:
    """The list of these teams, by team and in the order of their trackers, at most so many."""
    doubles = _doubles(teams, by)
    rows = TrackerRow.objects.open().filter(team__in=teams).filter(wants_something(today) | Q(pk__in=doubles))
    listed = rows.select_related("case", "team").order_by("team__name", "order", "pk")[:most]
    return [_item(row, doubles.get(row.pk, ""), today) for row in listed]


def how_many(teams: Iterable[Team], today: date) -> int:
    """How many rows of these teams want something, PINs that stand twice left out."""
    return TrackerRow.objects.open().filter(wants_something(today), team__in=teams).count()


def _doubles(teams: Sequence[Team], by: User) -> dict[int, str]:
    """Rows of these teams whose PIN stands on another row of the locality too, but for zeros before it.

    Of the others only those that the person may see: a stand-in sees one team.

    The very same PIN cannot: the database keeps it on one case. What people type without its zeros can.
    """
    rows = (
        TrackerRow.objects.open()
        .visible_to(by)
        .filter(team__locality__in={team.locality_id for team in teams})
    )
    alike: dict[tuple[int, str], list[tuple[int, str, int, str]]] = defaultdict(list)
    found = rows.exclude(case__pin="").values_list("pk", "case__pin", "team", "team__name", "team__locality")
    for pk, pin, team, name, locality in found:
        alike[locality, loose_pin(pin)].append((pk, pin, team, name))
    mine = {team.pk for team in teams}
    doubles: dict[int, str] = {}
    for same in alike.values():
        for pk, _, team, _ in same if len(same) > 1 else ():
            if team in mine:
                others = " and ".join(f"{pin} on {name}" for other, pin, _, name in same if other != pk)
                doubles[pk] = f"Almost the same PIN: {others}"
    return doubles


def _item(row: TrackerRow, double: str, today: date) -> Item:
    began = row.case.cin_start or timezone.localtime(row.opened_at).date()
    due = working_days_after(began, settings.FIRST_MEETING_WORKING_DAYS)
    late = row.stage == Stage.AWAITING and due < today
    return Item(
        row,
        "No PIN yet" if not row.pin else double,
        _date_wrong(row, today),
        f"First CIN meeting was due {show(due)}" if late else "",
    )


def _date_wrong(row: TrackerRow, today: date) -> str:
    if row.next_meeting is None:
        return "No date"
    days = row.meeting_days_ago(today)
    if days:
        return f"Passed {days} day{'' if days == 1 else 's'} ago"
    return too_far() if row.next_meeting > last_near(today) else ""
