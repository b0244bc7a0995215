"""While somebody holds the write lock, pages are answered, and saves are told when to come again."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import write_lock
from accounts.models import Session, Team, User
from accounts.sessions import SessionStore
from icm.databases import LOCK_SECONDS
from tests.conftest import World
from tests.factories import make_row
from tracker.models import TeamLog, TrackerRow

SAVES = 12
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def locked(team: Team, *, seconds: float = 60) -> Iterator[None]:
    """Another process writes on the team's tracker, and goes on for longer than anybody waits."""
    held, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            TeamLog.take(team.pk, 0)
            held.set()
            done.wait(seconds)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        held.wait(60)
        try:
            yield
        finally:
            done.set()


def save(client: Client, row: TrackerRow) -> tuple[int, str, float]:
    """One edit of one cell; the status, when to come again, and the seconds it took."""
    began = time.monotonic()
    edit = {"field": "owner", "value": "JB", "base": 0, "op": uuid4()}
    answer = client.post(f"/rows/{row.pk}/cell/", edit, headers={"X-ICM": "script"})
    connection.close()
    return answer.status_code, answer.headers.get("Retry-After", ""), time.monotonic() - began


def test_who_finds_no_place_in_the_queue_is_told_at_once_and_pages_are_answered(
    world: World, sign_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    row, client = make_row(team=world.team), sign_in(world.manager)
    client.get(f"/rows/{row.pk}/history/")
    monkeypatch.setattr(write_lock, "MOVES_WITHIN", 0.01)

    with locked(world.team), ThreadPoolExecutor(SAVES) as pool:
        saves = [pool.submit(save, client, row) for _ in range(SAVES)]
        through = [client.get(f"/teams/{world.team.pk}/changes/?after=1").status_code for _ in range(20)]
        answers = [one.result() for one in saves]

    assert [(status, again) for status, again, _ in answers] == [(503, "2")] * SAVES
    assert through == [204] * 20
    assert sum(seconds > LOCK_SECONDS - 1 for _, _, seconds in answers) <= settings.PAGE_THREADS // 2


def test_the_queue_is_left_as_soon_as_the_lock_is_there(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    row, client = make_row(team=world.team), sign_in(world.manager)

    answers = [save(client, row)[0] for _ in range(settings.PAGE_THREADS)]

    assert answers[0] == 200
    assert 503 not in answers


@pytest.mark.postgresql
def test_who_waits_behind_another_who_waits_is_told_as_soon(world: World) -> None:
    team = world.team
    make_row(team=team)

    with locked(team), ThreadPoolExecutor(2) as pool:
        first = pool.submit(waits, team)
        while not others_wait():
            time.sleep(0.05)
        time.sleep(1)
        second = pool.submit(waits, team)
        took = second.result()
        first.result()

    # Counted anew for the second lock, it would be nine seconds.
    assert took < LOCK_SECONDS + 2


def waits(team: Team) -> float:
    """Seconds until it is told that the team's log is locked."""
    began = time.monotonic()
    with pytest.raises(OperationalError):
        TeamLog.take(team.pk, 0)
    connection.close()
    return time.monotonic() - began


def others_wait() -> bool:
    """Whether somebody waits for a lock now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


def test_to_note_that_somebody_is_there_nobody_waits_for_the_lock(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    key = sign_in(world.manager).session.session_key
    long_ago = timezone.now() - timedelta(minutes=2)
    Session.objects.update(seen_at=long_ago)
    session = SessionStore(key)
    assert session.load()
    if connection.vendor == "sqlite":
        # Whoever waited would get the lock when it is let go, and write.
        connection.connection.execute("PRAGMA busy_timeout = 60000")

    with locked(world.team, seconds=20):
        session.acted()

    noted = Session.objects.get(session_key=key).seen_at != long_ago
    assert noted == (connection.vendor == "postgresql")


def test_a_queue_that_moves_takes_the_next_one_and_one_that_stands_turns_them_away_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue = write_lock.Queue(1)
    assert queue.enter()

    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(write_lock, "MOVES_WITHIN", 60)
        comes = pool.submit(queue.enter)
        queue.leave()
        assert comes.result(60), "whoever waits gets the place that was left"
    monkeypatch.setattr(write_lock, "MOVES_WITHIN", 0)

    assert not queue.enter()
