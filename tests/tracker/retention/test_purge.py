"""Cases whose time is over are erased by the timer, whole, and leave the figures of the past as they were."""

from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any, cast

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.audit import check_log
from accounts.chain.seal import seal
from accounts.models import AuditEvent
from summary.flow import stages_over_time
from summary.ledger import FATES, ledger, of_fate
from tests.conftest import World
from tests.factories import a_need, an_outcome, cleaned, make_closed_row, make_row
from tracker.changes.edit import edit_cell
from tracker.changes.erasing import purge_cases
from tracker.changes.lifecycle import close_row, move_row, remove_row, reopen_row
from tracker.changes.refusals import Invalid
from tracker.changes.retention import end_hold, place_hold, set_days
from tracker.choices import RowState, Stage
from tracker.models import Case, Change, LegalHold, TrackerRow
from tracker.months import beginning

THEN = beginning(date(2026, 3, 10)) + timedelta(hours=10)
# Whatever hangs on the rows goes together; of each child its name, record, family, row and first entry.
STATEMENTS_A_CASE = 8


def run(on: date, *options: str) -> str:
    """What the command says on that day."""
    said = StringIO()
    with time_machine.travel(beginning(on) + timedelta(hours=3), tick=False):
        call_command("purge_closed", *options, stdout=said)
    return said.getvalue()


def after(days: int) -> date:
    return THEN.date() + timedelta(days=days)


@pytest.fixture
def closed(world: World) -> TrackerRow:
    """A case that was closed on the tenth of March."""
    with time_machine.travel(THEN, tick=False):
        return make_closed_row(
            team=world.team, by=world.officer, pin="000007", person="Ed Test", action="Call Gran"
        )


def erased() -> list[int]:
    return list(TrackerRow.objects.exclude(erased_at=None).order_by("pk").values_list("pk", flat=True))


def test_a_closed_case_is_erased_on_its_day_and_not_before(world: World, closed: TrackerRow) -> None:
    run(after(179))
    before = erased()
    run(after(180))

    closed.refresh_from_db()
    assert (before, erased()) == ([], [closed.pk])
    assert (closed.case.pin, closed.case.person, closed.action) == ("", "Erased", "")
    assert (closed.state, closed.stage) == (RowState.CLOSED, Stage.CLOSED)


def test_the_days_are_those_of_the_rule(world: World, closed: TrackerRow) -> None:
    set_days(days=30, by=world.officer)

    run(after(30))

    assert erased() == [closed.pk]


@pytest.mark.parametrize("days", [0, 366])
def test_longer_than_a_year_or_not_at_all_is_refused(world: World, days: int) -> None:
    with pytest.raises(Invalid):
        set_days(days=days, by=world.officer)


def test_a_removed_row_is_erased_so_many_days_after_it_was_removed(world: World) -> None:
    with time_machine.travel(THEN, tick=False) as clock:
        row = make_row(team=world.team, by=world.officer)
        clock.move_to(THEN + timedelta(days=10))
        remove_row(row=row, by=world.officer)

    run(after(189))
    before = erased()
    run(after(190))

    assert (before, erased()) == ([], [row.pk])


def test_what_left_one_tracker_is_kept_while_the_case_is_open_on_another(world: World) -> None:
    with time_machine.travel(THEN, tick=False) as clock:
        row = make_row(team=world.team, by=world.officer, pin="000008")
        answer = move_row(row=row, to=world.neighbour, by=world.officer)
        second = TrackerRow.objects.get(pk=answer.row or 0)
        clock.move_to(THEN + timedelta(days=300))
        close_row(row=second, outcome=an_outcome(), by=world.officer)

    run(after(400))
    before = erased()
    run(after(480))

    assert (before, erased()) == ([], [row.pk, second.pk])


def test_a_case_on_hold_is_left_until_the_hold_is_ended(world: World, closed: TrackerRow) -> None:
    place_hold(case=closed.case, reason="Inquest", asked_by="Legal services", by=world.officer)

    said = run(after(400))
    before = erased()
    end_hold(case=closed.case, by=world.officer, now=timezone.now())
    run(after(401))

    assert "1 on hold" in said
    assert (before, erased(), LegalHold.objects.count()) == ([], [closed.pk], 0)


def test_a_reopened_case_is_kept(world: World, closed: TrackerRow) -> None:
    reopen_row(row=closed, by=world.officer)

    run(after(400))

    assert erased() == []


def test_a_dry_run_says_the_numbers_and_changes_nothing(world: World, closed: TrackerRow) -> None:
    said = run(after(180), "--dry-run")

    assert said.startswith("Would be erased after 180 days: cases 1, rows 1, changes 3")
    assert "Ed" not in said
    assert (erased(), AuditEvent.objects.filter(kind="retention").count()) == ([], 0)


