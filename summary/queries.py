"""What is counted of one place: a function a question, a statement each. No clock, no person, no drawing.

Several places side by side are in places.py.

Every function takes rows already narrowed to what the reader may see, and gives each choice in the
order of its list, zeros included. A number carries the query that lists exactly its rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from tracker.choices import OPEN_STAGES, STAGE_NOT_SET, Stage
from tracker.filters import address_of
from tracker.models import Difficulty, Need, RowQuerySet
from tracker.models.words import Word
from tracker.narrowing import ANY, BLANK

# The stages an open row can have, with the blank one last: an import may leave a stage unset.
STAGES = (*((stage.value, str(stage.label)) for stage in OPEN_STAGES), ("", STAGE_NOT_SET))
NEED_NOT_SET = "Not set"


@dataclass(frozen=True)
class Number:
    """How many open cases there are of one kind; `address` is the query that lists exactly these.

    `stage` is the code where the number is about one stage ("" for none set), else None. `listed` where
    the list holds more than open cases: a tracker cannot show it, a list of cases does.
    """

    label: str
    cases: int
    address: str
    stage: str | None = None
    note: str = ""
    listed: bool = False


@dataclass(frozen=True)
class Numbers:
    """The answer to one question: a number for each choice, and what stands under them.

    The bars are drawn against `whole`, or against the largest number where none is given.
    """

    lines: tuple[Number, ...]
    foot: tuple[Number, ...] = ()
    whole: int = 0

    @property
    def most(self) -> int:
        """The number whose bar is full."""
        return self.whole or max((line.cases for line in self.lines), default=0)


@dataclass(frozen=True)
class CrossLine:
    """One line of the cross table: a number for each stage, and all of them together."""

    label: str
    stages: tuple[Number, ...]
    total: Number
    note: str = ""


@dataclass(frozen=True)
class CrossTable:
    """What is needed down, stage across; `foot` sums each stage."""

    lines: tuple[CrossLine, ...]
    foot: CrossLine

    @property
    def most(self) -> int:
        """The largest number of the table's body."""
        return max(number.cases for line in self.lines for number in line.stages)


@dataclass(frozen=True)
class ExpectedClosures:
    """The two stages that the guide counts as expected closures, apart and together."""

    identified: Number
    decided: Number
    together: Number


def rows_by_stage(rows: RowQuerySet) -> Numbers:
    """Open cases by stage, "Stage not set" among them."""
    counted = _grouped(rows, "stage")
    lines = tuple(
        Number(label, counted.get((stage,), 0), address_of(stage=stage or BLANK), stage)
        for stage, label in STAGES
    )
    return Numbers(lines, (_all_open(lines),))


def rows_by_need(rows: RowQuerySet, needs: Iterable[Need]) -> Numbers:
    """Open cases by what is needed; `needs` is the whole list, with its retired and new words."""
    lines = _by_word(rows, "needed", needs)
    return Numbers(lines, (_all_open(lines),))


def difficulties(rows: RowQuerySet, words: Iterable[Difficulty]) -> Numbers:
    """Open cases by difficulty of the whole list `words`; in the foot those with any and with none."""
    *lines, none = _by_word(rows, "difficulty", words)
    found = sum(line.cases for line in lines)
    some = Number("Any difficulty", found, address_of(difficulty=ANY))
    return Numbers(tuple(lines), (some, Number("No difficulty given", none.cases, none.address)))


def stage_by_need(rows: RowQuerySet, needs: Iterable[Need]) -> CrossTable:
    """What is needed by stage: where cases are stuck, and on what. `needs` as in `rows_by_need`."""
    counted = _grouped(rows, "needed", "stage")
    used = {need for need, _ in counted}
    lines = [
        _cross_line(word.label, _note(word), {"needed": str(word.pk)}, word.pk, counted)
        for word in needs
        if word.pk in used or word.offered
    ]
    lines.append(_cross_line(NEED_NOT_SET, "", {"needed": BLANK}, None, counted))
    sums: dict[tuple[int | str | None, ...], int] = {}
    for (_, stage), cases in counted.items():
        sums[None, stage] = sums.get((None, stage), 0) + cases
    return CrossTable(tuple(lines), _cross_line("All open cases", "", {}, None, sums))


