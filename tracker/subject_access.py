"""Everything that is held about one child, for a subject-access request: page and file are made of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.log import entries_of
from tracker.choices import RowState
from tracker.fields import COLUMNS, ON_THE_FORM, team_field
from tracker.history import Words, history_of
from tracker.mentions import Names, mentions
from tracker.models import Case, MeetingItem, RefusedEdit, TeamColumn, TrackerRow
from tracker.others import Others, Piece
from tracker.seen import rows_with_pin
from tracker.values import shown
from tracker.workbook.dates import show

# Columns in which every value is somebody's name.
OF_PEOPLE = {"Who", "By", "Led by", "Present", "Asked by", "Placed by", "Ended by"}


@dataclass(frozen=True)
class Value:
    """One value in stretches, of which some may name somebody else."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole of it."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def marked(self) -> tuple[str, ...]:
        """What is to be looked at."""
        return tuple(piece.text for piece in self.pieces if piece.marked)


@dataclass(frozen=True)
class Section:
    """One part of the bundle: a table."""

    title: str
    headings: tuple[str, ...]
    lines: tuple[tuple[Value, ...], ...]

    @property
    def marks(self) -> int:
        """How many values of it are to be looked at."""
        return sum(bool(value.marked) for line in self.lines for value in line)


@dataclass(frozen=True)
class Bundle:
    """All of it, as of one moment."""

    case: Case
    at: datetime
    by: str
    sections: tuple[Section, ...]
    row_ids: tuple[int, ...]

    @property
    def marks(self) -> int:
        """How many values are to be looked at."""
        return sum(section.marks for section in self.sections)


@dataclass(frozen=True)
class Found:
    """A case that has this PIN, or had it once."""

    case: Case
    row: TrackerRow
    once: bool


def cases_with(pin: str) -> list[Found]:
    """The cases of this PIN in all localities, then those whose history has it."""
    rows = rows_with_pin(pin).kept().select_related("case__locality", "team")
    last = {row.case_id: row for row in rows.order_by("pk")}
    found = [Found(row.case, row, once=row.case.pin != pin) for row in last.values()]
    return sorted(found, key=lambda one: (one.once, one.case.pk))


def bundle_of(case: Case, *, at: datetime, by: str) -> Bundle:
    """Gathers it. The number of statements depends on the rows of the case alone."""
    rows = list(
        TrackerRow.objects.kept().filter(case=case).with_all().select_related("team__locality").order_by("pk")
    )
    row_ids = tuple(row.pk for row in rows)
    others = Others(case)
    told = (
        ("The case", ("What", "Value"), _case(case)),
        ("On the trackers", ("Team", "What", "Value"), _rows(rows)),
        ("History", ("When", "Team", "Who", "What", "Before", "After", "Reason"), _history(rows)),
        ("Typed and not saved", ("When", "Who", "What", "Text"), _refused(rows)),
        (
            "Meetings",
            ("When", "Team", "Led by", "Present", "Why on the list", "Result", "Last action"),
            _meetings(row_ids),
        ),
        ("Legal holds", ("From", "Until", "Asked by", "Why", "Placed by", "Ended by"), _holds(case)),
        ("Named elsewhere", ("Where", "Text"), _mentions(case)),
        ("Who looked and what was done", ("When", "Who", "What", "Page or act"), _access(row_ids)),
    )  # fmt: skip
    sections = tuple(_section(title, headings, lines, others) for title, headings, lines in told)
    return Bundle(case, at, by, sections, row_ids)


def _section(
    title: str, headings: tuple[str, ...], lines: Iterable[Sequence[str]], others: Others
) -> Section:
    def value(heading: str, text: str, what: str) -> Value:
        if text and (heading in OF_PEOPLE or what in OF_PEOPLE):
            return Value((Piece(text, marked=True),))
        return Value(others.pieces(text))

    told = []
    for line in lines:
        named = dict(zip(headings, line, strict=True))
        # In a table of one value a line, what the line is about says it.
        what = PEOPLE_FIELDS.get(named.get("What", ""), "")
        told.append(
            tuple(
                value(heading, text, what if heading in ("Value", "Before", "After", "Text") else "")
                for heading, text in named.items()
            )
        )
    return Section(title, headings, tuple(told))


