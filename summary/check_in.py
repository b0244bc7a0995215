"""The figures of a Locality CIN Check-In: a few of the Summary's measures, then and now."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Team
from summary import places
from summary.places import Measure
from tracker.filters import address_of
from tracker.narrowing import ANY

HEADINGS = {
    "open": "Open cases",
    "new": "New this month",
    "closed": "Closed this month",
    "stage-identified": "Identified for closure",
    "stage-decided": "Decided to close",
    "overdue": "Actions overdue",
    f"stuck-{ANY}": "Stuck",
    "difficult": "With a difficulty",
    "waiting": "Unanswered",
    "late": "For two weeks",
}
KEYS = tuple(HEADINGS)


@dataclass(frozen=True)
class Figure:
    """One number and the query that lists its cases; `then` is what the check-in before had, if known."""

    cases: int
    address: str = ""
    listed: bool = False
    then: int | None = None

    @property
    def change(self) -> str:
        """By how much it went up or down, with its sign; empty where nothing is known."""
        if self.then is None:
            return ""
        more = self.cases - self.then
        return f"+{more}" if more > 0 else f"\N{MINUS SIGN}{-more}" if more else "no change"


@dataclass(frozen=True)
class Line:
    """One team, or all of them together."""

    name: str
    team: int | None
    figures: tuple[Figure, ...]


def kept_figures(counts: places.Counts, teams: Iterable[Team]) -> dict[str, Any]:
    """What a check-in keeps: numbers and the names of teams, nothing about a case."""
    return {
        "teams": [
            {
                "team": team.pk,
                "name": team.name,
                "numbers": {key: counts.get(team.pk, {}).get(key, 0) for key in KEYS},
            }
            for team in teams
        ]
    }


def lines(
    figures: Mapping[str, Any], before: Mapping[str, Any] | None, today: date
) -> tuple[Sequence[Line], Line]:
    """A line for each team of the figures, and the sum; with what the check-in `before` had."""
    measures = _measures(today)
    earlier = {one["team"]: one["numbers"] for one in before["teams"]} if before else {}
    told = [
        Line(one["name"], one["team"], _figures(measures, one["numbers"], earlier.get(one["team"])))
        for one in figures["teams"]
    ]
    then = _sum(earlier.values()) if before else None
    return told, Line(
        "Together", None, _figures(measures, _sum(one["numbers"] for one in figures["teams"]), then)
    )


def _figures(
    measures: Mapping[str, Measure], now: Mapping[str, int], then: Mapping[str, int] | None
) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            now.get(key, 0),
            measures[key].address,
            measures[key].listed,
            then.get(key) if then is not None else None,
        )
        for key in KEYS
    )


def _sum(numbers: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for one in numbers:
        total.update(one)
    return total


def _measures(today: date) -> dict[str, Measure]:
    groups = (*places.case_groups(), *places.attention_groups(today))
    known = {measure.key: measure for group in groups for measure in group.measures}
    return known | {"open": Measure("open", "Open cases", address_of(show="all"))}
