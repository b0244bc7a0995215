"""The check-ins of the demonstration council, held while its past is played (tracker/changes/past.py)."""

from datetime import datetime

from django.utils import timezone

from accounts.models import Locality, User
from summary import check_in, places
from summary.models import CheckIn
from tracker.models import TrackerRow

NOTES = (
    "Early help has no lead for two of the closures. I take it to the partnership board.",
    "Teams 2 and 4 to bring every case beyond twelve months to the panel before the next check-in.",
    "Housing holds three plans up; the manager writes to the district by Friday. Else on track.",
    "Good month. Look again at dates that were put off three times: change the action, not the date.",
)


def hold_check_in(locality: Locality, head: User, moment: datetime) -> CheckIn:
    """Keeps the figures as they stand in the database now, which is as it was at the moment."""
    rows = TrackerRow.objects.filter(team__locality=locality)
    counts = places.counts_by_team(rows, timezone.localdate(moment))
    return CheckIn.objects.create(
        locality=locality,
        at=moment,
        by=head,
        note=NOTES[CheckIn.objects.count() % len(NOTES)],
        figures=check_in.kept_figures(counts, locality.teams.all()),
    )
