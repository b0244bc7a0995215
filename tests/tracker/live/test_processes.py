"""Servers as in production, each a process on one PostgreSQL: what passes between them, what they cost."""

from collections.abc import Callable
from itertools import cycle, islice
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_member, make_row
from tests.tracker.live.conftest import GRACE, Served
from tests.tracker.live.listening import Listener, post, saved_by
from tracker.live.announce import CHANNEL

pytestmark = pytest.mark.postgresql

Opened = Callable[..., Listener]
Serve = Callable[[], Served]
STREAMS, PEOPLE = 200, 20
MOST_THREADS, MOST_CONNECTIONS = 5, 3
CANARIES = ("Canary Nightingale", "900913", "Ring the canary school", "Supervisor")


def save_through(server: Served, person: User, row_id: int, value: str) -> None:
    """Saves a cell as a page does, through this server."""
    fields = {"field": "action", "value": value, "base": "0", "op": str(uuid4())}
    assert post(server.site, person, f"/rows/{row_id}/cell/", fields) == 200


def connections_of(server: Served) -> int:
    """How many database connections the server has now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [server.name])
        return int(cursor.fetchone()[0])


def end_connections_of(server: Served) -> None:
    """What a restarted database does to them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
            [server.name],
        )


def test_a_change_saved_in_one_process_is_told_by_the_other(
    world: World, serve: Serve, opened: Opened
) -> None:
    row = make_row(team=world.team)
    one, other = serve(), serve()
    listener = opened(other.site, world.coordinator, world.team)
    listener.next("hello")

    save_through(one, world.supervisor, row.pk, "Ring the school")

    assert listener.next("change", within=1)["told"]["row"] == row.pk


def test_who_is_there_is_told_by_the_other_process(world: World, serve: Serve, opened: Opened) -> None:
    one, other = serve(), serve()
    listener = opened(other.site, world.coordinator, world.team)
    listener.next("hello")

    report = {"tab": "0a", "row": "7", "field": "action", "mode": "typing"}
    post(one.site, world.supervisor, f"/teams/{world.team.pk}/presence/", report)

    assert listener.next("presence", within=1)["told"]["person"] == world.supervisor.pk


def test_two_hundred_streams_take_few_threads_and_connections(
    world: World, serve: Serve, opened: Opened
) -> None:
    row = make_row(team=world.team)
    people = [make_member(Role.TEAM_MANAGER, locality=world.amber, teams=[world.team]) for _ in range(PEOPLE)]
    server = serve()
    before = server.threads()

    listeners = [opened(server.site, person, world.team) for person in islice(cycle(people), STREAMS)]
    for listener in listeners:
        listener.next("hello")
    saved_by(world.supervisor, row, "action", "Ring the school")

    assert [listener.next("change")["told"]["seq"] for listener in listeners] == [2] * STREAMS
    assert server.threads() - before <= MOST_THREADS
    assert connections_of(server) <= MOST_CONNECTIONS


def test_after_the_last_stream_no_connection_is_kept_for_them(
    world: World, serve: Serve, opened: Opened
) -> None:
    server = serve()
    listener = opened(server.site, world.coordinator, world.team)
    listener.next("hello")
    assert connections_of(server) == 1

    listener.close()

    opened(server.site, world.coordinator, world.team).next("hello")
    assert connections_of(server) == 1


def test_a_lost_database_connection_loses_no_change(world: World, serve: Serve, opened: Opened) -> None:
    row = make_row(team=world.team)
    server = serve()
    listener = opened(server.site, world.coordinator, world.team)
    listener.next("hello")

    end_connections_of(server)
    saved_by(world.supervisor, row, "action", "Ring the school")

    assert listener.next("change", within=5)["told"]["seq"] == 2


def test_a_restart_says_goodbye_and_waits_for_nobody(world: World, serve: Serve, opened: Opened) -> None:
    server = serve()
    listeners = [opened(server.site, world.coordinator, world.team) for _ in range(3)]
    for listener in listeners:
        listener.next("hello")

    seconds = server.stop()

    assert [listener.next("bye")["told"]["reason"] for listener in listeners] == ["restarting"] * 3
    # What waits for open streams waits as long as it may.
    assert seconds < GRACE
    assert "Traceback" not in server.said


def test_no_name_and_no_text_leaves_the_database_but_by_the_page(
    world: World, serve: Serve, opened: Opened
) -> None:
    row = make_row(team=world.team, person="Canary Nightingale", pin="900913")
    server = serve()
    listener = opened(server.site, world.coordinator, world.team)
    listener.next("hello")
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")

    save_through(server, world.supervisor, row.pk, "Ring the canary school")
    report = {"tab": "0a", "row": str(row.pk), "field": "action", "mode": "typing"}
    post(server.site, world.supervisor, f"/teams/{world.team.pk}/presence/", report)
    listener.next("presence")
    end_connections_of(server)
    listener.next("heartbeat")
    server.stop()

    connection.connection.poll()
    rung = [one.payload for one in connection.connection.notifies]
    assert rung == [
        f"change {world.team.pk} 2",
        f"presence {world.team.pk} {world.supervisor.pk} 0a {row.pk} action typing tracker",
    ]
    told = listener.raw.decode() + server.said + "".join(rung)
    assert [canary for canary in CANARIES if canary in told] == []
