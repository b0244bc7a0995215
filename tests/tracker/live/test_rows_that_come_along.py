"""Rows in the stream (ADR 0053): to whom they go, how they look there, and to whom they never go."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts import seeing_as
from accounts.changes.people import add_membership, end_membership
from accounts.models import AuditEvent, Membership, Session, User
from accounts.permissions import OF_FIELDS
from accounts.roles import Role
from tests.conftest import World
from tests.factories import cleaned, make_member, make_row
from tests.tracker.live.listening import Listener, saved_by
from tracker.changes.cells import CellEdit, write_cells
from tracker.changes.edit import Edit, edit_cells
from tracker.changes.lifecycle import close_row
from tracker.live.drawn import MOST_DRAWN, Drawn
from tracker.live.stream import MOST_LETTERS, Stream, bye
from tracker.models import Outcome, TrackerRow
from tracker.views.live import MOST_PAGES

Opened = Callable[..., Listener]
CANARY = "Ring the canary school"


def drawn_page(person: User, world: World) -> str:
    """The number under which the log has the tracker that this person has just opened."""
    client = Client()
    client.force_login(person)
    return entry_of(client.get(f"/teams/{world.team.pk}/").content.decode())


def entry_of(page: str) -> str:
    """The number under which the log has this tracker."""
    found = re.search(r'data-entry="(\d+)"', page)
    assert found
    return found[1]


def rows_as_asked_for(person: User, world: World, entry: str, row: TrackerRow) -> str:
    """The row as a page gets it that asks."""
    client = Client()
    client.force_login(person)
    asked = client.get(f"/teams/{world.team.pk}/rows/?ids={row.pk}&entry={entry}").content.decode()
    found = re.search(r"<tr.*</tr>", asked, re.DOTALL)
    assert found
    return found[0]


def following(world: World, site: str, opened: Opened) -> Listener:
    """The coordinator's stream, past its hello, of a tracker that they have just opened."""
    listener = opened(
        site, world.coordinator, world.team, query=f"&pages={drawn_page(world.coordinator, world)}"
    )
    listener.next("hello")
    return listener


def pasted(world: World, rows: Sequence[TrackerRow]) -> None:
    """An owner into each of these rows, in one act."""
    initials = cleaned("owner", "AN")
    written = [CellEdit(at, row.pk, "owner", initials, row.rev("owner")) for at, row in enumerate(rows)]
    write_cells(team=world.team, edits=written, by=world.supervisor, op=uuid4())


def told_of_save(listener: Listener, world: World, row: TrackerRow) -> Any:
    """What the stream says when somebody else has written a cell."""
    listener.next("hello")
    saved_by(world.supervisor, row, "action", CANARY)
    return listener.next("change")["told"]


def test_a_row_comes_with_its_change_to_a_page_that_shows_it(world: World, site: str, opened: Opened) -> None:
    row = make_row(team=world.team)
    entry = drawn_page(world.coordinator, world)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={entry}")

    told = told_of_save(listener, world, row)

    assert CANARY in told["html"]
    assert told["html"] == rows_as_asked_for(world.coordinator, world, entry, row)


@pytest.mark.parametrize(
    "role", [Role.HEAD_OF_SERVICE, Role.PERFORMANCE_OFFICER, Role.TEAM_MANAGER, Role.STAND_IN]
)
def test_it_looks_as_the_rights_of_each_have_it(world: World, site: str, opened: Opened, role: Role) -> None:
    row = make_row(team=world.team, pin="000001")
    reader, other = world.person(role), world.coordinator
    pages = {person: drawn_page(person, world) for person in (reader, other)}
    streams = {
        person: opened(site, person, world.team, query=f"&pages={entry}") for person, entry in pages.items()
    }
    for stream in streams.values():
        stream.next("hello")

    saved_by(world.supervisor, row, "action", CANARY)

    for person, stream in streams.items():
        told = stream.next("change")["told"]
        assert told["html"] == rows_as_asked_for(person, world, pages[person], row)


def test_the_log_gains_no_entry_by_a_row_that_its_page_has_and_has_one_already(
    world: World, site: str, opened: Opened
) -> None:
    row = make_row(team=world.team)
    entry = drawn_page(world.coordinator, world)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={entry}")

    assert "html" in told_of_save(listener, world, row)

    seen = AuditEvent.objects.get(kind=AuditEvent.Kind.VIEW)
    assert (seen.actor_id, seen.row_ids) == (world.coordinator.pk, [row.pk])


def no_page(world: World, row: TrackerRow) -> str:
    return ""


def page_of_another(world: World, row: TrackerRow) -> str:
    return drawn_page(world.manager, world)


def no_number(world: World, row: TrackerRow) -> str:
    return f"{'9' * 40},x,,-1"


def too_many_pages(world: World, row: TrackerRow) -> str:
    return ",".join([*map(str, range(10**6, 10**6 + MOST_PAGES)), drawn_page(world.coordinator, world)])


