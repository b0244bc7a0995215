"""The Summary's figures for other programs: one line for each team and measure, as of one day.

No name, no PIN. Every line has the same columns whatever words the lists hold (docs/power-bi.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.models import Team
from summary.places import BAND_HEADINGS, STUCK_HEADINGS, Counts, counts_by_team
from summary.queries import NEED_NOT_SET, STAGES, words_by_team
from tracker.models import Difficulty, Need, RowQuerySet, Word

COLUMNS = ("date", "locality_id", "locality", "team_id", "team", "measure", "code", "label", "cases")
# Measures of one number each: the name here, the key in the counts, the words beside it.
SINGLE = (
    ("open", "open", "Open cases"),
    ("expected", "expected", "Expected closures"),
    ("overdue", "overdue", "Actions overdue"),
    ("new", "new", "New this month"),
    ("closed", "closed", "Closed this month"),
    ("unanswered", "waiting", "Difficulties unanswered"),
    ("unanswered_late", "late", "Difficulties unanswered for two weeks"),
)


@dataclass(frozen=True)
class Measure:
    """One line that every team has: its measure, code and label, and its key in the counts."""

    measure: str
    code: str
    label: str
    key: str


Line = tuple[str | int, ...]


def figures(teams: Iterable[Team], rows: RowQuerySet, today: date) -> Iterator[Line]:
    """The lines in the order of `COLUMNS`, zeros included; a fixed number of statements."""
    counts = counts_by_team(rows, today)
    words: dict[str, Counts] = {
        "need": words_by_team(rows, "needed"),
        "difficulty": words_by_team(rows, "difficulty"),
    }
    measures = list(_measures())
    lists: dict[str, list[Word]] = {
        "need": list(Need.objects.all()),
        "difficulty": list(Difficulty.objects.all()),
    }
    for team in teams:
        place = (today.isoformat(), team.locality_id, team.locality.name, team.pk, team.name)
        told = counts.get(team.pk, {})
        for one in measures:
            yield (*place, one.measure, one.code, one.label, told.get(one.key, 0))
        for measure, found in words.items():
            cases = found.get(team.pk, {})
            for word in lists[measure]:
                if word.offered or str(word.pk) in cases:
                    yield (*place, measure, str(word.pk), word.label, cases.get(str(word.pk), 0))
            yield (*place, measure, "", NEED_NOT_SET, cases.get("", 0))


def _measures() -> Iterator[Measure]:
    for measure, key, label in SINGLE:
        yield Measure(measure, "", label, key)
    for stage, label in STAGES:
        yield Measure("stage", stage, label, f"stage-{stage}")
    for band, label in BAND_HEADINGS.items():
        yield Measure("duration", band, f"{label} months" if label[-1].isdigit() else label, f"band-{band}")
    for rule, label in STUCK_HEADINGS.items():
        yield Measure("stuck", rule, label, f"stuck-{rule}")
