"""Where a fault is put in: a locality of its own, with people who save and the rows that they write in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from accounts.changes.places import add_locality, add_team
from accounts.models import Team, User
from scripts.bench.places import editor, first_values, session_of
from scripts.faults.ledger import Ledger
from scripts.faults.supervised import Supervised, supervised
from summary.queries import rows_by_stage
from tracker.changes.lifecycle import add_case
from tracker.models import TrackerRow

PEOPLE, ROWS = 8, 44


class NotTested(Exception):
    """The fault cannot be put in on this machine; the text says why."""


@dataclass
class Measured:
    """What putting a fault in showed, beside what the checker judges.

    `recoveries` are seconds from a fault until a save sent after it was acknowledged; `wrong` holds sentences
    about what did not hold.
    """

    amount: str
    recoveries: list[float] = field(default_factory=list)
    note: str = ""
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scene:
    """One team with its neighbour; `size` says how much is to be done (`whole`, `short`, `test`)."""

    name: str
    database: str
    size: str
    folder: Path
    team: Team
    neighbour: Team
    people: tuple[User, ...]
    rows: tuple[int, ...]
    ledger: Ledger

    @property
    def sessions(self) -> list[str]:
        """A new session of each person."""
        return [session_of(person) for person in self.people]

    def more_rows(self, number: int) -> list[int]:
        """So many new rows on the team's tracker."""
        return cases(self.team, self.people[0], number)

    @contextmanager
    def server(self, *, workers: int = 1, before: Sequence[str] = (), url: str = "") -> Iterator[Supervised]:
        """The application over the scene's database; under another address where one is given."""
        # Nothing of this process may hold a lock or count as the server's.
        connections.close_all()
        log = self.folder / f"{self.name}.log"
        with supervised(log, workers=workers, before=before, url=url) as server:
            yield server

    def end(self) -> None:
        """Writes down what the Summary says, which closes the ledger."""
        for team in (self.team, self.neighbour):
            lines = rows_by_stage(TrackerRow.objects.open().filter(team=team)).lines
            self.ledger.summary(team.pk, {line.stage or "": line.cases for line in lines})
        self.ledger.close()
        connections.close_all()


def made(name: str, database: str, size: str, folder: Path) -> Scene:
    """Makes it, through the functions that the application uses."""
    locality = add_locality(name=f"Faults {name}", by=None)
    teams = [add_team(name=f"{name} team {number}", locality=locality, by=None) for number in (1, 2)]
    people = tuple(editor(f"{name.lower()}-{number}", locality, teams) for number in range(PEOPLE))
    rows = tuple(cases(teams[0], people[0], ROWS))
    ledger = Ledger(folder / f"{name}-{database}.jsonl")
    return Scene(name, database, size, folder, teams[0], teams[1], people, rows, ledger)


def cases(team: Team, by: User, number: int) -> list[int]:
    """So many new rows on this tracker."""
    answers = [add_case(team=team, values=first_values(one), by=by) for one in range(number)]
    return [answer.row for answer in answers if answer.row]