def page_of_another_kind(world: World, row: TrackerRow) -> str:
    client = Client()
    client.force_login(world.coordinator)
    client.get(f"/rows/{row.pk}/history/")
    return str(AuditEvent.objects.get(purpose="history").pk)


def page_of_yesterday(world: World, row: TrackerRow) -> str:
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        return drawn_page(world.coordinator, world)


@pytest.mark.parametrize(
    "pages",
    [no_page, page_of_another, page_of_another_kind, page_of_yesterday, no_number, too_many_pages],
)
def test_without_a_page_of_ones_own_in_the_log_no_row_comes(
    world: World, site: str, opened: Opened, pages: Callable[[World, TrackerRow], str]
) -> None:
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={pages(world, row)}")

    told = told_of_save(listener, world, row)

    assert "html" not in told
    assert CANARY.encode() not in listener.raw


def test_a_row_that_is_not_in_the_log_comes_once_the_page_has_asked_for_it(
    world: World, site: str, opened: Opened
) -> None:
    entry = drawn_page(world.coordinator, world)
    row = make_row(team=world.team)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={entry}")
    assert "html" not in told_of_save(listener, world, row)

    rows_as_asked_for(world.coordinator, world, entry, row)
    saved_by(world.supervisor, row, "action", "Once more")

    assert "Once more" in listener.next("change")["told"]["html"]
    assert AuditEvent.objects.filter(page_id=entry, row_ids=[row.pk]).count() == 1


def loses_access(person: User) -> None:
    end_membership(membership=Membership.objects.get(person=person), by=None)


def is_signed_out(person: User) -> None:
    Session.objects.filter(person_id=person.pk).delete()


@pytest.mark.parametrize("ends", [loses_access, is_signed_out])
def test_who_may_see_it_no_more_is_not_sent_what_was_saved_a_moment_later(
    world: World, site: str, opened: Opened, monkeypatch: pytest.MonkeyPatch, ends: Callable[[User], None]
) -> None:
    row = make_row(team=world.team)
    listener = following(world, site, opened)
    # The reader looks at rights by itself once a second: here the save is what makes it look.
    monkeypatch.setattr("tracker.live.reader.TICK", 3600)
    saved_by(world.supervisor, row, "action", "Seen")
    assert listener.next("change")["told"]["html"]

    ends(world.coordinator)
    saved_by(world.supervisor, row, "action", CANARY)

    assert listener.next("change", "bye")["kind"] == "bye"
    assert listener.ended()
    assert CANARY.encode() not in listener.raw


