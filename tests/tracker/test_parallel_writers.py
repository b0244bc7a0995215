"""Many writers at once, each on a connection of its own: no error, no gap, no loss. On both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.models import Team, User
from accounts.roles import Role
from tests.factories import cleaned, make_locality, make_member, make_row, make_team
from tracker.changes.edit import edit_cell
from tracker.changes.refusals import StaleEdit
from tracker.models import Change, RefusedEdit, TeamLog, TrackerRow

WRITERS = 8
EDITS_EACH = 10

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team() -> Team:
    """A team in which people write."""
    return make_team(locality=make_locality())


def in_parallel(work: Callable[[int], str], workers: int = WRITERS) -> list[str]:
    """Runs the work in as many threads, started together, each closing its own connection."""
    together = Barrier(workers)

    def run(number: int) -> str:
        try:
            together.wait()
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as threads:
        return list(threads.map(run, range(workers)))


def writer(team: Team) -> User:
    """A person who may edit there."""
    return make_member(Role.TEAM_MANAGER, locality=team.locality, teams=[team])


def test_eight_writers_meet_no_error_and_leave_no_gap_in_the_numbers(team: Team) -> None:
    people = [writer(team) for _ in range(WRITERS)]
    rows = [make_row(team=team) for _ in range(WRITERS)]

    def work(number: int) -> str:
        for edit in range(EDITS_EACH):
            edit_cell(
                row=rows[number],
                field="owner",
                new=cleaned("owner", f"{number}-{edit}"),
                base=edit,
                by=people[number],
            )
        return "done"

    assert in_parallel(work) == ["done"] * WRITERS

    numbers = list(Change.objects.filter(team=team).values_list("seq", flat=True))
    assert numbers == list(range(1, WRITERS * EDITS_EACH + WRITERS + 1))
    assert TeamLog.head_of(team.pk) == numbers[-1]


def test_of_writers_of_one_cell_one_wins_and_no_text_is_lost(team: Team) -> None:
    people = [writer(team) for _ in range(WRITERS)]
    row = make_row(team=team)

    def work(number: int) -> str:
        mine = TrackerRow.objects.select_related("team__locality", "case").get(pk=row.pk)
        new = cleaned("action", f"text {number}")
        try:
            return edit_cell(row=mine, field="action", new=new, base=0, by=people[number]).outcome
        except StaleEdit:
            return "conflict"

    outcomes = in_parallel(work)

    assert sorted(outcomes) == ["conflict"] * (WRITERS - 1) + ["saved"]
    row.refresh_from_db()
    kept = {row.action, *RefusedEdit.objects.values_list("value", flat=True)}
    assert kept == {f"text {number}" for number in range(WRITERS)}


def test_writers_of_different_cells_of_one_row_never_clash(team: Team) -> None:
    fields = ("action", "owner", "update", "person")
    people = [writer(team) for _ in fields]
    row = make_row(team=team)

    def work(number: int) -> str:
        mine = TrackerRow.objects.select_related("team__locality", "case").get(pk=row.pk)
        new = cleaned(fields[number], f"text {number}")
        return edit_cell(row=mine, field=fields[number], new=new, base=0, by=people[number]).outcome

    assert in_parallel(work, workers=len(fields)) == ["saved"] * len(fields)

    row = TrackerRow.objects.select_related("case").get(pk=row.pk)
    assert [row.raw(key) for key in fields] == [f"text {number}" for number in range(len(fields))]
    assert row.field_rev == dict.fromkeys(fields, 1)


def test_the_first_writes_of_a_new_team_make_one_log(team: Team) -> None:
    people = [make_member(Role.PERFORMANCE_OFFICER) for _ in range(WRITERS)]

    def work(number: int) -> str:
        make_row(team=team, by=people[number])
        return "done"

    in_parallel(work)

    assert TeamLog.head_of(team.pk) == WRITERS


@pytest.mark.sqlite
def test_a_transaction_takes_the_write_lock_when_it_begins() -> None:
    options = connection.settings_dict["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"


@pytest.mark.sqlite
def test_an_acknowledged_save_is_on_the_disk(team: Team) -> None:
    with connection.cursor() as cursor:
        modes = {
            pragma: cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("synchronous", "foreign_keys", "journal_mode")
        }

    assert (modes["synchronous"], modes["foreign_keys"]) == (2, 1)
    assert modes["journal_mode"] in ("truncate", "wal")
