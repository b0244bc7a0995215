"""Parks the reading of a dashboard's list between upload and confirmation, and lets it go again."""

import json
from datetime import datetime
from uuid import UUID

from accounts.models import Locality, User
from accounts.permissions import require_on_some
from tracker.changes.parked import KEPT_FOR
from tracker.dashboard.reading import DashboardList
from tracker.models import ParkedList


def park_list(*, reading: DashboardList, locality: Locality, by: User, now: datetime) -> ParkedList:
    """Keeps the reading for an hour. What others left longer ago goes on this occasion."""
    require_on_some(by, locality, "import_rows")
    let_go_of_lists(now=now)
    text = json.dumps(reading.to_json())
    return ParkedList.objects.create(person=by, locality=locality, reading=text, at=now)


def parked_list(*, parked: UUID, locality: Locality, by: User, now: datetime) -> DashboardList | None:
    """What this person parked for this locality within the hour; None for anything else."""
    mine = ParkedList.objects.filter(pk=parked, locality=locality, person=by, at__gte=now - KEPT_FOR).first()
    return DashboardList.from_json(json.loads(mine.reading)) if mine else None


def unpark_list(*, parked: UUID, by: User) -> None:
    """Lets it go: it was confirmed or given up."""
    ParkedList.objects.filter(pk=parked, person=by).delete()


def let_go_of_lists(*, now: datetime) -> None:
    """Deletes what nobody confirmed within the hour."""
    ParkedList.objects.filter(at__lt=now - KEPT_FOR).delete()
