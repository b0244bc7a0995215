"""Teams or localities side by side: one line a place, the same measures for each, and their sums.

Counted team by team, in a fixed number of statements whatever the number of teams; a locality is the
sum of its teams. No clock, no person: the rows come narrowed, the day is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.models import Locality, Team
from summary.queries import STAGES, Number, Numbers
from tracker.choices import EXPECTED_CLOSURES, Stage
from tracker.durations import UNKNOWN, in_band
from tracker.filters import address_of
from tracker.models import RowQuerySet
from tracker.months import beginning, first_of_month
from tracker.narrowing import ANY, BLANK, STUCK, UNANSWERED_FOR, with_stuck_rules

# A place and its numbers.
Line = tuple[Team | Locality, Mapping[str, int]]
# How many cases a team has of each measure: by team, then by the measure's key.
Counts = Mapping[int, Mapping[str, int]]

STUCK_HEADINGS = {
    ANY: "In any way",
    "stage": "Stage 8 weeks",
    "action": "Action 3 meetings",
    "date": "Date moved 3 times",
}
BAND_HEADINGS = {
    "under-3": "Under 3", "3-6": "3 to 6", "6-9": "6 to 9", "9-12": "9 to 12", "12-18": "12 to 18",
    "over-18": "Over 18", UNKNOWN: "Not known",
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One column: its key in the counts, its heading, and the query that lists its cases.

    `listed` where the list holds more than open cases, which a tracker cannot show.
    """

    key: str
    heading: str
    address: str
    stage: str | None = None
    listed: bool = False


@dataclass(frozen=True)
class Group:
    """Measures that stand under one heading."""

    heading: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class PlaceLine:
    """One place's numbers, in the order of the table's measures."""

    place: Team | Locality
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class PlaceTable:
    """Places down, measures across; `foot` is the sum, where there is more than one place."""

    name: str
    caption: str
    groups: tuple[Group, ...]
    lines: tuple[PlaceLine, ...]
    foot: tuple[Number, ...]


def case_groups() -> tuple[Group, ...]:
    """Where the open cases stand, and how long their plans have been open."""
    return (
        Group(
            "Open cases",
            (
                Measure("open", "All", ""),
                *(
                    Measure(f"stage-{stage}", label, address_of(stage=stage or BLANK), stage)
                    for stage, label in STAGES
                ),
            ),
        ),
        Group(
            "Open for months, by CIN start",
            tuple(
                Measure(f"band-{key}", heading, address_of(duration=key))
                for key, heading in BAND_HEADINGS.items()
            ),
        ),
    )


def attention_groups(today: date) -> tuple[Group, ...]:
    """What moves, what is to close, and what waits for somebody."""
    month = f"{today:%Y-%m}"
    both = [stage.value for stage in EXPECTED_CLOSURES]
    return (
        Group(
            "This month",
            (
                Measure("new", "New", address_of(came=month), listed=True),
                Measure("closed", "Closed", address_of(closed=month), listed=True),
            ),
        ),
        Group(
            "Expected closures",
            (
                Measure("stage-identified", "Identified", address_of(stage=Stage.IDENTIFIED.value)),
                Measure("stage-decided", "Decided", address_of(stage=Stage.DECIDED.value)),
                Measure("expected", "Together", address_of(stage=both)),
            ),
        ),
        Group("Actions", (Measure("overdue", "Overdue", address_of(by_when="overdue")),)),
        Group(
            "Stuck",
            tuple(
                Measure(f"stuck-{rule}", heading, address_of(stuck=rule))
                for rule, heading in STUCK_HEADINGS.items()
            ),
        ),
        Group(
            "Difficulties",
            (
                Measure("difficult", "All", address_of(difficulty=ANY)),
                Measure("waiting", "Unanswered", address_of(answer="waiting")),
                Measure("late", "For two weeks", address_of(answer="late")),
            ),
        ),
    )


def counts_by_team(rows: RowQuerySet, today: date) -> Counts:
    """Every measure of every team that has a case."""
    counted: dict[int, Counter[str]] = {}
    for part in (open_cases(rows, today), movement(rows, today), waiting(rows, today), stuck(rows, today)):
        for team, numbers in part.items():
            counted.setdefault(team, Counter()).update(numbers)
    return counted