def test_who_needs_a_second_factor_since_is_sent_nothing_until_they_have_one(
    world: World, site: str, opened: Opened, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "officers"
    row = make_row(team=world.team)
    entry = drawn_page(world.coordinator, world)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={entry}")
    other = opened(site, world.manager, world.team, query=f"&pages={drawn_page(world.manager, world)}")
    for stream in (listener, other):
        stream.next("hello")

    add_membership(person=world.coordinator, role=Role.PERFORMANCE_OFFICER, by=None, reason="Helps out")
    saved_by(world.supervisor, row, "action", CANARY)

    assert listener.next("change", "bye")["kind"] == "bye"
    assert CANARY.encode() not in listener.raw
    assert "html" in other.next("change")["told"]


def test_long_texts_pasted_into_many_rows_are_asked_for_and_end_no_stream(
    world: World, site: str, opened: Opened
) -> None:
    rows = [make_row(team=world.team, update="ж" * 2000, action="'" * 2000) for _ in range(MOST_DRAWN)]
    listener = following(world, site, opened)

    pasted(world, rows)

    told = [listener.next("change", "bye") for _ in rows]
    assert [(one["kind"], "html" in one["told"]) for one in told] == [("change", False)] * len(rows)


def test_where_the_log_cannot_be_asked_the_numbers_are_told_all_the_same(
    world: World, site: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team)
    entry = drawn_page(world.coordinator, world)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={entry}")

    def cannot(*asked: object) -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr("accounts.audit.reached", cannot)

    assert "html" not in told_of_save(listener, world, row)


def test_the_log_is_not_asked_again_for_a_team_of_which_no_page_is_open(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stream = stream_of(world.coordinator, world)
    stream.writes[world.neighbour.pk] = frozenset()
    changes = [{"seq": 1, "row": make_row(team=world.neighbour).pk}]

    with django_assert_num_queries(1):
        assert not Drawn(world.neighbour.pk, changes, [stream])
    with django_assert_num_queries(0):
        assert not Drawn(world.neighbour.pk, changes, [stream])


def test_several_cells_of_a_row_bring_it_once_with_the_last_of_them(
    world: World, site: str, opened: Opened
) -> None:
    row = make_row(team=world.team)
    listener = following(world, site, opened)

    texts = {"action": "Ring the school", "owner": "AN", "update": "Rung"}
    edits = [Edit(field, cleaned(field, text), 0) for field, text in texts.items()]
    edit_cells(row=row, edits=edits, by=world.supervisor)

    told = [listener.next("change")["told"] for _ in edits]
    assert ["html" in one for one in told] == [False, False, True]
    assert [text in told[-1]["html"] for text in texts.values()] == [True] * 3


def test_a_case_that_is_closed_comes_as_the_line_that_says_so(
    world: World, site: str, opened: Opened
) -> None:
    row = make_row(team=world.team)
    listener = following(world, site, opened)

    outcome = Outcome.objects.choosable().exclude(code="moved")[0]
    close_row(row=row, outcome=outcome, by=world.supervisor)

    told = listener.next("change")["told"]
    while "html" not in told:
        told = listener.next("change")["told"]
    assert "data-gone" in told["html"]


def test_of_very_many_rows_at_once_only_the_numbers_are_told(world: World, site: str, opened: Opened) -> None:
    rows = [make_row(team=world.team) for _ in range(MOST_DRAWN + 1)]
    listener = following(world, site, opened)

    pasted(world, rows)

    assert ["html" in listener.next("change")["told"] for _ in rows] == [False] * len(rows)


def test_an_officer_who_sees_as_somebody_is_brought_the_rows_of_the_page_that_they_opened(
    world: World, site: str
) -> None:
    row = make_row(team=world.team)
    theirs = drawn_page(world.coordinator, world)
    seeing = Client()
    seeing.force_login(world.officer)
    session = seeing.session
    session[seeing_as.KEY] = world.coordinator.pk
    session.save()
    own = entry_of(seeing.get(f"/teams/{world.team.pk}/").content.decode())
    cookie = seeing.cookies[settings.SESSION_COOKIE_NAME].value
    streams = [Listener(site, cookie, f"?teams={world.team.pk}&pages={page}") for page in (own, theirs)]
    for stream in streams:
        stream.next("hello")

    saved_by(world.supervisor, row, "action", CANARY)

    assert ["html" in stream.next("change")["told"] for stream in streams] == [True, False]
    for stream in streams:
        stream.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_row_that_cannot_be_drawn_ends_the_streams_and_the_next_ones_are_told(
    world: World, site: str, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_row(team=world.team)
    entry = drawn_page(world.coordinator, world)
    listener = opened(site, world.coordinator, world.team, query=f"&pages={entry}")
    listener.next("hello")

    with monkeypatch.context() as broken:
        broken.setattr("tracker.live.drawn.rendered_rows", lambda grid, ids, head: 1 / 0)
        saved_by(world.supervisor, row, "action", "Not drawn")
        with pytest.raises(AssertionError, match="has ended"):
            listener.next("change")

    after = opened(site, world.coordinator, world.team, query=f"&pages={entry}")
    assert "html" in told_of_save(after, world, row)


def apart(work: Coroutine[Any, Any, list[str]]) -> list[str]:
    """Runs it in another thread: the browser tests keep a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_a_browser_that_takes_nothing_is_let_go_before_its_rows_fill_the_memory() -> None:
    stream = Stream(person=1, session="", teams={1}, after={})
    for _ in range(2 * MOST_LETTERS // 1000):
        stream.put("x" * 1000)

    async def all_that_came() -> list[str]:
        return [await stream.next(), await stream.next()]

    told, end = apart(all_that_came())
    assert len(told) < MOST_LETTERS + 2000
    assert told.endswith(bye("behind", []))
    assert end == ""


def test_a_browser_that_takes_what_it_is_sent_is_never_let_go() -> None:
    stream = Stream(person=1, session="", teams={1}, after={})

    async def all_that_came() -> list[str]:
        taken = []
        for _ in range(2 * MOST_LETTERS // 1000):
            stream.put("x" * 1000)
            taken.append(await stream.next())
        return taken

    assert set(apart(all_that_came())) == {"x" * 1000}


@pytest.mark.parametrize("pages", [1, 20])
def test_a_row_costs_as_many_statements_for_one_page_as_for_twenty(
    world: World, pages: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row = make_row(team=world.team)
    people = [make_member(Role.TEAM_MANAGER, locality=world.amber, teams=[world.team]) for _ in range(pages)]
    streams = [stream_of(person, world) for person in people]
    change = {"seq": 1, "row": row.pk}
    caches["rows"].clear()

    # What reached the pages, the team, its columns, the row's version, the row.
    with django_assert_num_queries(5):
        drawn = Drawn(world.team.pk, [change], streams)

    assert ["html" in drawn.told(change, stream) for stream in streams] == [True] * pages
    caches["rows"].clear()
    with django_assert_num_queries(4):
        Drawn(world.team.pk, [change], streams)


def stream_of(person: User, world: World) -> Stream:
    """A stream that hears one open tracker, as the reader has it."""
    pages = [int(drawn_page(person, world))]
    stream = Stream(person=person.pk, session="", teams={world.team.pk}, after={}, pages=pages)
    stream.writes = {world.team.pk: frozenset(OF_FIELDS)}
    return stream
