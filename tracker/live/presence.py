"""Who is where: reports of open pages, kept in the reader's memory for as long as they are fresh.

Ids, field keys and a mode travel here; names are asked for by the page, under its own rights.
"""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from accounts.models import User

# A page reports every 15 seconds; one that has not for this long has gone (specs: concurrency 4.6).
GONE_AFTER = 40.0


class Screen(StrEnum):
    """What the page is, where it is not simply somebody's tracker."""

    TRACKER = "tracker"
    MEETING = "meeting"
    SEEN_AS = "seen-as"


class Mode(StrEnum):
    """What somebody does on the page."""

    HERE = "here"
    TYPING = "typing"
    IDLE = "idle"
    AWAY = "away"
    GONE = "gone"


@dataclass(frozen=True)
class Presence:
    """One page of one person: on which cell it stands (row 0 and no field: on none), and what they do.

    An officer who sees the page as somebody else is there as themselves, under a label of their own.
    """

    team: int
    person: int
    tab: str
    row: int
    field: str
    mode: Mode
    screen: Screen = Screen.TRACKER

    @property
    def words(self) -> str:
        """The report as the doorbell carries it."""
        where = f"{self.row} {self.field or '-'}"
        return f"presence {self.team} {self.person} {self.tab} {where} {self.mode} {self.screen}"

    @property
    def told(self) -> dict[str, Any]:
        """The report as the stream tells it."""
        return asdict(self)


def read_report(team: int, person: User, sent: dict[str, str]) -> Presence | None:
    """The report that a page sent (tab, row, field, mode, screen); None where it is none."""
    tab, row, field = sent.get("tab", ""), sent.get("row", "") or "0", sent.get("field", "")
    fits = (
        re.fullmatch(r"[0-9a-f-]{1,36}", tab)
        and re.fullmatch(r"[0-9]{1,18}", row)
        and re.fullmatch(r"[a-z_0-9]{0,20}", field)
        and sent.get("mode") in list(Mode)
    )
    if not fits:
        return None
    screen = Screen.MEETING if sent.get("screen") == Screen.MEETING else Screen.TRACKER
    if person.seen_by:
        person, screen = person.seen_by, Screen.SEEN_AS
    return Presence(team, person.pk, tab, int(row), field, Mode(sent["mode"]), screen)


def heard_report(words: list[str]) -> Presence:
    """The report out of a ring's words, without the first."""
    team, person, tab, row, field, mode, *screen = words
    field = "" if field == "-" else field
    # A process that is older than this one says nothing of its screens.
    return Presence(int(team), int(person), tab, int(row), field, Mode(mode), *map(Screen, screen))


class Present:
    """The fresh reports, one for each page. For one thread."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, str], tuple[Presence, float]] = {}

    def note(self, report: Presence, now: float) -> None:
        """Keeps the report, or forgets a page that says it is going."""
        key = (report.person, report.tab)
        if report.mode == Mode.GONE:
            self._seen.pop(key, None)
        else:
            self._seen[key] = (report, now)

    def on(self, teams: set[int], now: float) -> list[Presence]:
        """Who is on these teams' trackers."""
        fresh = {key: pair for key, pair in self._seen.items() if now - pair[1] <= GONE_AFTER}
        self._seen = fresh
        return [report for report, _ in fresh.values() if report.team in teams]