# Fields of a row in which a name stands, to the heading that says so.
PEOPLE_FIELDS = {
    "Owner": "Who",
    "Allocated worker": "Who",
    "Closed by": "Who",
    "Siblings in the meeting": "Who",
}


def _case(case: Case) -> Iterator[Sequence[str]]:
    siblings = Case.objects.filter(family=case.family_id).exclude(pk=case.pk) if case.family_id else ()
    yield "PIN", case.pin
    yield "Person", case.person
    yield "Locality", case.locality.name
    yield "CIN start", _day(case.cin_start)
    yield "Allocated worker", case.allocated_worker
    yield "Last sign-off", _day(case.last_sign_off)
    yield "Last visit", _day(case.last_visit)
    if siblings:
        yield "Siblings in the meeting", ", ".join(one.person for one in siblings)


def _rows(rows: Iterable[TrackerRow]) -> Iterator[Sequence[str]]:
    for row in rows:
        yield row.team.name, "State", RowState(row.state).label
        yield row.team.name, "Came onto this tracker", _moment(row.opened_at)
        if row.closed_at:
            yield row.team.name, "Closed", _moment(row.closed_at)
            yield row.team.name, "Closed by", str(row.closed_by or "Command line")
            yield row.team.name, "Outcome", str(row.outcome or "")
        columns = [team_field(column) for column in TeamColumn.objects.filter(team=row.team_id)]
        for field in (*COLUMNS, *ON_THE_FORM, *columns):
            if text := shown(field, row):
                yield row.team.name, field.label, text


def _history(rows: Iterable[TrackerRow]) -> Iterator[Sequence[str]]:
    for row in rows:
        for entry in sorted(history_of(row, reader_id=0), key=lambda entry: entry.at):
            if not entry.refused:
                what = f"{entry.label} ({entry.kind})" if entry.label not in PEOPLE_FIELDS else entry.label
                yield (
                    _moment(entry.at),
                    row.team.name,
                    entry.by_name,
                    what,
                    entry.old,
                    entry.new,
                    entry.reason,
                )


def _refused(rows: Sequence[TrackerRow]) -> Iterator[Sequence[str]]:
    words = Words(TeamColumn.objects.filter(team__in=[row.team_id for row in rows]))
    found = RefusedEdit.objects.filter(row__in=rows).select_related("by").order_by("at")
    for one in found:
        yield _moment(one.at), one.by.name, words.label(one.field), words.text(one.field, one.value)


def _meetings(row_ids: Sequence[int]) -> Iterator[Sequence[str]]:
    items = MeetingItem.objects.filter(row__in=row_ids).select_related("meeting__team")
    for item in items.order_by("meeting__started_at"):
        meeting = item.meeting
        why = f"{item.get_why_display()} {item.said}".strip()
        yield (
            _moment(meeting.started_at), meeting.team.name, meeting.leader, meeting.present, why,
            item.get_result_display(), item.get_last_action_display(),
        )  # fmt: skip


def _holds(case: Case) -> Iterator[Sequence[str]]:
    for hold in case.holds.select_related("placed_by", "ended_by"):
        yield (
            _moment(hold.placed_at), _moment(hold.ended_at), hold.asked_by, hold.reason,
            str(hold.placed_by), str(hold.ended_by or ""),
        )  # fmt: skip


def _mentions(case: Case) -> Iterator[Sequence[str]]:
    names = Names.of(case)
    for model, field, record in mentions(names):
        yield (
            f"{model._meta.verbose_name} {record.pk}, {field}".capitalize(),
            names.around(getattr(record, field)),
        )


def _access(row_ids: Sequence[int]) -> Iterator[Sequence[str]]:
    for event in entries_of(row_ids).order_by("at", "pk"):
        yield _moment(event.at), event.actor_name, event.get_kind_display(), event.purpose


def _day(day: date | None) -> str:
    return show(day) if day else ""


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%d/%m/%Y %H:%M") if at else ""
