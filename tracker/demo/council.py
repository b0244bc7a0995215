"""The places of the demonstration council, and how much of everything each of its teams has.

Who works there is in staff.py, what they wrote in stories.py.
"""

from dataclasses import dataclass

from tracker.choices import ColumnKind
from tracker.demo.texts import LEGENDS, SCHOOL_NAMES, VISIT_PATTERNS

# Any other text gives another council, which is as good; the same text gives the same one.
SEED = "ICM demonstration council"

LOCALITIES = (
    "Amber Valley", "Bolsover", "Calderwell", "Foxlow Edge", "Marlbrook", "Thornwater",
)  # fmt: skip
TEAMS_EACH = 4
WEEKS_OF_MEETINGS = 13
# Words that came in with a workbook, and wait for an officer to accept or merge them.
UNREVIEWED_NEED = "Respite to be arranged"
UNREVIEWED_DIFFICULTY = "No interpreter"
# The sample workbooks are imported into these.
EMPTY_TEAMS = ("Amber Valley Team 1", "Amber Valley Team 2", "Amber Valley Team 3")


@dataclass(frozen=True)
class Column:
    """A team's own column."""

    heading: str
    kind: ColumnKind
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a team's tracker is to hold: numbers of rows, and what the team has added to it."""

    open_rows: int
    closed_rows: int = 0
    reopened: int = 0
    moved: int = 0
    removed: int = 0
    # Open rows whose action is put off at every meeting, and that were to close until something happened.
    drifting: int = 0
    gone_back: int = 0
    # In how many of its meetings of the last two months a case gets something new.
    visits: tuple[int, int] = (1, 3)
    # How many weeks ago the team began to hold its meetings here; before, it typed without.
    weeks_of_meetings: int = 0
    legend: tuple[tuple[str, str], ...] = ()
    column: Column | None = None


def team_names(locality: str, number: int = TEAMS_EACH) -> list[str]:
    """The names of a locality's teams."""
    return [f"{locality} Team {place}" for place in range(1, number + 1)]


def plan_of(team: str, place: int) -> Plan:
    """The plan of a team of the demonstration council; `place` counts its teams from 0."""
    if team in EMPTY_TEAMS:
        return Plan(0)
    return Plan(
        open_rows=48 + place * 7 % 19,
        closed_rows=15 + place * 5 % 9,
        reopened=1 if place % 2 else 0,
        # Amber Valley's other teams are to stay empty, so nothing moves there.
        moved=0 if team.startswith("Amber Valley") else 1,
        removed=1 if place % 3 == 0 else 0,
        drifting=1 + place % 2,
        gone_back=1 + place % 3 % 2,
        weeks_of_meetings=WEEKS_OF_MEETINGS,
        legend=LEGENDS[place % len(LEGENDS)] if place % 3 else (),
        column=COLUMNS.get(team),
    )


COLUMNS = {
    "Amber Valley Team 4": Column("School or nursery", ColumnKind.CHOICE, SCHOOL_NAMES),
    "Bolsover Team 2": Column("Visits", ColumnKind.CHOICE, VISIT_PATTERNS),
}
