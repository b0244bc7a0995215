"""Parks the reading of an uploaded workbook between preview and confirmation, and lets it go again."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Team, User
from accounts.permissions import require
from tracker.models import ParkedImport
from tracker.workbook.reading import Reading

KEPT_FOR = timedelta(hours=1)


def park(*, reading: Reading, team: Team, by: User, now: datetime) -> ParkedImport:
    """Keeps the reading for an hour. What others left longer ago goes on this occasion."""
    require(by, team, "import_rows")
    ParkedImport.objects.filter(at__lt=now - KEPT_FOR).delete()
    return ParkedImport.objects.create(person=by, team=team, reading=json.dumps(reading.to_json()), at=now)


def parked_reading(*, parked: UUID, team: Team, by: User, now: datetime) -> Reading | None:
    """What this person parked for this team within the hour; None for anything else."""
    found = ParkedImport.objects.filter(pk=parked, team=team, person=by, at__gte=now - KEPT_FOR).first()
    return Reading.from_json(json.loads(found.reading)) if found else None


def unpark(*, parked: UUID, by: User) -> None:
    """Lets it go: it was confirmed or given up."""
    ParkedImport.objects.filter(pk=parked, person=by).delete()
