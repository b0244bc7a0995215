"""The checker of `make faults` finds what is planted, one thing at a time, and nothing where all is well."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest

from scripts.faults import checker, ledger, records
from scripts.faults.checker import judged
from scripts.faults.ledger import ACKNOWLEDGED, REFUSED, SAME, UNKNOWN, Ledger, Tried
from scripts.faults.records import VALUES, Entry, Records, Row

TEAM, ROW = 1, 7


def act(number: int) -> str:
    """The number of an act, as a browser makes it."""
    return str(UUID(int=number))


def entry(seq: int, field: str, rev: int, old: str, new: str, *, kind: str = "set") -> Entry:
    """An entry of the row's history; here the team has one row, so its versions are the team's numbers."""
    return Entry(TEAM, seq, ROW, seq, kind, field, rev, old, new, act(seq))


@dataclass
class Found:
    """A burst of which everything is well, to be spoilt: what people were told, and what is there."""

    tried: list[Tried] = field(
        default_factory=lambda: [
            Tried(act(2), ROW, "action", "one", ACKNOWLEDGED, 200),
            Tried(act(3), ROW, "action", "two", ACKNOWLEDGED, 200),
            Tried(act(4), ROW, "stage", "underway", ACKNOWLEDGED, 200),
            Tried(act(5), ROW, "update", "unsure", UNKNOWN),
            Tried(act(6), ROW, "update", "never came", UNKNOWN),
            Tried(act(7), ROW, "action", "too late", REFUSED, 409),
            Tried(act(8), ROW, "action", "too busy", REFUSED, 503),
            Tried(act(9), ROW, "action", "nobody there", REFUSED),
        ]
    )
    history: list[Entry] = field(
        default_factory=lambda: [
            entry(1, "", 0, "", json.dumps({"stage": "awaiting", "action": "first"}), kind="add"),
            entry(2, "action", 1, "first", "one"),
            entry(3, "action", 2, "one", "two"),
            entry(4, "stage", 1, "awaiting", "underway"),
            entry(5, "update", 1, "", "unsure"),
        ]
    )
    row: Row = field(
        default_factory=lambda: Row(
            ROW,
            TEAM,
            "open",
            5,
            {"action": 2, "stage": 1, "update": 1},
            dict.fromkeys(VALUES, "") | {"stage": "underway", "action": "two", "update": "unsure"},
        )
    )
    head: int = 5
    kept: Counter[tuple[int, str, str]] = field(
        default_factory=lambda: Counter([(ROW, "action", "too late")])
    )
    summary: dict[str, int] = field(default_factory=lambda: {"awaiting": 0, "underway": 1})
    integrity: str = "ok"

    def says(self, **values: str) -> None:
        """Alters the row, and nothing of its history."""
        self.row = replace(self.row, values=self.row.values | values)

    def again(self, place: int, **altered: object) -> None:
        """Alters one entry of the history."""
        # Fields of any type by their names: the type checker cannot follow that.
        self.history[place - 1] = replace(self.history[place - 1], **altered)  # type: ignore[arg-type]

    def also(self, *entries: Entry, **values: str) -> None:
        """Adds entries to the history and to the versions, as if the program had written them."""
        self.history += entries
        revs = self.row.field_rev | {one.field: one.rev for one in entries if one.field}
        self.row = replace(self.row, row_rev=self.history[-1].row_rev, field_rev=revs)
        self.head = self.history[-1].seq
        self.says(**values)

    @property
    def records(self) -> Records:
        """All of it, as it lies in the database."""
        return Records(self.history, [self.row], {TEAM: self.head}, self.kept, self.integrity)


Spoil = Callable[[Found], object]


def test_where_all_is_well_nothing_is_found_and_everything_is_counted() -> None:
    found = Found()

    verdict = judged(found.tried, {TEAM: found.summary}, found.records)

    assert verdict.fine, verdict
    assert (verdict.acknowledged, verdict.refused, verdict.unknown) == (3, 3, 2)
    assert verdict.unknown_saved == 1


def lose(found: Found) -> None:
    """The last acknowledged act is gone with all its traces."""
    found.history = found.history[:3]
    found.row = replace(found.row, row_rev=3, field_rev={"action": 2})
    found.says(stage="awaiting", update="")
    found.head, found.summary = 3, {"awaiting": 1}


LOST: dict[str, Spoil] = {
    "an act with all its traces": lose,
    "its text is another": lambda found: found.again(3, new="two!"),
    "it lies in another field": lambda found: found.again(3, field="update"),
    "it lies in another row": lambda found: found.again(3, row=8),
    "it has another act's number": lambda found: found.again(3, op=act(99)),
}


@pytest.mark.parametrize("spoil", LOST.values(), ids=LOST)
def test_an_acknowledged_text_that_is_not_there_is_found(spoil: Spoil) -> None:
    found = Found()
    spoil(found)

    verdict = judged(found.tried, {TEAM: found.summary}, found.records)

    assert len(verdict.lost) == 1
    assert not verdict.doubled


TWICE = entry(6, "action", 3, "two", "two")
DOUBLED: dict[str, Spoil] = {
    "the same act twice": lambda found: found.also(replace(TWICE, op=act(3))),
    "the same text by another act": lambda found: found.also(TWICE),
    "an unknown one": lambda found: found.also(replace(entry(6, "update", 2, "unsure", "unsure"), op=act(5))),
    "a stage": lambda found: found.also(replace(entry(6, "stage", 2, "underway", "underway"), op=act(4))),
}


@pytest.mark.parametrize("spoil", DOUBLED.values(), ids=DOUBLED)
def test_a_text_that_is_there_twice_is_found(spoil: Spoil) -> None:
    found = Found()
    spoil(found)

    verdict = judged(found.tried, {TEAM: found.summary}, found.records)

    assert len(verdict.doubled) == 1
    assert not verdict.lost


def written_on_a_closed_row(found: Found) -> None:
    """Closed, then an edit that came too late and was taken."""
    found.also(
        entry(6, "outcome", 1, "", "1"),
        entry(7, "stage", 2, "underway", "closed", kind="close"),
        entry(8, "owner", 1, "", "AN"),
        outcome="1",
        stage="closed",
        owner="AN",
    )
    found.row, found.summary = replace(found.row, state="closed"), {}


def refused_and_there(number: int, text: str) -> Spoil:
    """A text of which its author was told that it was not saved."""
    return lambda found: found.also(replace(entry(6, "action", 3, "two", text), op=act(number)), action=text)


WRONG: dict[str, tuple[Spoil, str]] = {
    "refused for a newer one and there": (refused_and_there(7, "too late"), "in the history: refused"),
    "refused as busy and there": (refused_and_there(8, "too busy"), "in the history: refused"),
    "nobody took the call and there": (refused_and_there(9, "nobody there"), "in the history: refused"),
    "refused and there under another number": (refused_and_there(50, "too busy"), "in the history: refused"),
    "nothing to write and written": (
        lambda found: found.tried.__setitem__(2, replace(found.tried[2], outcome=SAME)),
        "in the history: same",
    ),
    "an answer that it is our fault": (
        lambda found: found.tried.append(Tried(act(60), ROW, "action", "broken", REFUSED, 500)),
        "1 saves were answered 500",
    ),
    "a refused text that its author cannot have again": (lambda found: found.kept.clear(), "kept 0 times"),
    "a refused text kept twice": (lambda found: found.kept.update(found.kept), "kept 2 times"),
    "a gap in the team's numbers": (lambda found: found.again(5, seq=6), "The log of team 1: numbers with"),
    "a double in the team's numbers": (
        lambda found: found.again(5, seq=4),
        "The log of team 1: numbers with",
    ),
    "a head behind the log": (lambda found: setattr(found, "head", 4), "The log of team 1: numbers with"),
    "a gap in the row's versions": (lambda found: found.again(5, row_rev=6), "Row 7, versions: numbers"),
    "a double in the row's versions": (lambda found: found.again(5, row_rev=4), "Row 7, versions: numbers"),
    "a row behind its history": (
        lambda found: setattr(found, "row", replace(found.row, row_rev=4)),
        "Row 7, versions: numbers",
    ),
    "a gap in a field's versions": (lambda found: found.again(3, rev=3), "versions of action: numbers"),
    "a double in a field's versions": (lambda found: found.again(3, rev=1), "versions of action: numbers"),
    "a field ahead of its history": (
        lambda found: found.row.field_rev.update(action=3),
        "versions of action: numbers",
    ),
    "an entry that does not follow": (lambda found: found.again(3, old="first"), "does not follow"),
    "a row with an older text": (lambda found: found.says(action="one"), "its action is not what"),
    "a row with a text of nobody": (lambda found: found.says(owner="AN"), "its owner is not what"),
    "a row that is gone, of which its history knows nothing": (
        lambda found: setattr(found, "row", replace(found.row, state="removed")),
        "is removed, which its history does not say",
    ),
    "an edit on a closed row": (written_on_a_closed_row, "after it had left its tracker"),
    "a Summary that counts otherwise": (
        lambda found: found.summary.update(awaiting=1),
        "a recount {'underway': 1}",
    ),
    "a damaged file": (lambda found: setattr(found, "integrity", "row 3 missing"), "damaged: row 3 missing"),
}


@pytest.mark.parametrize(("spoil", "sentence"), WRONG.values(), ids=WRONG)
def test_what_else_is_not_as_it_must_be_is_said(spoil: Spoil, sentence: str) -> None:
    found = Found()
    spoil(found)

    verdict = judged(found.tried, {TEAM: found.summary}, found.records)

    assert any(sentence in said for said in verdict.wrong), verdict
    assert not verdict.lost


def test_a_row_that_came_back_may_be_written_again() -> None:
    found = Found()
    found.also(
        entry(6, "outcome", 1, "", "1"),
        entry(7, "stage", 2, "underway", "closed", kind="close"),
        entry(8, "outcome", 2, "1", ""),
        entry(9, "stage", 3, "closed", "underway", kind="reopen"),
        entry(10, "owner", 1, "", "AN"),
        owner="AN",
    )

    assert judged(found.tried, {TEAM: found.summary}, found.records).fine


@pytest.mark.parametrize(("state", "fine"), [("closed", True), ("open", False)])
def test_a_row_that_an_import_brought_in_closed_is_off_the_tracker(state: str, fine: bool) -> None:
    values = dict.fromkeys(VALUES, "") | {"stage": "closed"}
    history = [entry(1, "", 0, "", json.dumps({"stage": "closed"}), kind="add")]
    there = Records(history, [Row(ROW, TEAM, state, 1, {}, values)], {TEAM: 1})

    assert judged([], {}, there).fine is fine


def written(found: Found, folder: Path) -> Path:
    """Its ledger, as the load writes it."""
    book = Ledger(folder / "ledger.jsonl")
    for one in found.tried:
        book.tried(one)
    book.summary(TEAM, found.summary)
    book.close()
    return book.path


def test_the_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = Found()

    assert ledger.read(written(found, tmp_path)) == (found.tried, {TEAM: found.summary})


@pytest.mark.parametrize(("spoil", "status"), [(lambda found: None, 0), (lose, 1)])
def test_the_program_says_by_its_exit_status_whether_all_is_well(
    spoil: Spoil,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Found()
    spoil(found)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///of-the-test")
    monkeypatch.setattr(records, "read", {"sqlite:///of-the-test": found.records}.get)
    monkeypatch.setattr(sys, "argv", ["checker", str(written(found, tmp_path))])

    assert checker.main() == status

    assert json.loads(capsys.readouterr().out)["lost"]["found"] == status
