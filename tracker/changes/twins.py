"""Writes for the twins of a told locality (accounts/changes/demonstration.py) what its teams have written.

A past is told once (past.py) and copied within the database, each record under numbers of its own: so
hundreds of thousands of rows come about in minutes, and every one of them has the history that it should.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max, Min, QuerySet

from accounts.changes.demonstration import Twin
from tracker.changes.many import BATCH
from tracker.models import Case, Change, Operation, TeamLog, TrackerRow
from tracker.sealing import sign

KINDS = ("locality", "team", "person")
NUMBERED = (Case, TrackerRow, Operation, Change)
# So many twins of each told locality are in memory at once.
SIGNED_AT_ONCE = 4
# An act's stored answer names its row.
ROW_OF_ANSWER = "CAST(told.answer ->> 'row' AS bigint)"
ANSWER_OF_ROW = {
    "postgresql": "jsonb_set(told.answer, '{{row}}', to_jsonb({row}))",
    "sqlite": "json_set(told.answer, '$.row', {row})",
}


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a table's copies follow from those of what is told.

    The copies of one record come one after another, as if all localities had lived through one time.
    """

    first: int
    free: int
    copies: int

    def of(self, number: str) -> str:
        """SQL for the number of the copy of the record that has this number."""
        return f"({self.free} + ({number} - {self.first}) * {self.copies} + twin.copy)"


def write_twins(twins: Sequence[Sequence[Twin]]) -> None:
    """Copies rows and log of told localities; `twins` has those of each. Within one transaction.

    Meetings, answers, team columns and colours are not copied: what is told for measuring has none.
    """
    _name_twins(twins)
    teams = [team for some in twins for team in some[0].teams]
    told = {
        Case: Case.objects.filter(rows__team__in=teams),
        TrackerRow: TrackerRow.objects.filter(team__in=teams),
        Operation: Operation.objects.filter(team__in=teams),
        Change: Change.objects.filter(team__in=teams),
    }
    copies = max(map(len, twins))
    case, row, act, change = (_numbers(told[record], copies) for record in NUMBERED)
    id_type = Operation._meta.get_field("op").db_type(connection)
    answer = ANSWER_OF_ROW[connection.vendor].format(row=row.of(ROW_OF_ANSWER))
    # A number of its own, and the same one in every load.
    op = f"CAST(MD5(CAST(told.op AS text) || ' ' || twin.made) AS {id_type})"
    _copy(Case, "locality", by=None, at="id", id=case.of("told.id"))
    _copy(
        TrackerRow,
        "team",
        by="closed_by",
        at="opened_at",
        id=row.of("told.id"),
        case_id=case.of("told.case_id"),
    )
    _copy(TeamLog, "team", by=None, at="team_id")
    _copy(Operation, "team", by="by", at="at", id=act.of("told.id"), op=op, answer=answer)
    changes = _selected(
        Change, "team", by="by", at="at", id=change.of("told.id"), row_id=row.of("told.row_id"),
        operation_id=act.of("told.operation_id"),
    )  # fmt: skip
    for first in range(0, copies, SIGNED_AT_ONCE):
        _write_signed(changes, first)
    _forget_twins()


def _write_signed(changes: str, first: int) -> None:
    """The changes of some twins of each, from this copy on: keyed digests are not made in the database."""
    some = f"SELECT * FROM ({changes}) copied WHERE copy >= %s AND copy < %s"  # noqa: S608 # our own names
    copied = list(Change.objects.raw(some, [first, first + SIGNED_AT_ONCE]))
    sign(copied)
    Change.objects.bulk_create(copied, batch_size=BATCH)


def _name_twins(twins: Sequence[Sequence[Twin]]) -> None:
    """Says in tables of this connection which number stands for which; `copy` counts a locality's twins."""
    named: dict[str, list[tuple[int, int, int]]] = {kind: [] for kind in KINDS}
    for some in twins:
        for copy, twin in enumerate(some):
            named["locality"].append((twin.told.pk, copy, twin.locality.pk))
            named["team"] += [(told, copy, made) for told, made in twin.teams.items()]
            named["person"] += [(told, copy, made) for told, made in twin.people.items()]
    columns = "(told bigint, copy integer, made bigint, PRIMARY KEY (told, copy))"
    with connection.cursor() as cursor:
        for kind, numbers in named.items():
            cursor.execute(f"CREATE TEMPORARY TABLE twin_{kind} {columns}")
            cursor.executemany(" ".join(("INSERT INTO", f"twin_{kind}", "VALUES (%s, %s, %s)")), numbers)


def _forget_twins() -> None:
    """Drops those tables, and has new records numbered after the copied ones."""
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(f"DROP TABLE twin_{kind}")
        for statement in connection.ops.sequence_reset_sql(no_style(), list(NUMBERED)):
            cursor.execute(statement)


def _numbers(told: QuerySet[models.Model], copies: int) -> Numbers:
    first = told.aggregate(first=Min("pk"))["first"]
    last = told.model._default_manager.aggregate(last=Max("pk"))["last"]
    return Numbers(first, last + 1, copies)


def _copy(record: type[models.Model], place: str, *, by: str | None, at: str, **made: str) -> None:
    """One statement for all copies of a table's told records."""
    names = ", ".join(connection.ops.quote_name(field.column) for field in record._meta.concrete_fields)
    copied = _selected(record, place, by=by, at=at, **made)
    table = record._meta.db_table
    statement = ("INSERT INTO", table, f"({names})", "SELECT", names, "FROM", f"({copied}) copied")
    with connection.cursor() as cursor:
        cursor.execute(" ".join(statement))


def _selected(record: type[models.Model], place: str, *, by: str | None, at: str, **made: str) -> str:
    """SQL for all copies of a table's told records, in the order of their time, each with its `copy`.

    `place` and `by` are the columns that name the place and the person, `made` what else is other than told.
    """
    table = record._meta.db_table
    joined = [f"JOIN twin_{place} twin ON twin.told = told.{place}_id"]
    made[f"{place}_id"] = "twin.made"
    if by:
        joined.append(
            f"LEFT JOIN twin_person person ON person.told = told.{by}_id AND person.copy = twin.copy"
        )
        made[f"{by}_id"] = f"COALESCE(person.made, told.{by}_id)"
    quoted = {field.column: connection.ops.quote_name(field.column) for field in record._meta.concrete_fields}
    values = [f"{made.get(column, f'told.{name}')} AS {name}" for column, name in quoted.items()]
    selected = ("SELECT", ", ".join([*values, "twin.copy AS copy"]), "FROM", table, "told", *joined)
    return " ".join((*selected, "ORDER BY", f"told.{at}, twin.copy"))
