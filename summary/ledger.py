"""How good expectations were: what was expected to close in a month, as it stood when the month began.

Computed from the log alone: how a field stood at a moment is what the first entry after it says was there
before, or what stands there now. Nothing is kept for it, so nobody can have written it down kindly.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from tracker.choices import EXPECTED_CLOSURES, ChangeKind, RowState, Stage
from tracker.models import Outcome, RowQuerySet
from tracker.models.cases import NO_CLOSURE
from tracker.months import beginning, first_of_month

EXPECTED = "expected"
CLOSED, SLIPPED, BACK, LEFT, UNEXPECTED = "closed", "slipped", "back", "left", "unexpected"
OF_THE_EXPECTED = (CLOSED, SLIPPED, BACK, LEFT)
FATES = (
    (EXPECTED, "Expected to close"),
    (CLOSED, "Expected and closed"),
    (SLIPPED, "Expected and still to close"),
    (BACK, "Expected and gone back"),
    (LEFT, "Expected and left otherwise"),
    (UNEXPECTED, "Closed and not expected"),
)
# Later than anything in the log: what stands now stood at this moment.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)

# Every case that has a fate in a month, with it. One statement for all months: the ORM's nested queries asked
# the log a dozen times a case and month (ADR 0038). An open case in one of the two closing stages is expected
# whose expected month, or else whose next CIN meeting or By when, lies in the month or before it: what was
# due earlier and is still open is due now.
STATEMENT = """
WITH span (month, begins, ends, judged, due) AS (VALUES {spans}),
kept AS MATERIALIZED (
  SELECT id, team_id, stage, outcome_id, opened_at, expected_month, next_meeting, by_when
  FROM tracker_trackerrow WHERE state <> '{removed}' AND id IN ({rows})
),
-- A change of stage: `old` stood from after `since` up to `at`.
move AS MATERIALIZED (
  SELECT entry.row_id, entry.at, entry.old, entry.kind, MAX(entry.at) OVER (
    PARTITION BY entry.row_id ORDER BY entry.rev ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS since
  FROM tracker_change entry
  WHERE entry.field = 'stage' AND entry.at >= %s AND entry.row_id IN (SELECT id FROM kept)
),
closing AS (
  SELECT move.row_id AS id, span.* FROM move
  JOIN span ON move.at >= span.begins AND (move.since IS NULL OR move.since < span.begins)
  WHERE move.old IN ({closing})
  UNION ALL
  SELECT kept.id, span.* FROM kept
  LEFT JOIN (SELECT row_id, MAX(at) AS at FROM move GROUP BY row_id) latest ON latest.row_id = kept.id
  JOIN span ON latest.at IS NULL OR latest.at < span.begins
  WHERE kept.stage IN ({closing})
),
expected AS MATERIALIZED (
  SELECT closing.id, closing.month, closing.judged FROM closing
  JOIN kept ON kept.id = closing.id AND kept.opened_at < closing.begins
  WHERE due > COALESCE(NULLIF({expected_month}, ''), NULLIF({next_meeting}, ''), NULLIF({by_when}, ''))
),
told AS (
  SELECT id, month, judged, 1 AS expected FROM expected
  UNION ALL
  SELECT DISTINCT move.row_id, span.month, span.judged, 0 FROM move
  JOIN span ON move.at >= span.begins AND move.at < span.ends
  LEFT JOIN expected ON expected.id = move.row_id AND expected.month = span.month
  WHERE move.kind = '{close}' AND expected.id IS NULL
),
ended AS (
  SELECT told.id, told.month, told.expected, kept.team_id, COALESCE(move.old, kept.stage) AS stage,
    {outcome_id} IN ({no_closure}) AS otherwise
  FROM told JOIN kept ON kept.id = told.id
  LEFT JOIN move ON move.row_id = told.id
    AND move.at >= told.judged AND (move.since IS NULL OR move.since < told.judged)
),
fate AS (
  SELECT id, team_id, month, CASE
    WHEN expected = 1 AND stage = '{closed}' AND otherwise THEN '{LEFT}'
    WHEN expected = 1 AND stage = '{closed}' THEN '{CLOSED}'
    WHEN expected = 1 AND stage IN ({closing}) THEN '{SLIPPED}'
    WHEN expected = 1 THEN '{BACK}'
    WHEN stage = '{closed}' AND NOT otherwise THEN '{UNEXPECTED}'
  END AS fate
  FROM ended
)
"""
# The raw text of a field as it stood at a moment: before the first change from then on, or as it stands.
STOOD = """COALESCE((
  SELECT later.old FROM tracker_change later
  WHERE later.row_id = {of}.id AND later.field = '{field}' AND later.at >= {of}.{moment}
  ORDER BY later.rev LIMIT 1
), CAST(kept.{column} AS text), '')"""

COUNTED = """SELECT month, team_id, fate, COUNT(*) FROM fate
WHERE fate IS NOT NULL GROUP BY month, team_id, fate"""
FATE_NAMES = {"CLOSED": CLOSED, "SLIPPED": SLIPPED, "BACK": BACK, "LEFT": LEFT, "UNEXPECTED": UNEXPECTED}
DAYS = ("expected_month", "next_meeting", "by_when")

Statement = tuple[str, list[Any]]


def ledger(
    rows: RowQuerySet, months: Sequence[date], now: datetime
) -> Mapping[date, Mapping[int, Mapping[str, int]]]:
    """By month and team, how many cases had each fate, and how many were expected; two statements.

    In a month that is still running, what is still to close has time left.
    """
    fates, parameters = _fates(rows, months, now)
    counted: dict[date, dict[int, Counter[str]]] = {month: {} for month in months}
    with connection.cursor() as cursor:
        cursor.execute(" ".join((fates, COUNTED)), parameters)
        for month, team, fate, cases in cursor.fetchall():
            of_team = counted[date.fromisoformat(month)].setdefault(team, Counter())
            of_team[fate] = cases
            if fate in OF_THE_EXPECTED:
                of_team[EXPECTED] += cases
    return counted


def of_fate(rows: RowQuerySet, month: date, fate: str, now: datetime) -> RowQuerySet:
    """The rows that the ledger counts under this fate; with `EXPECTED`, all that were expected."""
    wanted = OF_THE_EXPECTED if fate == EXPECTED else (fate,)
    fates, parameters = _fates(rows, [month], now)
    statement = " ".join((fates, "SELECT id FROM fate WHERE fate IN", f"({_listed(wanted)})"))
    # What people write and what an address asks for are parameters of it, never its text.
    found = RawSQL(statement, parameters)  # noqa: S611 - as said above
    return rows.filter(pk__in=found)


def _fates(rows: RowQuerySet, months: Sequence[date], now: datetime) -> Statement:
    """The beginning of a statement that can select from `fate`, with its parameters."""
    chosen, of_rows = rows.order_by().values("pk").query.sql_with_params()
    no_closures = Outcome.objects.filter(code__in=NO_CLOSURE).values_list("pk", flat=True)
    statement = STATEMENT.format(
        spans=", ".join(["(%s, %s, %s, %s, %s)"] * len(months)),
        rows=chosen,
        removed=RowState.REMOVED,
        closing=_listed(EXPECTED_CLOSURES),
        close=ChangeKind.CLOSE,
        closed=Stage.CLOSED,
        no_closure=_listed(no_closures),
        outcome_id=_stood("outcome", "told", "judged", column="outcome_id"),
        **{key: _stood(key, "closing", "begins") for key in DAYS},
        **FATE_NAMES,
    )
    spans = [value for month in months for value in _span(month, now)]
    return statement, [*spans, *of_rows, _moment(beginning(min(months)))]


def _span(month: date, now: datetime) -> tuple[Any, ...]:
    """A month as the statement takes it; one that is over is judged as it ended, another as it stands."""
    following = first_of_month(month, 1)
    begins, ends = beginning(month), beginning(following)
    judged = ends if ends <= now else NEVER
    return month.isoformat(), _moment(begins), _moment(ends), _moment(judged), following.isoformat()


def _moment(at: datetime) -> Any:
    """A moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)


def _stood(field_key: str, of: str, moment: str, *, column: str = "") -> str:
    return STOOD.format(field=field_key, of=of, moment=moment, column=column or field_key)


def _listed(values: Iterable[Any]) -> str:
    """Codes and numbers of the program's own as the texts of a list in SQL."""
    return ", ".join(f"'{value}'" for value in values)