def test_a_second_run_finds_nothing_and_both_are_logged_in_numbers(world: World, closed: TrackerRow) -> None:
    first, second = run(after(180)), run(after(180))

    entries = AuditEvent.objects.filter(kind="retention").order_by("pk")
    assert check_log(by=None).faults == []
    assert first.startswith("Erased after 180 days: cases 1, rows 1, changes 3")
    assert second.startswith("Erased after 180 days: cases 0, rows 0")
    assert [(one.purpose, one.row_ids, one.detail["cases"]) for one in entries] == [
        ("erase when time is over", [closed.pk], 1),
        ("purge", [], 1),
        ("purge", [], 0),
    ]


def test_a_case_that_comes_back_between_asking_and_erasing_is_left_alone(
    world: World, closed: TrackerRow
) -> None:
    reopen_row(row=closed, by=world.officer)

    counts = purge_cases(case_ids=[closed.case_id], today=after(400))

    assert (counts.cases, erased()) == (0, [])


def test_children_whom_nothing_names_cost_few_statements_each(world: World) -> None:
    def taken(number: int) -> int:
        with time_machine.travel(THEN, tick=False):
            rows = [make_closed_row(team=world.team, by=world.officer) for _ in range(number)]
        seal()
        with CaptureQueriesContext(connection) as asked:
            assert purge_cases(case_ids=[row.case_id for row in rows], today=after(180)).cases == number
        return len(asked)

    few, many = taken(5), taken(15)

    assert (many - few) / 10 <= STATEMENTS_A_CASE


def test_stopped_in_the_middle_of_a_case_nothing_of_it_is_gone(
    world: World, closed: TrackerRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tracker.changes.erasing._blank", killed)
    with pytest.raises(KeyboardInterrupt):
        run(after(180))

    assert (Case.objects.get(pk=closed.case_id).pin, erased()) == ("000007", [])
    assert Change.objects.get(row=closed, kind="add").new.count("Call Gran") == 1

    monkeypatch.undo()
    run(after(180))
    assert erased() == [closed.pk]


def test_an_erased_row_is_on_no_page_and_cannot_come_back(world: World, closed: TrackerRow, sign_in) -> None:  # type: ignore[no-untyped-def]
    run(after(180))
    closed.refresh_from_db()
    client = sign_in(world.officer)

    pages = [client.get(reverse(name, args=[closed.pk])).status_code for name in ("row", "history")]

    assert pages == [404, 404]
    assert (
        f'data-row="{closed.pk}"' not in client.get(reverse("closed", args=[world.team.pk])).content.decode()
    )
    with pytest.raises(Invalid):
        reopen_row(row=closed, by=world.officer)


def figures(world: World, now: datetime) -> list[object]:
    """Everything that the Summary says of months past."""
    rows = TrackerRow.objects.filter(team__in=[world.team, world.neighbour])
    months = [date(2026, month, 1) for month in range(1, 10)]
    return [
        ledger(rows, months, now),
        [[of_fate(rows, month, fate, now).count() for fate, _ in FATES] for month in months],
        [(rows.came_in(month).count(), rows.closed_in(month).count()) for month in months],
        stages_over_time(rows, timezone.localtime(now).date()),
    ]


def test_the_figures_of_the_past_are_the_same_before_and_after(world: World) -> None:
    with time_machine.travel(beginning(date(2026, 1, 20)), tick=False) as clock:
        closing: dict[str, Any] = {"stage": Stage.DECIDED, "team": world.team, "by": world.officer}
        kept = make_row(**closing, by_when=date(2026, 2, 17))
        slipped = make_row(**closing, next_meeting=date(2026, 2, 27))
        back = make_row(**closing, expected_month=date(2026, 2, 1), needed=a_need())
        moved = make_row(**closing, by_when=date(2026, 2, 3), pin="000011")
        unexpected = make_row(team=world.team, by=world.officer, stage=Stage.UNDERWAY)
        error = make_row(team=world.team, by=world.officer)
        clock.move_to(beginning(date(2026, 2, 10)))
        edit_cell(row=back, field="stage", new=cleaned("stage", Stage.UNDERWAY), base=0, by=world.officer)
        edit_cell(
            row=slipped,
            field="next_meeting",
            new=cleaned("next_meeting", date(2026, 3, 20)),
            base=0,
            by=world.officer,
        )
        remove_row(row=error, by=world.officer)
        answer = move_row(row=moved, to=world.neighbour, by=world.officer)
        clock.move_to(beginning(date(2026, 2, 20)))
        for row in (kept, unexpected, TrackerRow.objects.get(pk=answer.row or 0)):
            close_row(row=row, outcome=an_outcome(), by=world.officer)
        clock.move_to(beginning(date(2026, 3, 25)))
        for row in (slipped, back):
            close_row(row=row, outcome=an_outcome(), by=world.officer)
    now = beginning(date(2026, 10, 20))
    with time_machine.travel(now, tick=False):
        before = figures(world, now)

    run(date(2026, 10, 20))

    with time_machine.travel(now, tick=False):
        assert figures(world, now) == before
    assert len(erased()) == 7
    assert sum(len(teams) for teams in cast("Any", before[0]).values()) > 0
