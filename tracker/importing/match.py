"""Which row here a row of the file is: by the row's number in an export, by PIN, or by person where
both lack a PIN. What cannot be told for certain, or must not be told twice, is held back (ADR 0013).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import Team, User
from accounts.permissions import teams_with
from tracker.choices import RowState, Stage
from tracker.importing.decisions import AS_NEW, REOPENED
from tracker.models import Case, TrackerRow
from tracker.workbook.dates import show
from tracker.workbook.reading import Row
from tracker.workbook.words import loose_name, loose_pin

# PINs and rows asked for in one statement: databases bound how many values one may carry.
AT_ONCE = 500
# Rows among which a person chooses the one that a row of the file is.
ALIKE = 20


@dataclass(frozen=True)
class Match:
    """What a row of the file is here: an open row, a case without an open row, nothing, or held back.

    `key` is the field at which the reason is told; `done` is a closed row that is closed in the file too.
    `alike` are rows that a person may say it is, `closed` one that may be reopened for it; `reopens` says
    that the row is such a one.
    """

    row: TrackerRow | None = None
    case: Case | None = None
    done: bool = False
    held_back: str = ""
    key: str = "pin"
    alike: tuple[TrackerRow, ...] = ()
    reopens: bool = False
    may_be_new: bool = False
    closed: TrackerRow | None = None


class Register:
    """The rows and cases that a file's rows may be: those of the team, and of its locality by PIN."""

    def __init__(self, team: Team, pins: Iterable[str], refs: Iterable[int], by: User | None) -> None:
        self.team = team
        open_rows = TrackerRow.objects.open().filter(team=team)
        self.open = list(open_rows.select_related("case", "needed", "difficulty"))
        self.seen = None if by is None else set(teams_with(by, "view_tracker").values_list("pk", flat=True))
        self._by_id = {row.pk: row for row in self.open}
        self._gone = {row.pk: row for row in _gone(team, sorted(set(refs) - self._by_id.keys()))}
        self._by_pin = {row.pin: row for row in self.open if row.pin}
        elsewhere = {pin for pin in pins if pin} - self._by_pin.keys()
        self._cases = {case.pin: case for case in _cases(team, sorted(elsewhere))}
        self._by_loose_pin = {loose_pin(row.pin): row for row in self.open if row.pin}
        self._without_pin: dict[str, list[TrackerRow]] = {}
        for row in self.open:
            if not row.pin:
                self._without_pin.setdefault(loose_name(row.person), []).append(row)
        closed = TrackerRow.objects.closed().kept().filter(team=team, case__pin="").select_related("case")
        self._closed_without_pin = {loose_name(row.person): row for row in closed}
        self._by_name = {loose_name(row.person): row for row in self.open}
        self._taken: dict[int, int] = {}

    def match(self, line: Row, pin: str, *, ours: bool, which: str = "") -> Match:
        """What the row of the file is. `ours` where the file is an export of this team.

        `which` is what a person said it is, if anybody was asked. A row here is given once: a second row
        of the file that is the same one is held back.
        """
        found = self._settled(self._match(line, pin, ours=ours), which)
        if found.row is None:
            return found
        earlier = self._taken.setdefault(found.row.pk, line.row)
        if earlier != line.row:
            return Match(held_back=f"is the same case as row {earlier}")
        return found

    @staticmethod
    def _settled(found: Match, which: str) -> Match:
        """The match after what a person said, where that is one of the answers that it allows."""
        said = next((row for row in found.alike if str(row.pk) == which), None)
        if said is not None:
            return replace(found, row=said, held_back="")
        if which == AS_NEW and found.may_be_new:
            return replace(found, held_back="")
        if which == REOPENED and found.closed:
            return replace(found, row=found.closed, held_back="", reopens=True)
        return found

    def pin_is_free(self, pin: str, row: TrackerRow) -> bool:
        """Whether this row may be given this PIN."""
        case = self._by_pin[pin].case if pin in self._by_pin else self._cases.get(pin)
        return case is None or case.pk == row.case_id

    def _match(self, line: Row, pin: str, *, ours: bool) -> Match:
        if ours and line.ref:
            known = self._by_ref(line.ref.row_id, line)
            if known:
                return known
        if pin:
            return self._by_its_pin(line, pin, ours=ours)
        return self._by_person(line)

    def _by_ref(self, row_id: int, line: Row) -> Match | None:
        if row_id in self._by_id:
            return Match(self._by_id[row_id])
        gone = self._gone.get(row_id)
        if gone is None:
            return None
        if gone.state == RowState.CLOSED:
            return self._closed_here(gone, line)
        return Match(held_back="was removed here since the export: restore it, then import again")

    def _by_its_pin(self, line: Row, pin: str, *, ours: bool) -> Match:
        if pin in self._by_pin:
            return Match(self._by_pin[pin])
        case = self._cases.get(pin)
        if case is not None:
            return self._of_case(case, line)
        alike = None if ours else self._by_loose_pin.get(loose_pin(pin))
        if alike is not None:
            return Match(
                held_back=f"is almost the PIN {alike.pin} that is on the tracker: correct one of them",
                alike=(alike,),
                may_be_new=True,
            )
        namesake = self._without_pin.get(loose_name(line.person or ""))
        if namesake:
            return Match(
                held_back=f"is the PIN of {line.person}, who is on the tracker without one: "
                "set the PIN there, then import again",
                alike=tuple(namesake[:ALIKE]),
                may_be_new=True,
            )
        return Match()

    def _of_case(self, case: Case, line: Row) -> Match:
        """A case of the locality that is not open here."""
        rows = [row for row in case.rows.all() if row.state != RowState.REMOVED]
        for row in rows:
            if row.state == RowState.OPEN:
                return Match(held_back=f"is open {self._place(row)}: move the case here, then import again")
        if not rows:
            return Match(case=case)
        here = [row for row in rows if row.team_id == self.team.pk]
        if here:
            return self._closed_here(here[-1], line)
        last = max(rows, key=lambda row: row.pk)
        return Match(held_back=f"is in the Closed list {self._place(last)}: reopen or move the case there")

    def _by_person(self, line: Row) -> Match:
        name = loose_name(line.person or "")
        alike = self._without_pin.get(name, [])
        if len(alike) > 1:
            told = f"is {line.person}, and {len(alike)} cases here are called so and have no PIN"
            return Match(
                held_back=f"{told}: give them their PINs",
                key="person",
                alike=tuple(alike[:ALIKE]),
                may_be_new=True,
            )
        if alike:
            return Match(alike[0])
        if name in self._by_name:
            pin = self._by_name[name].pin
            told = f"is blank, and {line.person} is on the tracker with the PIN {pin}"
            return Match(
                held_back=f"{told}: if that is the same child, write the PIN into the file",
                alike=(self._by_name[name],),
                may_be_new=True,
            )
        if name in self._closed_without_pin:
            return self._closed_here(self._closed_without_pin[name], line)
        return Match()

    def _closed_here(self, row: TrackerRow, line: Row) -> Match:
        if line.stage == Stage.CLOSED.label:
            return Match(done=True)
        when = show(timezone.localtime(row.closed_at).date()) if row.closed_at else ""
        told = f"was closed here on {when} and is open in the file"
        return Match(
            held_back=f"{told}: reopen it, then import again",
            closed=row,
        )

    def _place(self, row: TrackerRow) -> str:
        """Where a row stands, as far as the person may see it."""
        if self.seen is None or row.team_id in self.seen:
            return f"on {row.team}"
        return "on another tracker of this locality"


def _cases(team: Team, pins: Sequence[str]) -> Iterator[Case]:
    rows = Prefetch("rows", TrackerRow.objects.select_related("team").order_by("pk"))
    for start in range(0, len(pins), AT_ONCE):
        asked = pins[start : start + AT_ONCE]
        yield from Case.objects.filter(locality=team.locality_id, pin__in=asked).prefetch_related(rows)


def _gone(team: Team, row_ids: Sequence[int]) -> Iterator[TrackerRow]:
    for start in range(0, len(row_ids), AT_ONCE):
        asked = row_ids[start : start + AT_ONCE]
        yield from TrackerRow.objects.kept().filter(team=team, pk__in=asked).select_related("case")
