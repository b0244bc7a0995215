"""Counts what went wrong when people worked together, by team and week (specs: concurrency 4.9)."""

from datetime import date, timedelta

from django.db.models import F

from tracker.models import Hitches


def count_hitches(
    *, team_id: int, on: date, conflicts: int = 0, parked: int = 0, reconnects: int = 0, offline: int = 0
) -> None:
    """Adds to the numbers of the week. Nobody's right is asked: it says nothing of any case or person."""
    week = on - timedelta(days=on.weekday())
    # The week's first two may meet here, and one record must come of it.
    Hitches.objects.bulk_create([Hitches(team_id=team_id, week=week)], ignore_conflicts=True)
    Hitches.objects.filter(team=team_id, week=week).update(
        conflicts=F("conflicts") + conflicts,
        parked=F("parked") + parked,
        reconnects=F("reconnects") + reconnects,
        offline=F("offline") + offline,
    )
