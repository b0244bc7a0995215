"""Who walks as siblings: a team picks them, and a family goes when too few of it are left."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count

from accounts.models import Team, User
from accounts.permissions import require
from tracker.models import Case, Family, TeamLog, TrackerRow


def pick_siblings(*, team: Team, cases: Iterable[Case], by: User) -> Family | None:
    """Makes these cases of the team siblings; they leave the families they were in. One alone has none."""
    require(by, team, "edit_row")
    with transaction.atomic():
        TeamLog.take(team.pk, 0)
        here = TrackerRow.objects.open().filter(team=team, case__in=[case.pk for case in cases])
        chosen = dict(here.values_list("case", "case__family"))
        family = Family.objects.create(team=team) if len(chosen) > 1 else None
        Case.objects.filter(pk__in=chosen).update(family=family)
        drop_lone_families(chosen.values())
    return family


def drop_lone_families(left: Iterable[int | None]) -> None:
    """Deletes those of the families that cases have just left which are none any more: of one, or empty.

    Asked for by number and not by team: siblings who move to another team stay in their family.
    """
    lone = Family.objects.filter(pk__in={one for one in left if one}).annotate(members=Count("cases"))
    Family.objects.filter(pk__in=list(lone.filter(members__lt=2).values_list("pk", flat=True))).delete()
