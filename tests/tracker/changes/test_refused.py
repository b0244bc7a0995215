"""Refused texts are kept for 30 days and then deleted; what was saved stays."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.conftest import World
from tests.factories import make_row
from tracker.changes.refused import purge_refused
from tracker.models import Change, RefusedEdit, TrackerRow

MONTH = timedelta(days=30)


def refused(world: World, row: TrackerRow, at: datetime) -> RefusedEdit:
    """A text of the coordinator that was refused then."""
    return RefusedEdit.objects.create(
        op=uuid4(), row=row, field="action", value="Ring the school", base=0, by=world.coordinator, at=at
    )


def test_a_refused_text_is_kept_for_thirty_days_and_not_longer(world: World) -> None:
    now = timezone.now()
    row = make_row(team=world.team, action="Visit")
    kept = refused(world, row, now - MONTH)
    refused(world, row, now - MONTH - timedelta(seconds=1))
    changes = Change.objects.count()

    assert purge_refused(now=now) == 1

    assert list(RefusedEdit.objects.all()) == [kept]
    assert Change.objects.count() == changes
    assert TrackerRow.objects.get(pk=row.pk).action == "Visit"
    assert purge_refused(now=now) == 0


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 refused texts"), (1, "1 refused text"), (2, "2 refused texts")]
)
def test_the_command_says_how_many_and_nothing_of_them(
    world: World, capsys: pytest.CaptureFixture[str], number: int, told: str
) -> None:
    row = make_row(team=world.team)
    for _ in range(number):
        refused(world, row, timezone.now() - MONTH - timedelta(days=1))

    call_command("purge_refused")

    assert capsys.readouterr().out == f"{told} deleted.\n"
    assert not RefusedEdit.objects.exists()
