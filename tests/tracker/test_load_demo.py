"""The demonstration council and the load for measuring: whatever they write must agree with itself."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from itertools import groupby
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.chain.digests import fits
from accounts.demo import PASSWORD, demo_email, shown_people
from accounts.models import AuditEvent, Locality, Membership, Team, User
from accounts.permissions import rights, teams_with
from accounts.roles import Role
from summary import places
from summary.changes.demonstration import hold_check_in
from summary.ledger import FATES, ledger
from summary.models import CheckIn
from tests.factories import cleaned, make_person
from tracker.changes import demonstration, past
from tracker.changes.demonstration import CHECKED_IN, load_council, load_rows
from tracker.changes.edit import edit_cell
from tracker.choices import ChangeKind, Result, RowState, Why
from tracker.demo import council
from tracker.fields import FIELDS
from tracker.models import (
    Answer,
    Case,
    Change,
    ColourMeaning,
    Family,
    Meeting,
    MeetingItem,
    Operation,
    TeamColumn,
    TeamLog,
    TrackerRow,
)
from tracker.months import first_of_month
from tracker.sealing import content_of
from tracker.stuck import date_moved, is_stuck, same_action, same_stage, with_stuck

WRITTEN: tuple[type[Model], ...] = (
    Answer, AuditEvent, Case, Change, CheckIn, ColourMeaning, Family, Locality, Meeting, MeetingItem,
    Membership, Operation, Team, TeamColumn, TeamLog, TrackerRow, User,
)  # fmt: skip
RIGHTS = {ChangeKind.ANSWER.value: "answer_difficulty"}
LAST_STATE = {
    ChangeKind.ADD: RowState.OPEN,
    ChangeKind.CLOSE: RowState.CLOSED,
    ChangeKind.REOPEN: RowState.OPEN,
    ChangeKind.REMOVE: RowState.REMOVED,
}


@pytest.fixture
def two_localities(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A council of two localities with a few rows a team, and so quicker to load."""
    plan_of = council.plan_of

    def few_rows(team: str, place: int) -> council.Plan:
        plan = plan_of(team, place)
        return replace(plan, open_rows=min(6, plan.open_rows), closed_rows=min(1, plan.closed_rows))

    monkeypatch.setattr(council, "LOCALITIES", council.LOCALITIES[:2])
    monkeypatch.setattr(council, "plan_of", few_rows)


def test_everything_in_the_council_agrees_with_its_history(db: None) -> None:
    today = timezone.localdate()

    load_council(today=today, hold_check_in=hold_check_in)

    assert list(faults(today)) == []
    assert list(faults_of_digests()) == []
    assert list(missing(today)) == []
    assert shares(today) == {
        "localities": True,
        "teams": True,
        "open rows": True,
        "closed rows": True,
        "stuck": True,
        "overdue": True,
        "missing PINs": True,
        "blank dates": True,
        "passed meetings": True,
        "difficulties": True,
        "coloured": True,
        "reopened": True,
        "moved": True,
        "entries a row": True,
    }


def test_a_check_in_keeps_the_figures_of_its_day(two_localities: None) -> None:
    today = timezone.localdate()
    load_council(today=today, hold_check_in=hold_check_in)
    told = CheckIn.objects.get(locality__name="Bolsover")

    moment = timezone.localdate(told.at)
    cases = Change.objects.filter(team__locality=told.locality, at__lt=told.at)
    came, went = (cases.filter(kind__in=kinds).count() for kinds in (("add", "reopen"), ("close", "remove")))
    assert sum(team["numbers"]["open"] for team in told.figures["teams"]) == came - went
    assert told.by == person_of(Role.HEAD_OF_SERVICE)
    assert timedelta(days=CHECKED_IN) <= today - moment <= timedelta(days=CHECKED_IN + 2)


def test_a_check_in_is_asked_of_tables_that_were_counted(two_localities: None) -> None:
    counted = []

    load_council(
        today=timezone.localdate(),
        hold_check_in=lambda *_: counted.append((rows_as_planned_for(), TrackerRow.objects.count())),
    )

    assert len(counted) == 2
    assert all(planned == there for planned, there in counted)


def rows_as_planned_for() -> int:
    """How many rows the database believes the trackers have when it chooses how to answer."""
    if connection.vendor == "sqlite":
        # It keeps no such number.
        return TrackerRow.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [TrackerRow._meta.db_table])
        return int(cursor.fetchone()[0])


