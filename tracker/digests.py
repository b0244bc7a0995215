"""The mail with counts: what a person's own teams have, in numbers and links. No names, no PINs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from accounts.models import Team
from tracker.filters import address_of
from tracker.models import TrackerRow

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Counts:
    """One team's numbers."""

    open: int = 0
    overdue: int = 0
    due: int = 0
    meetings: int = 0
    passed: int = 0


def counts_by_team(today: date) -> Mapping[int, Counts]:
    """The numbers of every team with an open case, in one statement for all the mails of a run."""
    soon = today + WEEK
    counted = (
        TrackerRow.objects.open()
        .order_by()
        .values_list("team")
        .annotate(
            Count("pk"),
            overdue=Count("pk", filter=Q(by_when__lt=today)),
            due=Count("pk", filter=Q(by_when__gte=today, by_when__lte=soon)),
            meetings=Count("pk", filter=Q(next_meeting__gte=today, next_meeting__lte=soon)),
            passed=Count("pk", filter=Q(next_meeting__lt=today)),
        )
    )
    return {team: Counts(*numbers) for team, *numbers in counted}


def text_of(teams: Iterable[Team], counts: Mapping[int, Counts], unsubscribe: str) -> str:
    """The mail's text, team by team; `unsubscribe` is the address that ends it."""
    parts = [_team(team, counts.get(team.pk, Counts())) for team in teams]
    foot = f"Change how often this comes: {settings.SITE_ADDRESS}{reverse('mine')}\nEnd it: {unsubscribe}\n"
    return "\n".join([*parts, foot])


def _team(team: Team, counts: Counts) -> str:
    tracker = f"{settings.SITE_ADDRESS}{reverse('tracker', args=[team.pk])}"
    lines = [
        f"{team} ({team.locality})",
        f"  Open cases: {counts.open}  {tracker}",
        f"  Actions overdue: {counts.overdue}  {tracker}{address_of(by_when='overdue')}",
        f"  Actions due in the next 7 days: {counts.due}",
        f"  CIN meetings in the next 7 days: {counts.meetings}",
        f"  Next CIN meeting passed: {counts.passed}  {tracker}{address_of(next_meeting='passed')}",
    ]
    return "\n".join(lines) + "\n"