def expected_closures(rows: RowQuerySet) -> ExpectedClosures:
    """Both stages that the guide counts as expected closures, over open cases (guide: Summary tab)."""
    counted = _grouped(rows.expected_to_close(), "stage")
    identified, decided = (
        Number(
            str(stage.label),
            counted.get((stage.value,), 0),
            address_of(stage=stage.value),
            stage.value,
        )
        for stage in (Stage.IDENTIFIED, Stage.DECIDED)
    )
    both = address_of(stage=[Stage.IDENTIFIED.value, Stage.DECIDED.value])
    return ExpectedClosures(identified, decided, Number("Together", identified.cases + decided.cases, both))


def overdue_actions(rows: RowQuerySet, today: date) -> Number:
    """Open cases whose action was due before today."""
    return Number("Actions overdue", rows.overdue(today).count(), address_of(by_when="overdue"))


def meetings_passed(rows: RowQuerySet, today: date) -> Number:
    """Open cases whose next CIN meeting lies in the past: the date needs keeping up."""
    cases = rows.meeting_passed(today).count()
    return Number("Next CIN meeting passed", cases, address_of(next_meeting="passed"))


def words_by_team(rows: RowQuerySet, column: str) -> dict[int, dict[str, int]]:
    """Open cases of each team by the word in this column, by the word's number; "" is none. One statement."""
    counted: dict[int, dict[str, int]] = {}
    for (team, word), cases in _grouped(rows, "team", column).items():
        counted.setdefault(int(team or 0), {})[str(word or "")] = cases
    return counted


def _grouped(rows: RowQuerySet, *columns: str) -> dict[tuple[int | str | None, ...], int]:
    """How many open rows have each combination of values, in one grouped statement."""
    counted = rows.open().order_by().values_list(*columns).annotate(Count("pk"))
    return {tuple(values): cases for *values, cases in counted}


def _by_word(rows: RowQuerySet, column: str, words: Iterable[Word]) -> tuple[Number, ...]:
    """A number for each word that is on offer or in use, and last one for the blank."""
    counted = _grouped(rows, column)
    lines = [
        Number(word.label, counted.get((word.pk,), 0), address_of(**{column: str(word.pk)}), note=_note(word))
        for word in words
        if (word.pk,) in counted or word.offered
    ]
    blank = Number(NEED_NOT_SET, counted.get((None,), 0), address_of(**{column: BLANK}))
    return (*lines, blank)


def _cross_line(
    label: str,
    note: str,
    wanted: dict[str, str],
    need: int | None,
    counted: dict[tuple[int | str | None, ...], int],
) -> CrossLine:
    stages = tuple(
        Number(
            stage_label,
            counted.get((need, stage), 0),
            address_of(stage=stage or BLANK, **wanted),
            stage,
        )
        for stage, stage_label in STAGES
    )
    cases = sum(number.cases for number in stages)
    return CrossLine(label, stages, Number(label, cases, address_of(**wanted) if wanted else ""), note)


def _all_open(lines: Iterable[Number]) -> Number:
    return Number("All open cases", sum(line.cases for line in lines), "")


def _note(word: Word) -> str:
    """Why a word that is counted is not on offer."""
    if word.retired:
        return "no longer in the list"
    return "" if word.reviewed else "not in the list: a performance officer has yet to look at it"


@dataclass(frozen=True)
class KindAcross:
    """One kind of difficulty: a number for each place, in the order asked for, and all of them together."""

    label: str
    places: tuple[Number, ...]
    total: Number


def difficulties_across(
    rows: RowQuerySet, words: Iterable[Difficulty], column: str, places: Sequence[int]
) -> tuple[KindAcross, ...]:
    """Open cases by difficulty and place (`column` is "team" or "team__locality"), the kinds in use only."""
    counted = _grouped(rows, "difficulty", column)
    told = []
    for word in words:
        address = address_of(difficulty=str(word.pk))
        cases = sum(number for (kind, _), number in counted.items() if kind == word.pk)
        across = tuple(Number(word.label, counted.get((word.pk, place), 0), address) for place in places)
        told.append(KindAcross(word.label, across, Number(word.label, cases, address)))
    return tuple(kind for kind in told if kind.total.cases)


def waiting_first(rows: RowQuerySet) -> RowQuerySet:
    """The open cases with a difficulty: those without an answer first, each from the longest wait on."""
    found = rows.open().filter(difficulty__isnull=False).since("difficulty").with_all()
    related = found.select_related("team__locality", "answer__by")
    return related.order_by(F("answer_at").asc(nulls_first=True), "difficulty_since", "pk")
