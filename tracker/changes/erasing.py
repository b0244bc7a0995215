"""Erasing a child for good: by a timer when the time is over, or one row that was added in error.

Everything that says who the child is or what was written about them goes. What the figures of the past
count stays, under the row's number and without a name: team, stages, outcome, months, moments (ADR 0037).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import F, ProtectedError, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from accounts import audit
from accounts.models import Session, User
from accounts.models.sessions import going
from accounts.permissions import require_global
from tracker.changes.deliveries import let_go_of_deliveries
from tracker.changes.families import drop_lone_families
from tracker.changes.parked import let_go_of_imports
from tracker.changes.parked_lists import let_go_of_lists
from tracker.changes.refusals import Invalid, NeedsReason, Refusal
from tracker.choices import ChangeKind, RowState
from tracker.mentions import TEXTS, Names, TextPlace, fields_naming, mentions
from tracker.models import (
    ERASED,
    WORDS,
    Answer,
    Case,
    Change,
    ColourMeaning,
    MeetingItem,
    ParkedImport,
    ParkedList,
    RefusedEdit,
    RetentionRule,
    SavedView,
    TeamColumn,
    TeamLog,
    TrackerRow,
)
from tracker.months import first_of_month
from tracker.retention import ROW, WHOLE, Counts, counts_of, due_cases, erasable

# What the figures of the past read, in the row and in its history (summary/ledger.py, summary/flow.py).
CODES = ("stage", "outcome")
DAYS = ("by_when", "next_meeting", "expected_month")
# Not hidden in but let go of: filters of one person, and uploads that nobody has confirmed yet.
LET_GO: tuple[TextPlace, ...] = (
    (SavedView, "query"),
    (SavedView, "name"),
    (ParkedImport, "reading"),
    (ParkedList, "reading"),
)
STANDS = "This case stands on a tracker. Close or remove it there first, then erase it here."


class _NothingDue(Exception):
    """All of them came back, or were held, between asking and erasing."""


def purge_cases(*, case_ids: Iterable[int], today: date) -> Counts:
    """Erases those of the cases whose time is over still: all of it or nothing, and a second time nothing.

    Each erasure seals the log first, which costs the same for one case and for twenty.
    """
    counts = Counts()
    try:
        with audit.erasing(purpose="erase when time is over", by=None) as entry:
            wanted = set(case_ids)
            _lock_teams(wanted)
            due = due_cases(today, RetentionRule.in_force()).filter(pk__in=wanted)
            cases = list(due.order_by("pk").select_for_update(of=("self",)))
            if not cases:
                raise _NothingDue
            counts = _erase_cases(cases, entry)
            entry |= vars(counts)
    except _NothingDue:
        pass
    return counts


def erase_row(*, row: TrackerRow, whole: bool, reason: str, by: User) -> Counts:
    """Erases a row that is off its tracker, or with `whole` its case with all rows, whatever the rule says.

    Raises `Refused`, `NeedsReason`, `Invalid` for a reason that names the child, and `Refusal` for what
    stands on a tracker or is held.
    """
    require_global(by, "manage_retention")
    if not reason:
        raise NeedsReason("Say why it is erased: the log keeps the reason.", "reason")
    with audit.erasing(purpose="erase case" if whole else "erase row", by=by) as entry:
        _lock_teams({row.case_id})
        case = Case.objects.select_for_update().get(pk=row.case_id)
        if Names.of(case).parts.search(reason):
            raise Invalid("Say why without the child's name or PIN: the log keeps this sentence.", "reason")
        if case.holds.filter(ended_at=None).exists():
            raise Refusal("A legal hold keeps this case. End the hold first.")
        if (WHOLE if whole else ROW) not in erasable(row):
            raise Refusal(STANDS)
        counts = _erase_cases([case], entry) if whole else _erase_row(row, entry)
        entry |= {"reason": reason, "team": row.team, **vars(counts)}
    return counts


def erase_again(*, rows: Mapping[str, Sequence[int]]) -> Counts:
    """After an older copy was brought back: erases the rows that had been erased by hand since.

    `rows`: by `ROW` or `WHOLE`, as `erased_by_hand` gives them. They are erased wherever they stand now.
    """
    counts = Counts()
    wanted = TrackerRow.objects.kept().select_related("case")
    for how in (WHOLE, ROW):
        for row in wanted.filter(pk__in=rows[how]).order_by("pk"):
            if TrackerRow.objects.kept().filter(pk=row.pk).exists():  # or its case went with another row
                counts += _erase_as_before(row, whole=how == WHOLE)
    return counts


def _erase_as_before(row: TrackerRow, *, whole: bool) -> Counts:
    with audit.erasing(purpose=f"erase {WHOLE if whole else ROW} again", by=None) as entry:
        _lock_teams({row.case_id})
        gone = {"case": row.case_id} if whole else {"pk": row.pk}
        TrackerRow.objects.filter(**gone, state=RowState.OPEN).update(state=RowState.REMOVED)
        row.refresh_from_db()
        counts = _erase_cases([row.case], entry) if whole else _erase_row(row, entry)
        entry |= vars(counts)
    return counts


def let_go_of_stale(*, now: datetime) -> None:
    """Deletes what has outlived its hour or day: uploads nobody confirmed, reports, sessions."""
    let_go_of_imports(now=now)
    let_go_of_lists(now=now)
    let_go_of_deliveries(now=now)
    Session.objects.exclude(going(now)).delete()


def _lock_teams(case_ids: set[int]) -> None:
    """Locks the logs of the cases' teams, in the order of acts: nobody writes on their trackers meanwhile."""
    teams = set(TrackerRow.objects.filter(case__in=case_ids).values_list("team", flat=True))
    for team in sorted(teams):
        TeamLog.take(team, 0)


