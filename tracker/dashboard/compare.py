"""The dashboard's list against the trackers of one locality: what differs, and what may be done about it.

Nothing is written here. Who looks sees the trackers that they may see, and is offered what they may do.
"""

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Locality, Team, User
from accounts.permissions import teams_with
from tracker.choices import RowState
from tracker.dashboard.reading import DashboardList, Row
from tracker.fields import FIELDS, FROM_THE_DASHBOARD
from tracker.models import Case, Outcome, TeamLog, TrackerRow
from tracker.workbook.reading import Message
from tracker.workbook.words import loose_name, loose_pin

Counted = Literal["added", "changed", "unchanged", "held_back"]
NOTHING, ADD, CLOSE, MOVE, REOPEN = "nothing", "add", "close", "move", "reopen"
NAME, PIN, MEETING = "name", "pin", "meeting"
# The permission that each act takes, beside that to import.
PERMISSION = {
    ADD: "add_row",
    CLOSE: "close_row",
    MOVE: "move_row",
    REOPEN: "reopen_row",
    NAME: "edit_row",
    PIN: "edit_row",
    MEETING: "edit_row",
}
FACTS = tuple(field.key for field in FROM_THE_DASHBOARD)
LISTS = (
    "on_both",
    "new_on_dashboard",
    "open_on_tracker_not_on_dashboard",
    "on_tracker_but_dashboard_says_other_team",
    "closed_on_tracker_still_on_dashboard",
    "name_differs",
)


class Kind(StrEnum):
    """What was found about one case, in the order in which a page tells it."""

    NEW = "new"
    GONE = "gone"
    OTHER = "other"
    CLOSED = "closed"
    RENAMED = "name"
    MEETING = "meeting"


@dataclass(frozen=True)
class Choice:
    """One thing that may be done: its act, the team or outcome it is about, and how a page calls it."""

    act: str
    label: str
    team: int | None = None
    outcome: int | None = None

    @property
    def value(self) -> str:
        """How a form names it."""
        about = self.team or self.outcome
        return f"{self.act}-{about}" if about else self.act


@dataclass(frozen=True)
class Finding:
    """One case of which list and tracker say different things.

    `mine` is the row here, `row` the row of the list; `team` whose tracker it is about, `to` the team
    that the list names. Where nothing may be done, `choices` has one and `why` says it.
    """

    kind: Kind
    row: Row | None
    mine: TrackerRow | None
    team: Team | None
    to: Team | None
    choices: tuple[Choice, ...]
    chosen: str = NOTHING
    why: str = ""
    case: Case | None = None

    @property
    def key(self) -> str:
        """How a form names it."""
        if self.mine and self.kind is not Kind.NEW:
            return f"{self.kind}-{self.mine.pk}"
        return f"{self.kind}-line{self.row.row if self.row else 0}"

    @property
    def pin(self) -> str:
        """Its PIN, ours where there is one."""
        return (self.mine.pin if self.mine else "") or (self.row.pin if self.row else "") or ""

    @property
    def person(self) -> str:
        """Its person, as here or else as in the list."""
        return (self.mine.person if self.mine else "") or (self.row.name if self.row else "") or ""

    def choice(self, value: str) -> Choice | None:
        """The choice that a form named; None for one that is not offered."""
        return next((one for one in self.choices if one.value == value), None)


@dataclass(frozen=True)
class Fact:
    """One case of which the list says otherwise what only the list says: field → value."""

    mine: TrackerRow
    row: Row
    team: Team
    values: Mapping[str, object]

    @property
    def told(self) -> list[tuple[str, object, object]]:
        """Each with its label, what is kept here and what the list says."""
        return [(FIELDS[key].label, getattr(self.mine.case, key), new) for key, new in self.values.items()]


@dataclass
class TeamLists:
    """What the list and one team's tracker say of each other, as PINs."""

    team: Team
    pins: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in LISTS})


@dataclass
class Comparison:
    """The whole comparison, as things stood at the numbers `heads` of the teams' logs."""

    locality: Locality
    heads: Mapping[int, int]
    teams: list[TeamLists]
    findings: list[Finding]
    facts: list[Fact]
    messages: list[Message]
    elsewhere: dict[str, int]
    counted: dict[int, Counted]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of the list fall under each of the four, if new cases and facts are taken over."""
        outcomes: tuple[Counted, ...] = ("added", "changed", "unchanged", "held_back")
        found = list(self.counted.values())
        return {outcome: found.count(outcome) for outcome in outcomes}

    def of(self, kind: Kind) -> list[Finding]:
        """The findings of one kind."""
        return [one for one in self.findings if one.kind == kind]

    @property
    def digest(self) -> str:
        """Differs where anything that a page offered differs."""
        told = [
            [one.key, one.mine.row_rev if one.mine else 0, [choice.value for choice in one.choices]]
            for one in self.findings
        ]
        facts = [[one.mine.pk, {k: str(v) for k, v in one.values.items()}] for one in self.facts]
        return hashlib.sha256(json.dumps([told, facts]).encode()).hexdigest()

    def told(self) -> list[dict[str, object]]:
        """One object for each team, as the contract has it."""
        return [{"team": one.team.name, **one.pins} for one in self.teams]


def compare(reading: DashboardList, *, locality: Locality, by: User | None) -> Comparison:
    """What the list and the locality's trackers say of each other. `by` is None for the command line."""
    return _Comparing(reading, locality, by).compare()