def open_cases(rows: RowQuerySet, today: date) -> Counts:
    """Open cases by stage and duration, expected to close, overdue, with a difficulty; one statement."""
    conditions = {f"stage-{stage}": Q(stage=stage) for stage, _ in STAGES}
    conditions |= {f"band-{key}": in_band(key, today) for key in BAND_HEADINGS}
    conditions |= {
        "expected": Q(stage__in=EXPECTED_CLOSURES),
        "overdue": Q(by_when__lt=today),
        "difficult": Q(difficulty__isnull=False),
    }
    numbers = [Count("pk"), *(Count("pk", filter=condition) for condition in conditions.values())]
    keys = ("open", *conditions)
    return {team: dict(zip(keys, told, strict=True)) for team, *told in _by_team(rows.open(), *numbers)}


def movement(rows: RowQuerySet, today: date) -> Counts:
    """New and closed cases of the month that is running; a statement each."""
    month = first_of_month(today)
    new, closed = _cases_by_team(rows.came_in(month)), _cases_by_team(rows.closed_in(month))
    return {team: {"new": new.get(team, 0), "closed": closed.get(team, 0)} for team in new | closed}


def waiting(rows: RowQuerySet, today: date) -> Counts:
    """Difficulties that wait for an answer, and those that have waited for two weeks; one statement."""
    late = Q(("difficulty_since__lt", beginning(today - UNANSWERED_FOR)))
    found = _by_team(rows.unanswered().since("difficulty"), Count("pk"), Count("pk", filter=late))
    return {team: {"waiting": all_of_them, "late": long} for team, all_of_them, long in found}


def stuck(rows: RowQuerySet, today: date) -> Counts:
    """Stuck cases by rule, and by any of them; one statement."""
    counted: dict[int, Counter[str]] = {}
    rules = [rule for rule, _ in STUCK if rule != ANY]
    marked = with_stuck_rules(rows, today).order_by()
    # The model has no such fields, the query has.
    found: Any = marked.values_list("team", *(f"stuck_{rule}" for rule in rules))
    for team, *held, cases in found.annotate(Count("pk")):
        of_team = counted.setdefault(team, Counter())
        of_team.update({f"stuck-{rule}": cases for rule, holds in zip(rules, held, strict=True) if holds})
        of_team[f"stuck-{ANY}"] += cases * any(held)
    return counted


def by_duration(counts: Counts) -> Numbers:
    """The open cases of all these teams by how long their plans have been open."""
    sums, (_, bands) = total(counts), case_groups()
    return Numbers(numbers(bands.measures, sums))


def teams_table(
    name: str, caption: str, groups: Sequence[Group], counts: Counts, teams: Iterable[Team]
) -> PlaceTable:
    """One line a team, in the order given, teams without a case included."""
    lines: list[Line] = [(team, counts.get(team.pk, {})) for team in teams]
    return _table(name, caption, groups, lines, [told for _, told in lines])


def localities_table(
    name: str,
    caption: str,
    groups: Sequence[Group],
    counts: Counts,
    localities: Iterable[Locality],
    teams: Iterable[Team],
) -> PlaceTable:
    """One line a locality: the sum of its teams. Together are all teams, also those of no locality here."""
    sums: dict[int, Counter[str]] = {}
    for team in teams:
        sums.setdefault(team.locality_id, Counter()).update(counts.get(team.pk, {}))
    lines: list[Line] = [(place, sums.get(place.pk, {})) for place in localities]
    return _table(name, caption, groups, lines, list(sums.values()))


def total(counts: Counts) -> Mapping[str, int]:
    """The sums of all teams."""
    sums: Counter[str] = Counter()
    for numbers in counts.values():
        sums.update(numbers)
    return sums


def _table(
    name: str,
    caption: str,
    groups: Sequence[Group],
    places: Sequence[Line],
    together: Sequence[Mapping[str, int]],
) -> PlaceTable:
    measures = [measure for group in groups for measure in group.measures]
    lines = tuple(PlaceLine(place, numbers(measures, told)) for place, told in places)
    foot = numbers(measures, total(dict(enumerate(together)))) if len(together) > 1 else ()
    return PlaceTable(name, caption, tuple(groups), lines, foot)


def numbers(measures: Iterable[Measure], told: Mapping[str, int]) -> tuple[Number, ...]:
    """The numbers of one place in the order of the measures."""
    return tuple(
        Number(one.heading, told.get(one.key, 0), one.address, one.stage, listed=one.listed)
        for one in measures
    )


def _by_team(rows: RowQuerySet, *numbers: Count) -> Iterable[tuple[int, ...]]:
    """The team and these numbers of it, in one grouped statement."""
    named = {f"number_{place}": number for place, number in enumerate(numbers)}
    return rows.order_by().values_list("team").annotate(**named)


def _cases_by_team(rows: RowQuerySet) -> dict[int, int]:
    return {team: cases for team, cases in _by_team(rows, Count("pk"))}  # noqa: C416 - dict() has no type here