def test_a_second_run_changes_nothing_and_asks_little(two_localities: None) -> None:
    call_command("load_demo", quiet=True)
    before = {record: record._default_manager.count() for record in WRITTEN}

    with CaptureQueriesContext(connection) as statements:
        call_command("load_demo", quiet=True)

    assert {record: record._default_manager.count() for record in WRITTEN} == before
    assert len(statements) <= 6


def test_the_teams_of_the_samples_are_empty(two_localities: None) -> None:
    load_council(today=timezone.localdate())

    empty = Team.objects.filter(name__in=council.EMPTY_TEAMS)
    assert empty.count() == 3
    assert not TrackerRow.objects.filter(team__in=empty).exists()
    assert not Change.objects.filter(team__in=empty).exists()


def test_two_loads_of_one_day_tell_the_same(two_localities: None) -> None:
    first, second = (what_a_load_tells() for _ in range(2))

    assert first == second


def test_a_load_that_fails_leaves_nothing(two_localities: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(past, "write", fail)

    with pytest.raises(OSError, match="full"):
        load_council(today=timezone.localdate())

    assert [record for record in WRITTEN if record._default_manager.exists()] == []


@pytest.mark.parametrize("command", [("load_demo",), ("load_scale", "--rows=10")])
def test_a_database_with_real_people_is_refused(
    db: None, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    make_person(email="someone@council.example")

    with pytest.raises(SystemExit) as refused:
        call_command(*command)

    assert refused.value.code == 2
    assert capsys.readouterr().err.startswith("This database holds people outside")
    assert not Locality.objects.exists()


def test_whoever_was_added_to_the_demonstration_does_not_keep_it_from_starting_again(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(council, "LOCALITIES", council.LOCALITIES[:1])
    call_command("load_demo", "--quiet")
    make_person(email="someone@council.example")

    call_command("load_demo")

    assert capsys.readouterr().out.startswith("The demonstration council was there already.")


def test_a_locality_of_the_same_name_is_refused(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    Locality.objects.create(name="Bolsover")

    with pytest.raises(SystemExit) as refused:
        call_command("load_demo")

    assert refused.value.code == 2
    assert "already has a name" in capsys.readouterr().err


def test_one_person_per_role_of_two_localities_can_sign_in(two_localities: None) -> None:
    load_council(today=timezone.localdate())

    assert len(shown_people()) == 2 * len(Role)
    assert User.objects.values("password").distinct().count() == 1
    assert User.objects.earliest("pk").check_password(PASSWORD)


def test_each_person_reaches_what_the_role_says(two_localities: None) -> None:
    load_council(today=timezone.localdate())

    reach = {role: teams_with(person_of(role), "edit_row").count() for role in Role}
    assert reach == {
        Role.PERFORMANCE_OFFICER: 8,
        Role.TEAM_COORDINATOR: 4,
        Role.PRACTICE_SUPERVISOR: 4,
        Role.TEAM_MANAGER: 4,
        Role.HEAD_OF_SERVICE: 0,
        Role.STAND_IN: 1,
    }
    assert "edit_row" in rights(person_of(Role.STAND_IN), Team.objects.get(name="Bolsover Team 4"))


def test_officers_are_contacts_of_their_localities(two_localities: None) -> None:
    load_council(today=timezone.localdate())

    officer = person_of(Role.PERFORMANCE_OFFICER)
    assert list(Locality.objects.get(name="Bolsover").contact_officers.all()) == [officer]


def test_a_stand_in_whose_time_is_over_is_renewed_once(two_localities: None) -> None:
    today = timezone.localdate()
    load_council(today=today - timedelta(days=40))

    for _ in range(2):
        load_council(today=today)

    active = Membership.objects.active(today).filter(role=Role.STAND_IN)
    assert active.count() == 2
    assert Membership.objects.filter(role=Role.STAND_IN).count() == 4


def test_a_stand_in_who_was_ended_by_hand_stays_ended(two_localities: None) -> None:
    today = timezone.localdate()
    load_council(today=today - timedelta(days=40))
    Membership.objects.filter(role=Role.STAND_IN).update(ended_at=timezone.now())

    load_council(today=today)

    assert not Membership.objects.active(today).filter(role=Role.STAND_IN).exists()


def test_it_says_whom_one_can_be(two_localities: None, settings: Settings) -> None:
    settings.DEMO = True

    said = output("load_demo")

    assert all(person.email in said for person in shown_people())
    assert PASSWORD in said
    assert "DEMO=1" not in said


def test_outside_of_a_demonstration_it_says_what_signing_in_needs(
    two_localities: None, settings: Settings
) -> None:
    settings.DEMO = False

    assert "needs DEMO=1" in output("load_demo")


def test_quiet_prints_nothing(two_localities: None) -> None:
    assert output("load_demo", "--quiet") == ""


def test_rows_for_measuring_agree_with_their_history(db: None) -> None:
    load_rows(rows=100, today=timezone.localdate())

    assert list(faults(timezone.localdate())) == []
    sizes = Counter(TrackerRow.objects.open().values_list("team__name", flat=True))
    assert sorted(sizes.values()) == [10, 45, 45]


@pytest.fixture
def small_localities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured localities of two teams with three rows, of which two are told and the others twins."""
    monkeypatch.setattr(demonstration, "ROWS_A_TEAM", 3)
    monkeypatch.setattr(demonstration, "ROWS_A_LOCALITY", 6)
    monkeypatch.setattr(demonstration, "TOLD", 2)


def test_twins_of_a_told_locality_agree_with_their_history_too(db: None, small_localities: None) -> None:
    load_rows(rows=32, today=timezone.localdate())

    assert list(faults(timezone.localdate())) == []
    assert list(faults_of_digests()) == []
    open_rows = Counter(TrackerRow.objects.open().values_list("team__locality__name", flat=True))
    assert sorted(open_rows.values()) == [2, 6, 6, 6, 6, 6]
    third = Locality.objects.order_by("name")[2]
    people = User.objects.filter(memberships__locality=third)
    assert {teams_with(person, "view_tracker").count() for person in people} == {2}


def test_after_twins_people_go_on_writing(db: None, small_localities: None) -> None:
    load_rows(rows=24, today=timezone.localdate())
    row = TrackerRow.objects.open().latest("pk")
    manager = User.objects.get(
        memberships__locality=row.team.locality_id, memberships__role=Role.TEAM_MANAGER
    )

    edit_cell(row=row, field="owner", new=cleaned("owner", "New"), base=row.rev("owner"), by=manager)
    load_rows(rows=48, today=timezone.localdate())

    assert TeamLog.head_of(row.team_id) == Change.objects.filter(team=row.team_id).count()
    assert TrackerRow.objects.open().count() == 48


def test_twins_are_written_in_few_statements(db: None, small_localities: None) -> None:
    with CaptureQueriesContext(connection) as few:
        load_rows(rows=18, today=timezone.localdate())
    with CaptureQueriesContext(connection) as many:
        load_rows(rows=18 + 36, today=timezone.localdate())

    # Places and people take some a locality; rows and their log take none more.
    added = [query["sql"] for query in many if "INSERT INTO tracker_" in query["sql"]]
    assert len(added) == len([query for query in few if "INSERT INTO tracker_" in query["sql"]])


def test_rows_for_measuring_are_added_only_where_missing(db: None) -> None:
    load_rows(rows=50, today=timezone.localdate())

    assert load_rows(rows=70, today=timezone.localdate()) == 20
    assert load_rows(rows=70, today=timezone.localdate()) == 0
    assert TrackerRow.objects.open().count() == 70


def test_more_rows_take_few_more_statements(db: None) -> None:
    with CaptureQueriesContext(connection) as few:
        load_rows(rows=3, today=timezone.localdate())
    with CaptureQueriesContext(connection) as many:
        load_rows(rows=45, today=timezone.localdate())

    assert len(many) - len(few) <= 20


def faults(today: date) -> Iterator[str]:
    """Everything in the database that contradicts the history; one sentence each."""
    yield from faults_of_numbers()
    yield from faults_of_meetings()
    yield from faults_of_acts(today)
    changes = Change.objects.exclude(row=None).order_by("row_id", "row_rev")
    told = {row_id: list(some) for row_id, some in groupby(changes, lambda change: change.row_id)}
    for row in TrackerRow.objects.select_related("case"):
        for fault in faults_of_row(row, told.get(row.pk, [])):
            yield f"row {row.pk} of {row.case.person}: {fault}"
    cases = Case.objects.filter(rows=None)
    yield from (f"case {case.pk} has no row" for case in cases)
    for team in Team.objects.all():
        orders = list(team.rows.order_by("opened_at", "order").values_list("order", flat=True))
        if orders != list(range(1, len(orders) + 1)):
            yield f"{team}: rows stand in another order than they were added in"


def faults_of_digests() -> Iterator[str]:
    """Each entry of the history bears the digest of what it says (tracker/sealing.py)."""
    unproven = [one.pk for one in Change.objects.all() if not fits(content_of(one), one.digest)]
    yield from (f"change {pk} bears another digest than it should" for pk in unproven)


def faults_of_meetings() -> Iterator[str]:
    """Each meeting ended, began and ended at its numbers, and holds what was written in it, nothing else."""
    for meeting in Meeting.objects.prefetch_related("items"):
        numbers = list(meeting.changes.values_list("seq", flat=True))
        if not (meeting.ended_at and meeting.stood_at is not None):
            yield f"meeting {meeting.pk} never ended"
        elif numbers and not meeting.began_at < min(numbers) <= max(numbers) <= meeting.stood_at:
            yield f"meeting {meeting.pk} has changes from outside of it"
        items = list(meeting.items.all())
        if [item.place for item in items] != list(range(1, len(items) + 1)):
            yield f"meeting {meeting.pk}: its places have a gap"
        written = set(meeting.changes.values_list("row", flat=True))
        talked_about = {item.row_id for item in items if item.result in (Result.DISCUSSED, Result.PARKED)}
        if not written <= talked_about:
            yield f"meeting {meeting.pk}: something was written in a case that it passed over"


def missing(today: date) -> Iterator[str]:
    """What the four scenes need to be played, and the council has none or little of; one word each."""
    now, opened = timezone.now(), TrackerRow.objects.open()
    items, stuck = MeetingItem.objects.all(), with_stuck(opened, now)
    months = [first_of_month(today, -1), first_of_month(today)]
    told = [places.total(one) for one in ledger(TrackerRow.objects.all(), months, now).values()]
    fortnight = now - timedelta(days=14)
    found = {
        "meetings": Meeting.objects.count() // 21,
        **{f"result {one}": items.filter(result=one).count() for one in Result},
        **{f"last action {one}": items.filter(last_action=one).count() for one in ("done", "extended")},
        **{f"listed as {one}": items.filter(why=one).count() for one in Why},
        "answered": opened.answered().count(),
        "unanswered": opened.unanswered().count(),
        "unanswered for two weeks": opened.unanswered_since(fortnight).count(),
        "stuck in stage": stuck.filter(same_stage(now)).count(),
        "stuck with an action": stuck.filter(same_action(now)).count(),
        "stuck with a date": stuck.filter(date_moved()).count(),
        "families": Family.objects.count(),
        "months passed": opened.filter(expected_month__lt=first_of_month(today)).count(),
        "unreviewed needs": opened.filter(needed__reviewed=False).count(),
        "check-ins": CheckIn.objects.exclude(note="").count(),
        **{f"ledger: {fate}": sum(one.get(fate, 0) for one in told) for fate, _ in FATES},
    }
    few = {"check-ins": 6, "ledger: left": 1, "meetings": 10}
    yield from (f"{what}: {number}" for what, number in found.items() if number < few.get(what, 5))


def faults_of_numbers() -> Iterator[str]:
    """Per team: gap-free from 1 to the head, in order of time."""
    heads = dict(TeamLog.objects.values_list("team_id", "head"))
    changes = Change.objects.order_by("team_id", "seq")
    for team_id, some in groupby(changes, lambda change: change.team_id):
        team_changes = list(some)
        numbers = [change.seq for change in team_changes]
        if numbers != list(range(1, heads.pop(team_id) + 1)):
            yield f"team {team_id}: the numbers have a gap, or the head is wrong"
        times = [change.at for change in team_changes]
        if times != sorted(times):
            yield f"team {team_id}: the numbers are not in order of time"
    yield from (f"team {team_id} has a head and no changes" for team_id in heads)


def faults_of_acts(today: date) -> Iterator[str]:
    """Each act: in the past, by somebody who may write there, with its entries and its answer."""
    may = {
        (person.pk, right): set(teams_with(person, right).values_list("pk", flat=True))
        for person in User.objects.all()
        for right in ("edit_row", "answer_difficulty")
    }
    names = dict(User.objects.values_list("pk", "name"))
    last: dict[int, int] = {}
    for change in Change.objects.select_related("operation").order_by("team_id", "seq"):
        act = change.operation
        last[act.pk] = max(last.get(act.pk, 0), change.pk)
        if (change.at, change.by_id) != (act.at, act.by_id):
            yield f"change {change.pk} and its act differ"
        if change.by_id is None or change.by_name != names[change.by_id]:
            yield f"change {change.pk} is by nobody known"
        elif change.team_id not in may[change.by_id, RIGHTS.get(change.kind, "edit_row")]:
            yield f"change {change.pk} is by {change.by_name}, who may not write there"
        if timezone.localtime(change.at).date() >= today:
            yield f"change {change.pk} is not past"
    answers = {change.pk: change for change in Change.objects.filter(pk__in=last.values())}
    for act in Operation.objects.all():
        newest = answers.get(last.get(act.pk, 0))
        expected = (newest.row_id, newest.seq, newest.rev) if newest else None
        if (act.answer["row"], act.answer["seq"], act.answer["rev"]) != expected:
            yield f"act {act.pk} ({act.kind}) has another answer than its last entry"


def faults_of_row(row: TrackerRow, changes: list[Change]) -> Iterator[str]:
    """A row is what its entries, read from the first to the last, make of it."""
    if not changes or changes[0].kind != ChangeKind.ADD:
        yield "does not begin with its addition"
        return
    values: dict[str, str] = json.loads(changes[0].new)
    revs: Counter[str] = Counter()
    for number, change in enumerate(changes, start=1):
        if change.row_rev != number or change.team_id != row.team_id:
            yield f"entry {number} has the row version {change.row_rev}, or another team"
        if not change.field:
            continue
        revs[change.field] += 1
        if change.rev != revs[change.field]:
            yield f"{change.field}: version {change.rev} follows {revs[change.field] - 1}"
        if change.old != values.get(change.field, "") or change.old == change.new:
            yield f"{change.field}: {change.old!r} was {values.get(change.field, '')!r}"
        values[change.field] = change.new
    values.pop("answer", None)
    keys = {*FIELDS, *row.extra, *values}
    yield from (
        f"{key} is {row.raw(key)!r}, told as {values.get(key)!r}"
        for key in keys
        if row.raw(key) != values.get(key, "")
    )
    if row.row_rev != len(changes) or row.field_rev != revs:
        yield "its versions do not count its changes"
    yield from faults_of_state(row, changes)


def faults_of_state(row: TrackerRow, changes: list[Change]) -> Iterator[str]:
    """Open, closed or removed as the last such entry says, with its day and author."""
    last = [change for change in changes if change.kind in LAST_STATE][-1]
    if row.state != LAST_STATE[ChangeKind(last.kind)] or row.opened_at != changes[0].at:
        yield f"is {row.state} after {last.kind}"
    closed = (last.at, last.by_id) if row.state == RowState.CLOSED else (None, None)
    if (row.closed_at, row.closed_by_id) != closed:
        yield "was closed at another time, or by somebody else"
    if row.case.cin_start and row.case.cin_start > timezone.localdate(row.opened_at):
        yield "was added before its plan began"


def shares(today: date) -> dict[str, bool]:
    """What makes the council look like real life, and whether there is as much of it as there should be."""
    rows, opened = TrackerRow.objects, TrackerRow.objects.open()
    number = opened.count()

    def between(low: float, value: float, high: float) -> bool:
        return low <= value <= high

    half_a_year = today - timedelta(days=183)
    return {
        "localities": Locality.objects.count() == 6,
        "teams": Team.objects.count() == 24,
        "open rows": between(1100, number, 1300),
        "closed rows": between(350, rows.closed().filter(closed_at__date__gt=half_a_year).count(), 450),
        "stuck": between(
            0.2, with_stuck(opened, timezone.now()).filter(is_stuck(timezone.now())).count() / number, 0.35
        ),
        "overdue": between(0.12, opened.overdue(today).count() / number, 0.18),
        "missing PINs": between(5, opened.filter(case__pin="").count(), 40),
        "blank dates": between(0.02, opened.filter(Q(by_when=None)).count() / number, 0.08),
        "passed meetings": between(0.05, opened.meeting_passed(today).count() / number, 0.18),
        "difficulties": between(0.15, opened.exclude(difficulty=None).count() / number, 0.25),
        "coloured": between(0.1, opened.exclude(colour="").count() / number, 0.4),
        "reopened": between(5, opened.filter(changes__kind="reopen").count(), 30),
        "moved": between(5, rows.closed().filter(outcome__code="moved").count(), 40),
        "entries a row": between(6, Change.objects.count() / rows.count(), 12),
    }


def what_a_load_tells() -> Sequence[tuple[Any, ...]]:
    """Loads, looks, and takes it back."""
    with transaction.atomic():
        load_council(today=date(2026, 11, 20))
        told = list(
            Change.objects.order_by("team__name", "seq").values_list(
                "team__name", "seq", "operation__op", "row__case__person", "kind", "by_name", "at"
            )
        )
        transaction.set_rollback(True)
    return told


def person_of(role: Role) -> User:
    """Bolsover's person of this role."""
    return User.objects.get(email=demo_email(role, "Bolsover"))


def output(*command: str) -> str:
    """What the command prints."""
    printed = StringIO()
    call_command(*command, stdout=printed)
    return printed.getvalue()