def usual_pin_width(locality: Locality) -> int | None:
    """How many digits the PINs of the locality's cases have; 0 where that varies, None without cases."""
    pins = Case.objects.filter(locality=locality, pin__gt="").values_list("pin", flat=True)
    digits = [pin for pin in pins if pin.isascii() and pin.isdigit()]
    if not digits:
        return None
    widths = [len(pin) for pin in digits]
    usual = max(set(widths), key=widths.count)
    return usual if len(set(widths)) == 1 or any(pin.startswith("0") for pin in digits) else 0


class _Comparing:
    """One list on its way through one locality."""

    def __init__(self, reading: DashboardList, locality: Locality, by: User | None) -> None:
        self.reading, self.locality, self.today = reading, locality, timezone.localdate()
        every = list(Team.objects.filter(locality=locality).select_related("locality").order_by("name"))
        self.every = {team.pk for team in every}
        self.working = {team.pk for team in every if not team.closed_at}
        self.seen = self._with(by, "view_tracker")
        self.teams = [team for team in every if team.pk in self.seen]
        # Numbers before rows: whoever carries it out checks that they still stand.
        self.heads = TeamLog.heads_of(team.pk for team in self.teams)
        self.may_import = self._with(by, "import_rows")
        self.may = {
            act: self._with(by, permission) & self.may_import for act, permission in PERMISSION.items()
        }
        self.by_name = {_squashed(team.name): team for team in self.teams}
        self.by_id = {team.pk: team for team in self.teams}
        self.lists = {team.pk: TeamLists(team) for team in self.teams}
        self._read_rows()
        self.messages: list[Message] = []
        self.elsewhere: dict[str, int] = {}
        self.findings: list[Finding] = []
        self.facts: list[Fact] = []
        self.counted: dict[int, Counted] = {}

    def _with(self, by: User | None, permission: str) -> set[int]:
        """On which teams of the locality the person holds the permission; the command line on all."""
        if by is None:
            return self.every if permission == "view_tracker" else self.working
        held = teams_with(by, permission).filter(locality=self.locality)
        return set(held.values_list("pk", flat=True))

    def _read_rows(self) -> None:
        rows = TrackerRow.objects.filter(case__locality=self.locality).select_related("case", "team")
        opened = list(rows.open())
        self.open = [row for row in opened if row.team_id in self.seen]
        self.open_by_pin = {row.pin: row for row in opened if row.pin}
        self.open_loosely: dict[str, list[TrackerRow]] = defaultdict(list)
        for row in opened:
            if row.pin:
                self.open_loosely[loose_pin(row.pin)].append(row)
        self.without_pin: dict[str, list[TrackerRow]] = defaultdict(list)
        for row in self.open:
            if not row.pin:
                self.without_pin[loose_name(row.person)].append(row)
        is_open = TrackerRow.objects.open().filter(case=OuterRef("case"))
        closed = rows.closed().filter(~Exists(is_open), case__pin__gt="").select_related("outcome")
        self.closed = {row.pin: row for row in closed.order_by("closed_at", "pk")}
        on_no_list = Case.objects.filter(locality=self.locality, pin__gt="").exclude(
            Exists(TrackerRow.objects.filter(case=OuterRef("pk")).exclude(state=RowState.REMOVED))
        )
        self.left = {case.pin: case for case in on_no_list}

    def compare(self) -> Comparison:
        self.outcomes = list(Outcome.objects.choosable().exclude(code="moved"))
        met: set[int] = set()
        self.checked: dict[int, Row] = {}
        for row in self.reading.rows:
            mine = self._mine(row)
            if row.check and mine:
                self.checked[mine.pk] = row
            elif mine:
                met.add(mine.pk)
            self.counted[row.row] = self._look(row, mine) if row.counts else "held_back"
        named = self._teams_of_the_list(met)
        for one in self.open:
            if one.pin and one.pk not in met:
                self._gone(one, named)
        self._tell_of_teams_left_out(named)
        self._tell_of_elsewhere()
        order = list(Kind)
        self.findings.sort(key=lambda one: (order.index(one.kind), one.team.name if one.team else ""))
        for lists in self.lists.values():
            for pins in lists.pins.values():
                pins.sort()
        return Comparison(
            self.locality,
            self.heads,
            list(self.lists.values()),
            self.findings,
            self.facts,
            sorted([*self.reading.messages, *self.messages], key=lambda one: one.row or 0),
            self.elsewhere,
            self.counted,
        )

    def _mine(self, row: Row) -> TrackerRow | None:
        """The open row of the locality that has the list's PIN; one that only lost zeros counts."""
        if not row.pin:
            return None
        alike = self.open_loosely.get(loose_pin(row.pin), [])
        return self.open_by_pin.get(row.pin) or (alike[0] if len(alike) == 1 else None)

    def _to(self, row: Row) -> Team | None:
        """The team of the locality that the list names."""
        return self.by_name.get(_squashed(row.team or ""))

    def _look(self, row: Row, mine: TrackerRow | None) -> Counted:
        """Puts one row of the list where it belongs; answers under which count."""
        to = self._to(row)
        if to and not (mine and mine.team_id == to.pk):
            self._not_open_there(row, to)
        if mine is None:
            return self._not_open(row, to)
        if mine.team_id not in self.seen:
            return "held_back"
        team = self.by_id[mine.team_id]
        changed = self._fact(row, mine, team)
        self._meeting(row, mine, team)
        if to is not team and row.team:
            self._other(row, mine, team, to)
        else:
            self._both(row, mine, team)
        return changed

    def _not_open_there(self, row: Row, to: Team) -> None:
        """For the team that the list names: the case is closed on its tracker, or is not on it."""
        closed = self.closed.get(row.pin or "")
        if closed is None or closed.team_id != to.pk:
            self.lists[to.pk].pins["new_on_dashboard"].append(row.pin or "")

    def _both(self, row: Row, mine: TrackerRow, team: Team) -> None:
        pins = self.lists[team.pk].pins
        pins["on_both"].append(mine.pin)
        if row.name and loose_name(row.name) != loose_name(mine.person):
            pins["name_differs"].append(mine.pin)
            self._find(Kind.RENAMED, row, mine, team, team, [Choice(NAME, f"Write “{row.name}” here")])

    def _other(self, row: Row, mine: TrackerRow, team: Team, to: Team | None) -> None:
        self.lists[team.pk].pins["on_tracker_but_dashboard_says_other_team"].append(mine.pin)
        choices, why = [], ""
        if to is None:
            why = f"{row.team} is not a team of {self.locality}: an officer moves the case there."
        elif to.closed_at:
            why = f"{to} is closed: a performance officer can say which team has its cases now."
        elif team.pk in self.may[MOVE]:
            choices = [Choice(MOVE, f"Move to {to}", team=to.pk)]
        self._find(Kind.OTHER, row, mine, team, to, choices, why)

    def _meeting(self, row: Row, mine: TrackerRow, team: Team) -> None:
        """Proposes the list's next CIN meeting to a row without one, or with an earlier one."""
        day = row.next_meeting
        if day is None or (mine.next_meeting and mine.next_meeting >= day):
            return
        choice = Choice(MEETING, f"Write {day:%d/%m/%y} here")
        offered = team.pk in self.may[MEETING]
        # A day that has passed is hardly the next meeting: it is told, and somebody decides.
        chosen = choice.value if offered and day >= self.today else NOTHING
        why = "That day has passed." if day < self.today else ""
        self._find(Kind.MEETING, row, mine, team, team, [choice], why, chosen=chosen)

    def _teams_of_the_list(self, met: set[int]) -> set[int]:
        """The teams that the list is about: a list of one team says nothing of the others' cases."""
        named = {to.pk for row in self.reading.rows if (to := self._to(row))}
        return named | {one.team_id for one in self.open if one.pk in met}

    def _gone(self, mine: TrackerRow, named: set[int]) -> None:
        team = self.by_id[mine.team_id]
        self.lists[team.pk].pins["open_on_tracker_not_on_dashboard"].append(mine.pin)
        if team.pk not in named:
            return
        choices = [Choice(CLOSE, f"Close: {one}", outcome=one.pk) for one in self.outcomes]
        row = self.checked.get(mine.pk)
        why = f"The list has the case as “{row.check}”." if row else ""
        self._find(Kind.GONE, row, mine, team, None, choices, why)

    def _not_open(self, row: Row, to: Team | None) -> Counted:
        """A row of the list whose case is open nowhere in the locality."""
        closed = self.closed.get(row.pin or "")
        if closed and closed.team_id in self.seen:
            return self._closed(row, closed, to)
        if closed:
            return "held_back"
        if to is None and row.team:
            self.elsewhere[row.team] = self.elsewhere.get(row.team, 0) + 1
            return "held_back"
        return self._new(row, to)

    def _closed(self, row: Row, closed: TrackerRow, to: Team | None) -> Counted:
        team = self.by_id[closed.team_id]
        self.lists[team.pk].pins["closed_on_tracker_still_on_dashboard"].append(closed.pin)
        choices = [Choice(REOPEN, f"Reopen on {team}")] if team.pk in self.may[REOPEN] else []
        if to and to is not team and to.pk in self.may[ADD]:
            choices.append(Choice(ADD, f"Add to {to}", team=to.pk))
        self._find(Kind.CLOSED, row, closed, team, to, choices, case=closed.case)
        return "held_back"

    def _new(self, row: Row, to: Team | None) -> Counted:
        teams = [to] if to else [] if row.team else self.teams
        choices = [Choice(ADD, f"Add to {one}", team=one.pk) for one in teams if one.pk in self.may[ADD]]
        if not row.name:
            self._find(Kind.NEW, row, None, to, to, [], "The list has no name, and a case needs one.")
            return "held_back"
        namesakes = self.without_pin.get(loose_name(row.name), [])
        chosen = choices[0].value if choices and to and not namesakes else NOTHING
        case = self.left.get(row.pin or "")
        if len(namesakes) == 1:
            mine = namesakes[0]
            team = self.by_id[mine.team_id]
            why = f"{mine.person} is on the tracker of {team} without a PIN."
            if team.pk in self.may[PIN]:
                choices.insert(0, Choice(PIN, f"Write {row.pin} there", team=team.pk))
            self._find(Kind.NEW, row, mine, team, to, choices, why, case=case)
        else:
            self._find(Kind.NEW, row, None, to, to, choices, case=case, chosen=chosen)
        return "added" if chosen != NOTHING else "held_back"

    def _find(
        self,
        kind: Kind,
        row: Row | None,
        mine: TrackerRow | None,
        team: Team | None,
        to: Team | None,
        choices: Sequence[Choice],
        why: str = "",
        *,
        case: Case | None = None,
        chosen: str = NOTHING,
    ) -> None:
        """Adds a finding; acts on the row's own team that the person may not do there are not offered."""
        here = team.pk if team else 0
        offered = [
            one for one in choices if one.act not in (CLOSE, NAME, MEETING) or here in self.may[one.act]
        ]
        if choices and not offered and not why:
            why = "Its own team's coordinator or manager can do this."
        nothing = Choice(NOTHING, "Leave it")
        self.findings.append(Finding(kind, row, mine, team, to, (nothing, *offered), chosen, why, case))

    def _fact(self, row: Row, mine: TrackerRow, team: Team) -> Counted:
        """What the list has otherwise about the case; a blank takes away only the worker."""
        values = {key: getattr(row, key) or "" for key in FACTS if key in self.reading.columns}
        blank = {key for key, value in values.items() if not value and key != "allocated_worker"}
        new = {
            key: value
            for key, value in values.items()
            if key not in blank and value != (getattr(mine.case, key) or "")
        }
        if not new or team.pk not in self.may_import:
            return "unchanged"
        self.facts.append(Fact(mine, row, team, new))
        return "changed"

    def _tell_of_teams_left_out(self, named: set[int]) -> None:
        """Says of which teams the list has nothing: their cases are not called gone."""
        head, column = self.reading.header_row, self.reading.columns.get("team", "A")
        for team in self.teams:
            number = sum(1 for one in self.open if one.team_id == team.pk)
            if number and team.pk not in named:
                cases = "its open case is" if number == 1 else f"its {number} open cases are"
                text = f"{column}{head} heads no case of {team}: {cases} not compared."
                self.messages.append(Message(self._cell(column, head), "info", text, "team_left_out", head))

    def _cell(self, column: str, row: int) -> str:
        place = f"{column}{row}"
        return f"{self.reading.sheet}!{place}" if self.reading.sheet is not None else place

    def _tell_of_elsewhere(self) -> None:
        """One message for each team of the list that is none of this locality's."""
        first: dict[str, Row] = {}
        for row in self.reading.rows:
            if row.team in self.elsewhere:
                first.setdefault(row.team, row)
        column = self.reading.columns.get("team", "A")
        for team, row in first.items():
            place = f"{column}{row.row}"
            number = self.elsewhere[team]
            text = (
                f"{place} (Team) says “{team}”, which is not a team of {self.locality} "
                f"({number} row{'' if number == 1 else 's'}): not compared."
            )
            self.messages.append(
                Message(self._cell(column, row.row), "info", text, "team_elsewhere", row.row)
            )


def _squashed(team: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", team).casefold())
