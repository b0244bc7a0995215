"""Moving and closing teams: acts of a performance officer that take a whole tracker along."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.changes.people import raise_access_version, take_along
from accounts.models import AuditEvent, Locality, Team, User
from accounts.permissions import grant_teams, require_global
from tracker.changes.act import Answer, acting, answered_once
from tracker.changes.lifecycle import MOVED, close, next_row
from tracker.changes.refusals import Invalid
from tracker.models import Case, Outcome, TrackerRow

NAMED = 10


@answered_once
def close_team(*, team: Team, heir: Team, by: User, op: UUID | None = None) -> Answer:
    """Hands every open row over to another team of the locality; from then on the tracker is only read.

    Raises `Invalid` for an heir that cannot take them.
    """
    require_global(by, "manage_places")
    if heir.pk == team.pk or heir.locality_id != team.locality_id or heir.closed_at:
        raise Invalid("Choose another team of the same locality that works.", "heir")
    if team.closed_at:
        raise Invalid("This team is closed already.", "heir")
    outcome = Outcome.objects.get(code=MOVED)
    with acting("close team", teams=[team, heir], by=by, op=op) as act:
        open_rows = TrackerRow.objects.open().filter(team=team).order_by("order").values_list("pk", flat=True)
        rows = act.rows(list(open_rows))
        stages = {row.pk: row.stage for row in rows}
        for row in rows:
            close(act, row, outcome)
        # A case may have one open row: these must be closed before the next are made.
        act.write()
        act.add(heir, [next_row(act, row, heir, stages[row.pk]) for row in rows])
        team.closed_at = timezone.now()
        team.save(update_fields=["closed_at"])
        raise_access_version()
        audit.record(
            AuditEvent.Kind.PLACES,
            by=by,
            purpose="close team",
            team=team,
            row_ids=[row.pk for row in rows],
            heir=heir.pk,
        )
    return act.answer


@transaction.atomic
def open_team_again(*, team: Team, by: User) -> None:
    """The team works again, with an empty tracker; rows come back by moving them."""
    require_global(by, "manage_places")
    team.closed_at = None
    team.save(update_fields=["closed_at"])
    raise_access_version()
    audit.record(AuditEvent.Kind.PLACES, by=by, purpose="open team again", team=team)


def move_team(*, team: Team, to: Locality, by: User) -> int:
    """Moves the team with its tracker, cases and the people whose access names it; how many people.

    Raises `Invalid` where PINs of its cases belong to cases of the other locality.
    """
    require_global(by, "manage_places")
    if to.pk == team.locality_id:
        raise Invalid(f"The team is in {to} already.", "locality")
    # The log's lock keeps new cases of the team out until all of them have moved.
    with acting("move team", teams=[team], by=by):
        cases = _cases_of(team)
        _check_pins(cases, to)
        cases.update(locality=to)
        team.locality = to
        team.save(update_fields=["locality"])
        grant_teams([team])
        people = take_along(team=team, by=by)
        raise_access_version()
        audit.record(AuditEvent.Kind.PLACES, by=by, purpose="move team", team=team)
    return people


def _cases_of(team: Team) -> QuerySet[Case]:
    """The cases that are the team's: open on its tracker, or open nowhere and last seen there."""
    rows = TrackerRow.objects.filter(case=OuterRef("pk"))
    here = Exists(rows.open().filter(team=team))
    nowhere = ~Exists(rows.open())
    last = rows.order_by("-pk").values("team")[:1]
    cases = Case.objects.filter(locality=team.locality_id).annotate(last_team=last)
    # By number: the condition reads what the update is about to change.
    ids = (
        cases.filter(here)
        .values_list("pk", flat=True)
        .union(cases.filter(nowhere, last_team=team.pk).values_list("pk", flat=True))
    )
    return Case.objects.filter(pk__in=list(ids))


def _check_pins(cases: QuerySet[Case], to: Locality) -> None:
    pins = cases.exclude(pin="").values("pin")
    taken = list(Case.objects.filter(locality=to, pin__in=pins).values_list("pin", flat=True)[: NAMED + 1])
    if taken:
        more = " and more" if len(taken) > NAMED else ""
        raise Invalid(
            f"{to} has cases with these PINs already: {', '.join(taken[:NAMED])}{more}. Mend them first.",
            "locality",
        )