def _erase_row(row: TrackerRow, entry: dict[str, Any]) -> Counts:
    """One of several rows of a case: what is left of it belongs to no child any more."""
    nobody = Case.objects.create(locality_id=row.case.locality_id, person=ERASED)
    TrackerRow.objects.filter(pk=row.pk).update(case=nobody)
    return _erase_rows([TrackerRow.objects.get(pk=row.pk)], Counts(), entry)


def _erase_cases(cases: Sequence[Case], entry: dict[str, Any]) -> Counts:
    """Each child by itself; what hangs on their rows goes together, in the statements of a single case."""
    rows = list(TrackerRow.objects.kept().filter(case__in=cases))
    teams: dict[int, set[int]] = {}
    for row in rows:
        teams.setdefault(row.case_id, set()).add(row.team_id)
    # Mostly nothing names any of them: asked for all together, and child by child only where something does.
    naming = fields_naming(cases, [*TEXTS, *LET_GO])
    counts = sum((_erase_child(case, teams.get(case.pk, set()), naming) for case in cases), Counts())
    return _erase_rows(rows, counts, entry)


def _erase_child(case: Case, teams: set[int], naming: Sequence[TextPlace]) -> Counts:
    held, _ = case.holds.all().delete()
    mentioned = _hide_mentions(case, Names.of(case), teams, naming) if naming else 0
    family = case.family_id
    Case.objects.filter(pk=case.pk).update(
        pin="",
        person=ERASED,
        cin_start=None,
        allocated_worker="",
        last_sign_off=None,
        last_visit=None,
        family=None,
    )
    drop_lone_families([family])
    return Counts(cases=1, holds=held, mentions=mentioned)


def _erase_rows(rows: Sequence[TrackerRow], more: Counts, entry: dict[str, Any]) -> Counts:
    """Takes everything off the rows, whose numbers go into the log's entry, and says how much that was."""
    ids = [row.pk for row in rows]
    counts = counts_of(TrackerRow.objects.filter(pk__in=ids)) + more
    entry["row_ids"] = [*entry.get("row_ids", ()), *ids]
    words = _words_of(rows)
    RefusedEdit.objects.filter(row__in=ids).delete()
    Answer.objects.filter(row__in=ids).delete()
    MeetingItem.objects.filter(row__in=ids).update(said="")
    _blank_history(ids)
    for row in rows:
        _blank(row)
    _drop_words(words)
    return counts


