"""Loads the demonstration council and the rows for measuring: places, people, then what these wrote.

The stories are told by tracker/demo, and written by tracker/changes/past.py.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.changes.demonstration import add_members, add_twin, hashed_password, renew_stand_ins
from accounts.changes.places import add_locality, add_teams
from accounts.demo import DemoMember, demo_email
from accounts.models import Locality, Team, User
from accounts.roles import Role
from tracker.changes import past
from tracker.changes.bulk import make_words
from tracker.changes.lifecycle import MOVED
from tracker.changes.refusals import Invalid
from tracker.changes.twins import write_twins
from tracker.demo import council, stories
from tracker.demo.calendar import Calendar, days, weekday_before
from tracker.demo.council import Plan
from tracker.demo.families import Register
from tracker.demo.names import Staff
from tracker.demo.sittings import sittings_of
from tracker.demo.staff import cast_of, members_of, team_members_of
from tracker.demo.stories import Scene
from tracker.demo.writing import Words
from tracker.models import ColourMeaning, Difficulty, Need, Outcome, TeamColumn, TrackerRow
from tracker.models.words import Word

# Days before today on which memberships begin and team columns are made: before any story.
BEGAN = stories.BEGAN + stories.CLOSED_OVER + 30
# Tuesday to Thursday: the day before a meeting is a working day.
MEETING_DAYS = (1, 2, 3)

ROWS_A_TEAM = 45
ROWS_A_LOCALITY = 8 * ROWS_A_TEAM
VISITS = (1, 3)
# Measured localities that are told; further ones are their twins.
TOLD = 6
MEASURED = "Measured locality"
MEASURED_ROLES = tuple(role for role in Role if role != Role.STAND_IN)

# When a locality held its last check-in; what is done in one is the caller's.
CHECKED_IN, CHECKED_IN_AT = 21, time(16, 30)
HoldCheckIn = Callable[[Locality, User, datetime], object]


@transaction.atomic
def load_council(*, today: date, hold_check_in: HoldCheckIn | None = None) -> bool:
    """The demonstration council, unless it is there; answers whether it was made.

    Where it is there, stand-ins whose last day has passed are renewed and nothing else is touched.
    `hold_check_in` is called with each locality and its head of service when the database is as it was at
    the moment of a check-in. Raises `Invalid` where one of its localities exists without its people.
    """
    first = demo_email(Role.PERFORMANCE_OFFICER, council.LOCALITIES[0])
    if User.objects.filter(email=first).exists():
        renew_stand_ins(today=today)
        return False
    if Locality.objects.filter(name__in=council.LOCALITIES).exists():
        raise Invalid("A locality here already has a name of the demonstration council's.")
    staff, password = Staff(_random(council.SEED)), hashed_password()
    words = _words(_unreviewed())
    for number, name in enumerate(council.LOCALITIES):
        names = council.team_names(name)
        places = range(number * len(names), (number + 1) * len(names))
        teams = _add_places(
            name,
            {team: council.plan_of(team, place) for team, place in zip(names, places, strict=True)},
        )
        members = members_of(list(teams), staff, roles=tuple(Role))
        members += [member for team in teams for member in team_members_of(team, staff)]
        _add_past(teams, members, staff, password, words, today, hold_check_in)
    _count_for_plans()
    return True


def load_rows(*, rows: int, today: date) -> int:
    """Brings the open rows of the measured localities up to `rows`; answers how many were added.

    A few localities are told, each in one transaction; the others are their twins, which one more writes.
    """
    there = TrackerRow.objects.open().filter(team__locality__name__startswith=MEASURED).count()
    missing = max(0, rows - there)
    whole, rest = divmod(missing, ROWS_A_LOCALITY)
    first = Locality.objects.filter(name__startswith=MEASURED).count() + 1
    names = [f"{MEASURED} {number:04}" for number in range(first, first + whole + bool(rest))]
    password = hashed_password()
    told = [_load_measured(name, ROWS_A_LOCALITY, password, today) for name in names[: min(whole, TOLD)]]
    if whole > TOLD:
        _load_twins(told, names[TOLD:whole])
    if rest:
        _load_measured(names[-1], rest, password, today)
    _count_for_plans()
    return missing


def _count_for_plans() -> None:
    """Has PostgreSQL count its tables: by its last count a page of so many new rows may take minutes."""
    if connection.vendor == "postgresql":
        # Not the catalogues that all databases of a server share: others may be counting those.
        tables = ", ".join(connection.ops.quote_name(one._meta.db_table) for one in apps.get_models())
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


@transaction.atomic
def _load_measured(name: str, rows: int, password: str, today: date) -> Locality:
    """A locality with so many open rows, in teams that are filled one after another."""
    plans = {}
    for team in council.team_names(name, -(-rows // ROWS_A_TEAM)):
        here = min(rows, ROWS_A_TEAM)
        plans[team] = Plan(here, closed_rows=here // 10, visits=VISITS)
        rows -= here
    teams = _add_places(name, plans)
    staff = Staff(_random(f"{council.SEED}, staff of {name}"))
    members = members_of(list(teams), staff, roles=MEASURED_ROLES)
    _add_past(teams, members, staff, password, _words(), today)
    return members[0].locality


@transaction.atomic
def _load_twins(told: Sequence[Locality], names: Sequence[str]) -> None:
    """Localities of these names, in turn like one of the told ones."""
    twins = [
        [add_twin(one, name=name) for name in names[place :: len(told)]] for place, one in enumerate(told)
    ]
    write_twins([some for some in twins if some])


def _add_places(name: str, plans: Mapping[str, Plan]) -> dict[Team, Plan]:
    locality = add_locality(name=name, by=None)
    teams = add_teams(names=list(plans), locality=locality, by=None)
    return dict(zip(teams, plans.values(), strict=True))


def _add_past(
    teams: Mapping[Team, Plan],
    members: Sequence[DemoMember],
    staff: Staff,
    password: str,
    words: Words,
    today: date,
    hold_check_in: HoldCheckIn | None = None,
) -> None:
    """The people of one locality, and everything that they have written until yesterday."""
    people = add_members(members, password=password, since=today - days(BEGAN), today=today)
    locality = members[0].locality
    rng = _random(f"{council.SEED}, {locality.name}")
    written = past.Past(rng)
    scenes = []
    for team, plan in teams.items():
        cast = cast_of(team, people, staff, rng)
        column = _add_column(written, team, plan, cast.manager, today)
        scenes.append(Scene(team, cast, Calendar(rng.choice(MEETING_DAYS)), plan, column))
        ColourMeaning.objects.bulk_create(
            ColourMeaning(team=team, colour=colour, meaning=meaning) for colour, meaning in plan.legend
        )
    told = list(stories.tell(scenes, words, Register(rng), today, rng))
    past.prepare(written, told, [one for scene in scenes for one in sittings_of(scene, today, rng)])
    if hold_check_in:
        head = people[demo_email(Role.HEAD_OF_SERVICE, locality.name)]
        day = weekday_before(today - days(CHECKED_IN))
        moment = datetime.combine(day, CHECKED_IN_AT, timezone.get_current_timezone())
        past.play(written, until=moment)
        past.write(written)
        _count_for_plans()
        hold_check_in(locality, head, moment)
    past.play(written)
    past.write(written)


def _add_column(written: past.Past, team: Team, plan: Plan, by: User, today: date) -> TeamColumn | None:
    if plan.column is None:
        return None
    column = TeamColumn.objects.create(
        team=team,
        heading=plan.column.heading,
        kind=plan.column.kind,
        options=list(plan.column.options),
        order=1,
    )
    morning = datetime.combine(today - days(BEGAN), time(9), timezone.get_current_timezone())
    past.add_column(written, column, by, morning)
    return column


def _unreviewed() -> tuple[Word, Word]:
    """A need and a difficulty that came in with a workbook."""
    need, difficulty = council.UNREVIEWED_NEED, council.UNREVIEWED_DIFFICULTY
    return make_words("needed", [need])[need], make_words("difficulty", [difficulty])[difficulty]


def _words(unreviewed: tuple[Word, Word] | None = None) -> Words:
    return Words(
        unreviewed=unreviewed,
        needs=tuple(Need.objects.choosable()),
        difficulties=tuple(Difficulty.objects.choosable()),
        outcomes=tuple(Outcome.objects.choosable().filter(code="")),
        moved=Outcome.objects.get(code=MOVED),
    )


def _random(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - invented pasts need no secrecy
