"""The comparison as its page tells it: one section for each kind of finding, its cases, the choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.dashboard.compare import (
    ADD,
    CLOSE,
    MEETING,
    MOVE,
    NAME,
    NOTHING,
    REOPEN,
    Comparison,
    Finding,
    Kind,
)
from tracker.dashboard.reading import DashboardList
from tracker.workbook.reading import Message

# A form of more choices is nobody's to go through: then one choice is made for all of the kind.
MOST_SINGLE = 150
MOST_TOLD = 100
CHOICE, ALL = "do-", "all-"


@dataclass(frozen=True)
class Words:
    """How a kind is called, what it means, and what is done where all of it is done at once."""

    title: str
    means: str
    act: str
    all: str


WORDS = {
    Kind.NEW: Words(
        "New here",
        "On the list and on no tracker. Added at the stage Awaiting first CIN meeting.",
        ADD,
        "Add each to its team",
    ),
    Kind.GONE: Words("Gone from there", "Open here and not on the list. Has the plan ended?", CLOSE, ""),
    Kind.OTHER: Words(
        "Other team there",
        "Open on one team’s tracker; the list has another team.",
        MOVE,
        "Move each to its team",
    ),
    Kind.CLOSED: Words(
        "Closed here, open there", "In the Closed list here, and on the list.", REOPEN, "Reopen each"
    ),
    Kind.RENAMED: Words(
        "Name differs", "The same PIN with another name on the list.", NAME, "Write the list’s name for each"
    ),
    Kind.MEETING: Words(
        "Next CIN meeting",
        "The tracker has no date, or an earlier one. The list’s date is written where you choose it.",
        MEETING,
        "Write the list’s date for each",
    ),
}


@dataclass(frozen=True)
class Line:
    """One finding, with what is chosen about it."""

    finding: Finding
    name: str
    chosen: str


@dataclass(frozen=True)
class Section:
    """The findings of one kind. `at_once` where one choice is made for all; `more` are not listed then."""

    kind: Kind
    words: Words
    lines: list[Line]
    total: int
    at_once: bool
    name: str
    chosen: str

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Preview:
    """Everything that the page tells."""

    sections: list[Section]
    check: list[Message]
    more_to_check: int
    notes: list[Message]
    chosen: int


def preview_of(found: Comparison, reading: DashboardList, posted: Mapping[str, Any] | None = None) -> Preview:
    """The page's content; `posted` is what was chosen on it before."""
    sections = [_section(kind, found.of(kind), posted) for kind in Kind if found.of(kind)]
    check = [message for message in found.messages if message.level != "info"]
    notes = [message for message in found.messages if message.level == "info"]
    chosen = sum(1 for section in sections for line in section.lines if line.chosen != NOTHING)
    return Preview(sections, check[:MOST_TOLD], len(check[MOST_TOLD:]), notes[:MOST_TOLD], chosen)


def _section(kind: Kind, findings: Sequence[Finding], posted: Mapping[str, Any] | None) -> Section:
    at_once = len(findings) > MOST_SINGLE
    lines = [Line(one, f"{CHOICE}{one.key}", _chosen(one, posted)) for one in findings[:MOST_SINGLE]]
    name = f"{ALL}{kind}"
    act = WORDS[kind].act
    before = act if kind is Kind.NEW else NOTHING
    chosen = str(posted.get(name, NOTHING)) if posted is not None else before
    return Section(kind, WORDS[kind], lines, len(findings), at_once, name, chosen)


def _chosen(finding: Finding, posted: Mapping[str, Any] | None) -> str:
    if posted is None:
        return finding.chosen
    value = str(posted.get(f"{CHOICE}{finding.key}", NOTHING))
    return value if finding.choice(value) else NOTHING


def chosen_in(found: Comparison, posted: Mapping[str, Any]) -> dict[str, str]:
    """What the form chose about each finding, by its key; what it does not name is left."""
    chosen: dict[str, str] = {}
    for kind in Kind:
        findings = found.of(kind)
        if len(findings) > MOST_SINGLE:
            if posted.get(f"{ALL}{kind}") == WORDS[kind].act and WORDS[kind].all:
                chosen |= {one.key: _first(one, WORDS[kind].act) for one in findings}
        else:
            chosen |= {one.key: str(posted.get(f"{CHOICE}{one.key}", NOTHING)) for one in findings}
    return chosen


def _first(finding: Finding, act: str) -> str:
    """The act, where there is one way to do it; a case of which one has to choose is left."""
    ways = [choice.value for choice in finding.choices if choice.act == act]
    return ways[0] if len(ways) == 1 else NOTHING


def done_in_words(counts: Mapping[str, int]) -> str:
    """What was done: "3 added, 1 closed"."""
    words = {
        "add": "added",
        "close": "closed",
        "move": "moved",
        "reopen": "reopened",
        "name": "renamed",
        "pin": "given a PIN",
        "meeting": "given the list’s next CIN meeting",
        "facts": "brought up to date",
    }
    return ", ".join(f"{counts[key]} {word}" for key, word in words.items() if counts.get(key)) or "nothing"