def _blank(row: TrackerRow) -> None:
    for key in ("action", "owner", "update", "colour"):
        setattr(row, key, "")
    for key in ("needed", "difficulty", "closed_by"):
        setattr(row, key, None)
    for key in DAYS:
        day = getattr(row, key)
        setattr(row, key, first_of_month(day) if day else None)
    row.extra, row.erased_at = {}, timezone.now()
    row.save()


def _blank_history(row_ids: Sequence[int]) -> None:
    """Every entry keeps its number, moment and kind; the words go, and of a day the month stays."""
    entries = Change.objects.filter(row__in=row_ids)
    entries.exclude(kind=ChangeKind.ADD).update(old=_left_of("old"), new=_left_of("new"), reason="")
    for added in entries.filter(kind=ChangeKind.ADD):
        first = json.loads(added.new or "{}")
        told = {"person": ERASED} | {key: first[key] for key in CODES if key in first}
        entries.filter(pk=added.pk).update(new=json.dumps(told), reason="")


def _left_of(column: str) -> Choose:
    month = Concat(Substr(column, 1, 8), Value("01"), output_field=TextField())
    return Choose(
        When(field__in=CODES, then=F(column)),
        When(Q(("field__in", DAYS), (f"{column}__gt", "")), then=month),
        When(field="person", then=Value(ERASED)),
        default=Value(""),
        output_field=TextField(),
    )


def _words_of(rows: Sequence[TrackerRow]) -> set[tuple[str, str]]:
    """The words that the rows have or had, by the list and the number."""
    listed = ("needed", "difficulty")
    changes = Change.objects.filter(row__in=rows)
    words = {(key, row.raw(key)) for row in rows for key in listed}
    for key, *said in changes.filter(field__in=listed).values_list("field", "old", "new"):
        words |= {(key, number) for number in said}
    for first in changes.filter(kind=ChangeKind.ADD).values_list("new", flat=True):
        words |= {(key, json.loads(first or "{}").get(key, "")) for key in listed}
    return {(key, number) for key, number in words if number}


def _drop_words(words: set[tuple[str, str]]) -> None:
    """What only these rows' workbook said and no officer has taken into the list goes with them."""
    for key, number in words:
        unused = WORDS[key].objects.filter(pk=int(number), reviewed=False, rows=None, merged=None)
        said = Change.objects.filter(Q(old=number) | Q(new=number), field=key)
        if unused.exists() and not said.exists():
            # Something else may tell of it: then it stays in the list, to be reviewed.
            with suppress(ProtectedError):
                unused.delete()


def _hide_mentions(case: Case, names: Names, teams: set[int], naming: Sequence[TextPlace]) -> int:
    """Hides the child in texts about no single case, and lets go of previews and filters that name them."""
    number = 0
    for model, field, record in mentions(names, [one for one in naming if one in TEXTS]):
        number += 1
        most = model._meta.get_field(field).max_length  # type: ignore[union-attr] # only texts are in TEXTS
        hidden = names.hidden_in(getattr(record, field))[:most]
        model._default_manager.filter(pk=record.pk).update(**{field: hidden})
        if model in (TeamColumn, ColourMeaning):
            _hide_in_columns(names, record.team_id)
    if names.words and not set(naming).isdisjoint(LET_GO):
        number += _delete(SavedView.objects.filter(names.in_field("query") | names.in_field("name")))
        number += _delete(ParkedImport.objects.filter(names.in_field("reading"), team__in=teams))
        number += _delete(ParkedList.objects.filter(names.in_field("reading"), locality=case.locality_id))
    return number


def _hide_in_columns(names: Names, team_id: int) -> None:
    for entry in Change.objects.filter(team=team_id, kind=ChangeKind.COLUMN):
        old, new = names.hidden_in(entry.old), names.hidden_in(entry.new)
        if (old, new) != (entry.old, entry.new):
            Change.objects.filter(pk=entry.pk).update(old=old, new=new)


def _delete(naming: QuerySet[Any]) -> int:
    deleted, _ = naming.delete()
    return deleted
