"""The stream: what it tells, from where it goes on, and whom it refuses. On both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections

from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.live.listening import Listener, ids, listen, post, saved_by, session_of
from tracker.changes.act import acting
from tracker.changes.meetings import start_meeting
from tracker.models import TeamLog
from tracker.views.live import MOST_STREAMS

Opened = Callable[..., Listener]


def test_it_says_hello_with_the_number_of_each_team(world: World, site: str, opened: Opened) -> None:
    make_row(team=world.team)

    hello = opened(site, world.officer, world.team, world.foreign).next("hello")

    assert hello["told"]["heads"] == {str(world.team.pk): 1, str(world.foreign.pk): 0}


def test_a_change_is_told_by_number_row_and_field(world: World, site: str, opened: Opened) -> None:
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    saved_by(world.supervisor, row, "action", "Ring the school")

    told = listener.next("change")
    assert told["id"] == f"{world.team.pk}:2"
    assert told["told"] == {
        "team": world.team.pk,
        "seq": 2,
        "row": row.pk,
        "kind": "set",
        "field": "action",
        "row_rev": 2,
        "by": world.supervisor.pk,
        "meeting": False,
    }


def test_a_change_is_told_at_once_without_waiting_for_the_next_look(
    world: World, site: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.live.reader.TICK", 60)
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    saved_by(world.supervisor, row, "action", "Ring the school")

    assert listener.next("change", within=1)["told"]["row"] == row.pk


def test_a_change_that_nobody_rang_for_is_told_all_the_same(
    world: World, site: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.changes.act.announce", lambda team_id, number: None)
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    saved_by(world.supervisor, row, "action", "Ring the school")

    assert listener.next("change", within=3)["told"]["row"] == row.pk


def test_changes_of_other_teams_are_not_told(world: World, site: str, opened: Opened) -> None:
    here, elsewhere = make_row(team=world.team), make_row(team=world.foreign)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")

    saved_by(world.officer, elsewhere, "action", "Not for Amber")
    saved_by(world.supervisor, here, "action", "For Amber")

    assert listener.next("change")["told"]["team"] == world.team.pk


def test_nothing_of_another_locality_is_told_whatever_happens_there(
    world: World, site: str, opened: Opened
) -> None:
    own = make_row(team=world.team)
    foreign = make_row(team=world.foreign, person="Zebedee Canaryname")
    after = f"&after={world.foreign.pk}:0,{world.team.pk}:0"
    listener = opened(site, world.manager, world.team, query=after)
    assert listener.next("hello")["told"]["heads"].keys() == {str(world.team.pk)}
    assert listener.next("change")["told"]["row"] == own.pk

    saved_by(world.officer, foreign, "action", "canarytext")
    start_meeting(team=world.foreign, by=world.officer)
    here = {"tab": "0a", "row": str(foreign.pk), "field": "action", "mode": "typing"}
    assert post(site, world.officer, f"/teams/{world.foreign.pk}/presence/", here) == 204
    saved_by(world.supervisor, own, "action", "For Amber")

    told = listener.next("change", "presence", "meeting", "heartbeat")
    while told["kind"] == "heartbeat":
        assert told["told"]["heads"].keys() == {str(world.team.pk)}
        told = listener.next("change", "presence", "meeting", "heartbeat")
    assert (told["kind"], told["told"]["team"], told["told"]["row"]) == ("change", world.team.pk, own.pk)
    assert b"anary" not in listener.raw


@pytest.mark.parametrize("way", ["last-event-id", "query"])
def test_a_stream_goes_on_where_the_last_one_stopped(
    world: World, site: str, opened: Opened, way: str
) -> None:
    row, foreign = make_row(team=world.team), make_row(team=world.foreign)
    for text in ("One", "Two"):
        saved_by(world.officer, row, "action", text)
        saved_by(world.officer, foreign, "action", text)
    cursor = f"{world.team.pk}:1,{world.foreign.pk}:2"

    if way == "query":
        listener = opened(site, world.officer, world.team, world.foreign, query=f"&after={cursor}")
    else:
        listener = opened(site, world.officer, world.team, world.foreign, **{"Last-Event-ID": cursor})

    told = [listener.next("change")["told"] for _ in range(3)]
    assert sorted((one["team"], one["seq"]) for one in told) == [
        (world.team.pk, 2),
        (world.team.pk, 3),
        (world.foreign.pk, 3),
    ]


@pytest.mark.parametrize("way", ["last-event-id", "query"])
def test_a_cursor_that_is_none_is_as_good_as_no_cursor(
    world: World, site: str, opened: Opened, way: str
) -> None:
    make_row(team=world.team)
    endless = "9" * 5000
    cursor = f"{world.team.pk}:{endless},{endless}:1,{world.team.pk}:x,,:"

    if way == "query":
        listener = opened(site, world.coordinator, world.team, query=f"&after={cursor}")
    else:
        listener = opened(site, world.coordinator, world.team, **{"Last-Event-ID": cursor})

    assert listener.next("hello")["told"]["heads"] == {str(world.team.pk): 1}


@pytest.mark.parametrize("number", [500, 0])
def test_who_is_ahead_or_has_seen_nothing_is_told_the_number_only(
    world: World, site: str, opened: Opened, number: int
) -> None:
    row = make_row(team=world.team)
    query = f"&after={world.team.pk}:{number}" if number else ""
    listener = opened(site, world.coordinator, world.team, query=query)
    listener.next("hello")

    saved_by(world.supervisor, row, "action", "The first that is told")

    assert listener.next("change")["told"]["seq"] == 2


def test_a_listener_misses_none_of_eight_writers(world: World, site: str, opened: Opened) -> None:
    rows = [make_row(team=world.team) for _ in range(8)]
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")
    person = world.supervisor

    def write(row: object) -> None:
        try:
            for text in ("One", "Two", "Three"):
                saved_by(person, row, "action", text)  # type: ignore[arg-type] # a row of the list above
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, rows))

    told = [listener.next("change")["told"]["seq"] for _ in range(24)]
    assert told == list(range(9, 33))
    assert TeamLog.head_of(world.team.pk) == 32


def test_4_10_06_who_takes_the_lower_number_and_commits_last_is_not_missed(
    world: World, site: str, opened: Opened
) -> None:
    first, second = make_row(team=world.team), make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)
    listener.next("hello")
    taken, go_on = Event(), Event()
    person = world.supervisor

    def slowly() -> None:
        with acting("edit", teams=[world.team], by=person) as act:
            taken.set()
            go_on.wait(60)
            act.set(act.row(first.pk), "action", "Slow", "Slow")
        connections.close_all()

    def quickly() -> None:
        saved_by(person, second, "action", "Quick")
        connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        threads.submit(slowly)
        taken.wait(60)
        threads.submit(quickly)
        go_on.set()

    told = [listener.next("change")["told"] for _ in range(2)]
    assert [(one["seq"], one["row"]) for one in told] == [(3, first.pk), (4, second.pk)]


def test_its_heartbeat_carries_the_number(world: World, site: str, opened: Opened) -> None:
    make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team)

    assert listener.next("heartbeat", within=6)["told"]["heads"] == {str(world.team.pk): 1}


@pytest.mark.parametrize(
    "teams", ["", "?teams=", "?teams=abc", "?teams=987654", "?teams=1,1", f"?teams={9**40}"]
)
def test_what_is_no_team_is_not_found(world: World, site: str, teams: str) -> None:
    listener = Listener(site, session_of(world.coordinator), teams)

    assert listener.status == 404
    listener.close()


def test_one_foreign_team_among_own_ones_is_not_found(world: World, site: str) -> None:
    query = f"?teams={ids(world.team, world.foreign)}"
    listener = Listener(site, session_of(world.coordinator), query)

    assert listener.status == 404
    listener.close()


def test_nobody_listens_without_signing_in(world: World, site: str) -> None:
    listener = Listener(site, "", f"?teams={ids(world.team)}")

    assert listener.status == 401
    listener.close()


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Origin", "https://elsewhere.example", 403),
        ("Origin", "{site}.elsewhere.example", 403),
        ("Origin", "null", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "same-site", 403),
        ("Host", "elsewhere.example", 400),
        ("Origin", "{site}", 200),
        ("Sec-Fetch-Site", "same-origin", 200),
    ],
)
def test_only_pages_of_this_site_listen(
    world: World, site: str, header: str, value: str, status: int
) -> None:
    sent = {header: value.format(site=site)}
    listener = Listener(site, session_of(world.coordinator), f"?teams={ids(world.team)}", sent)

    assert listener.status == status
    listener.close()


def test_a_person_has_ten_streams_at_most(world: World, site: str, opened: Opened) -> None:
    for _ in range(MOST_STREAMS):
        opened(site, world.coordinator, world.team).next("hello")

    refused = Listener(site, session_of(world.coordinator), f"?teams={ids(world.team)}")

    assert refused.status == 429
    assert opened(site, world.person(Role.TEAM_MANAGER), world.team).next("hello")
    refused.close()


def test_no_proxy_and_no_compression_holds_it_back(world: World, site: str) -> None:
    listener = listen(site, world.coordinator, world.team, **{"Accept-Encoding": "gzip"})

    headers = listener.answer.headers
    assert headers["Content-Type"] == "text/event-stream"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["Cache-Control"] == "no-store, no-transform"
    assert headers["Content-Encoding"] == "identity"
    listener.close()
