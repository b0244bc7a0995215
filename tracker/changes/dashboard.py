"""Bringing the dashboard's list in as one act over several trackers: what was chosen, all of it or nothing.

What differs and what may be chosen is found by tracker/dashboard/compare.py (ADR 0022).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import IntegrityError

from accounts import audit
from accounts.models import AuditEvent, Team, User
from accounts.permissions import require
from tracker.changes.act import Act, Answer, acting, answered_once
from tracker.changes.bulk import TrackerMoved
from tracker.changes.lifecycle import MOVED, close, next_row, reopen, take_over_case
from tracker.changes.refusals import Invalid
from tracker.choices import ChangeKind, Stage
from tracker.dashboard.compare import (
    ADD,
    CLOSE,
    FACTS,
    MEETING,
    MOVE,
    NAME,
    NOTHING,
    PERMISSION,
    PIN,
    REOPEN,
    Choice,
    Comparison,
    Fact,
    Finding,
)
from tracker.dashboard.reading import Row
from tracker.models import Case, Change, Outcome, TeamLog, TrackerRow

# The kind of the act, by which its own page and undo know it.
DASHBOARD = "dashboard"
Chosen = list[tuple[Finding, Choice]]


def bring_in(
    *, found: Comparison, chosen: Mapping[str, str], facts: bool, by: User | None, op: UUID | None = None
) -> Answer:
    """Does for each finding what was chosen, by its key, and takes over what the list says of the cases.

    One act that can be undone; answers with how many of each were done. Raises `TrackerMoved` where the
    comparison is not of this moment any more, `Invalid` for a choice that was not offered, and `Refused`
    without the right to it on each of the teams.
    """
    acts = _acts(found, chosen)
    taken = found.facts if facts else []
    teams = _teams(found, acts, taken)
    if not teams:
        return Answer("same")
    if by:
        for team, permission in {*teams_and_rights(found, acts), *((f.team, "import_rows") for f in taken)}:
            require(by, team, permission)
    try:
        return _bring_in(found=found, teams=teams, acts=acts, facts=taken, by=by, op=op)
    except IntegrityError:
        # Another locality's officer or another tab was quicker with one of the PINs.
        raise TrackerMoved from None


@answered_once
def _bring_in(
    *,
    found: Comparison,
    teams: Sequence[Team],
    acts: Chosen,
    facts: Sequence[Fact],
    by: User | None,
    op: UUID | None,
) -> Answer:
    with acting(DASHBOARD, teams=teams, by=by, op=op) as act:
        heads = TeamLog.heads_of(team.pk for team in teams)
        # The act has taken one number of each already.
        if any(heads[team.pk] != found.heads[team.pk] + 1 for team in teams):
            raise TrackerMoved
        counts = _BringingIn(act, found, acts, facts).run()
        act.answer = Answer("saved", counts=counts)
        audit.record(
            AuditEvent.Kind.IMPORT,
            by=by,
            purpose="import dashboard list",
            locality=found.locality,
            row_ids=sorted({change.row_id for change in act.changes if change.row_id}),
            counts=counts,
        )
    return act.answer


def _acts(found: Comparison, chosen: Mapping[str, str]) -> Chosen:
    acts: Chosen = []
    for finding in found.findings:
        value = chosen.get(finding.key, NOTHING)
        choice = finding.choice(value)
        if choice is None:
            raise Invalid("This cannot be done with the case. Look at the list again.")
        if choice.act != NOTHING:
            acts.append((finding, choice))
    return acts


def teams_and_rights(found: Comparison, acts: Chosen) -> set[tuple[Team, str]]:
    """On which team each act takes which permission; to import is one on every team that it changes."""
    by_id = {one.team.pk: one.team for one in found.teams}
    needed: set[tuple[Team, str]] = set()
    for finding, choice in acts:
        team = by_id[choice.team] if choice.act == ADD and choice.team else finding.team
        if team is not None:
            needed |= {(team, PERMISSION[choice.act]), (team, "import_rows")}
    return needed


def _teams(found: Comparison, acts: Chosen, facts: Sequence[Fact]) -> list[Team]:
    """The teams whose logs the act writes."""
    by_id = {one.team.pk: one.team for one in found.teams}
    ids = {team.pk for team, _ in teams_and_rights(found, acts)} | {fact.team.pk for fact in facts}
    ids |= {choice.team for _, choice in acts if choice.team}
    return [by_id[pk] for pk in sorted(ids)]


class _BringingIn:
    """One comparison's choices on their way onto the trackers, within an act."""

    def __init__(self, act: Act, found: Comparison, acts: Chosen, facts: Sequence[Fact]) -> None:
        self.act, self.acts, self.facts = act, acts, facts
        self.teams = {one.team.pk: one.team for one in found.teams}
        ids = {finding.mine.pk for finding, _ in acts if finding.mine} | {fact.mine.pk for fact in facts}
        numbers = sorted(ids)
        self.rows = dict(zip(numbers, act.rows(numbers, state=None), strict=True))

    def run(self) -> dict[str, int]:
        """What is written in rows goes first, then what leaves a tracker: a case has one open row."""
        self._facts()
        self._meetings()
        self._close()
        self._move()
        self._reopen()
        self._add()
        for finding, choice in self._of(NAME, PIN):
            self._write(finding, choice)
        told = [choice.act for _, choice in self.acts]
        return {act: told.count(act) for act in PERMISSION} | {"facts": len(self.facts)}

    def _of(self, *acts: str) -> Chosen:
        return [(finding, choice) for finding, choice in self.acts if choice.act in acts]

    def _mine(self, finding: Finding) -> TrackerRow:
        if finding.mine is None:
            raise TrackerMoved
        return self.rows[finding.mine.pk]

    def _close(self) -> None:
        outcomes = {one.pk: one for one in Outcome.objects.choosable()}
        for finding, choice in self._of(CLOSE):
            close(self.act, self._mine(finding), outcomes[choice.outcome or 0])

    def _move(self) -> None:
        moving = self._of(MOVE)
        if not moving:
            return
        moved = Outcome.objects.get(code=MOVED)
        stages = {}
        for finding, _ in moving:
            row = self._mine(finding)
            stages[row.pk] = row.stage
            close(self.act, row, moved)
        self.act.write()
        by_team: dict[int, list[TrackerRow]] = {}
        for finding, choice in moving:
            row, to = self._mine(finding), self.teams[choice.team or 0]
            by_team.setdefault(to.pk, []).append(next_row(self.act, row, to, stages[row.pk]))
        for team, rows in by_team.items():
            self.act.add(self.teams[team], rows)

    def _reopen(self) -> None:
        rows = [self._mine(finding) for finding, _ in self._of(REOPEN)]
        if not rows:
            return
        take_over_case(self.act, rows, self.teams)
        closings = Change.objects.filter(row__in=rows, kind=ChangeKind.CLOSE).order_by("row_rev")
        stages = {change.row_id: change.old for change in closings}
        for row in rows:
            reopen(self.act, row, stages.get(row.pk, ""))

    def _add(self) -> None:
        by_team: dict[int, list[TrackerRow]] = {}
        for finding, choice in self._of(ADD):
            if finding.row is not None:
                case = self._case(finding, finding.row, self.teams[choice.team or 0])
                row = TrackerRow(case=case, stage=Stage.AWAITING, next_meeting=finding.row.next_meeting)
                by_team.setdefault(choice.team or 0, []).append(row)
        for team, rows in by_team.items():
            self.act.add(self.teams[team], rows)

    def _case(self, finding: Finding, row: Row, team: Team) -> Case:
        """The case of a row that is added: one that is known by its PIN, or a new one."""
        case = finding.case or Case(locality_id=team.locality_id, pin=row.pin or "")
        if not finding.case:
            case.person = row.name or ""
        for key in FACTS:
            setattr(case, key, getattr(row, key) or getattr(case, key))
        if finding.case:
            self.act.touch_case(case, *FACTS)
        return case

    def _write(self, finding: Finding, choice: Choice) -> None:
        key = "person" if choice.act == NAME else "pin"
        text = (finding.row and (finding.row.name if key == "person" else finding.row.pin)) or ""
        self.act.set(self._mine(finding), key, text, text)

    def _meetings(self) -> None:
        for finding, _ in self._of(MEETING):
            day = finding.row.next_meeting if finding.row else None
            if day is None:
                raise TrackerMoved
            self.act.set(self._mine(finding), "next_meeting", day.isoformat(), day)

    def _facts(self) -> None:
        for fact in self.facts:
            for key, value in fact.values.items():
                raw = value.isoformat() if isinstance(value, date) else str(value)
                self.act.set(self.rows[fact.mine.pk], key, raw, value)
