"""A case is found by name or PIN over all that a person may see, and nothing beyond it shows or counts."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.changes.people import add_membership
from accounts.models import AuditEvent, User
from accounts.roles import Role
from tests.architecture.test_addresses import shown_rows, without_token
from tests.conftest import World
from tests.factories import forget_log, make_closed_row, make_locality, make_row, make_rows, make_team
from tracker.changes.erasing import erase_row
from tracker.changes.lifecycle import remove_row
from tracker.models import TrackerRow
from tracker.views.finding import MOST

SignIn = Callable[[User], Client]
NOTHING = "No case that you may see has this in its name or PIN."


@pytest.fixture
def other_locality(world: World) -> int:
    """The number of a locality in which the world's people see nothing."""
    return make_team(locality=make_locality(name="Chesterfield"), name="Chesterfield 1").locality_id


def found(client: Client, text: str, **more: object) -> set[int]:
    """The rows that the page shows for what was typed."""
    answer = client.post(reverse("find"), {"text": text, **more})
    assert answer.status_code == 200
    return shown_rows(answer)


def numbers(*rows: TrackerRow) -> set[int]:
    return {row.pk for row in rows}


def names_of(page: str) -> list[str]:
    """The people of the table, from above to below."""
    return re.findall(r'<th scope="row">\s*<a [^>]*>(.+?)</a>', page)


def test_a_case_is_found_by_part_of_its_name_or_pin_in_any_order_and_letter_case(
    world: World, sign_in: SignIn
) -> None:
    row = make_row(team=world.team, by=world.officer, person="Łucja Test-Owl", pin="000002")
    make_row(team=world.team, by=world.officer, person="Bob", pin="000013")
    client = sign_in(world.head)

    for text in ("łucja", "ŁUCJA", "owl łucja", "  test  owl ", "0002", "łucja 000002"):
        assert found(client, text) == numbers(row), text
    assert found(client, "lucja bob") == set()


def test_closed_and_removed_cases_are_found_and_say_so_and_erased_ones_are_gone(
    world: World, sign_in: SignIn
) -> None:
    team, by = world.team, world.officer
    closed, erased = (make_closed_row(team=team, by=by, person=name) for name in ("Ed Closed", "Ed Erased"))
    removed = make_row(team=team, by=by, person="Ed Removed")
    remove_row(row=removed, by=world.officer)
    erase_row(row=erased, whole=True, reason="Typed on the wrong tracker", by=world.officer)

    answer = sign_in(world.coordinator).post(reverse("find"), {"text": "Ed"})

    page = " ".join(answer.content.decode().split())
    assert shown_rows(answer) == numbers(closed, removed)
    assert f": {closed.outcome}" in page
    assert "Removed as added by mistake" in page
    assert [reverse("row", args=[row.pk]) in page for row in (closed, removed)] == [True, True]


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.PERFORMANCE_OFFICER, {"team", "neighbour", "foreign"}),
        (Role.TEAM_COORDINATOR, {"team", "neighbour"}),
        (Role.PRACTICE_SUPERVISOR, {"team", "neighbour"}),
        (Role.TEAM_MANAGER, {"team", "neighbour"}),
        (Role.HEAD_OF_SERVICE, {"team", "neighbour"}),
        (Role.STAND_IN, {"team"}),
    ],
)
def test_each_role_finds_what_the_matrix_gives_it(
    world: World, sign_in: SignIn, role: Role, places: set[str]
) -> None:
    rows = {
        place: make_row(team=getattr(world, place), by=world.officer, person=f"Ed {place}")
        for place in ("team", "neighbour", "foreign")
    }

    assert found(sign_in(world.person(role)), "Ed") == numbers(*(rows[place] for place in places))


def test_who_works_in_two_localities_finds_in_both_and_can_choose_one(world: World, sign_in: SignIn) -> None:
    here, there = (
        make_row(team=team, by=world.officer, person="Ed Test") for team in (world.team, world.foreign)
    )
    both = world.coordinator
    add_membership(
        person=both, role=Role.TEAM_COORDINATOR, locality=world.bolsover, since=date(2020, 1, 1), by=None
    )
    client = sign_in(both)

    assert found(client, "Ed") == numbers(here, there)
    assert found(client, "Ed", locality=world.bolsover.pk) == numbers(there)
    assert 'name="locality"' in client.get(reverse("find")).content.decode()
    assert 'name="locality"' not in sign_in(world.head).get(reverse("find")).content.decode()


def test_nothing_of_another_locality_shows_or_counts(world: World, sign_in: SignIn) -> None:
    make_rows(MOST + 1, team=world.foreign)
    hidden = make_row(team=world.foreign, by=world.officer, person="Zebedee Canaryname", pin="987123")
    mine = make_row(team=world.team, by=world.officer, person="Child Of Amber")
    client = sign_in(world.coordinator)

    assert found(client, "Child") == numbers(mine)
    for text in ("Canaryname", "987123", "nobody-at-all"):
        forget_log()
        answer = client.post(reverse("find"), {"text": text})
        assert NOTHING in answer.content.decode(), text
        assert answer.content.decode().replace(text, "").count("Canaryname") == 0
        assert list(AuditEvent.objects.values_list("row_ids", flat=True)) == [[]]
    wrong = [
        client.post(reverse("find"), {"text": "Ed", "locality": number})
        for number in (hidden.team.locality_id, 987654)
    ]
    assert [answer.status_code for answer in wrong] == [200, 200]
    assert [shown_rows(answer) for answer in wrong] == [set(), set()]


def test_a_locality_beyond_ones_own_two_is_refused_like_an_invented_one(
    world: World, sign_in: SignIn, other_locality: int
) -> None:
    assert world.foreign.pk
    add_membership(
        person=world.head, role=Role.HEAD_OF_SERVICE, locality=world.bolsover, since=date(2020, 1, 1), by=None
    )
    client = sign_in(world.head)

    answers = [
        client.post(reverse("find"), {"text": "Ed", "locality": number})
        for number in (other_locality, 987654)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert without_token(answers[0]) == without_token(answers[1])


def test_each_search_leaves_one_entry_with_the_rows_and_without_what_was_typed(
    world: World, sign_in: SignIn
) -> None:
    rows = [make_row(team=world.team, by=world.officer, person="Ed Test") for _ in range(2)]
    make_row(team=world.team, by=world.officer, person="Bob")
    client = sign_in(world.head)
    forget_log()

    client.get(reverse("find"))
    client.post(reverse("find"), {"text": "e"})
    client.post(reverse("find"), {"text": "Ed Test"})

    entry = AuditEvent.objects.get()
    assert (entry.kind, entry.actor_id, entry.purpose) == ("view", world.head.pk, "search by name or PIN")
    assert set(entry.row_ids) == numbers(*rows)
    assert entry.detail == {}


def test_of_too_many_the_first_are_shown_and_logged_and_the_page_says_so(
    world: World, sign_in: SignIn
) -> None:
    rows = make_rows(MOST + 1, team=world.team)
    client = sign_in(world.head)
    forget_log()

    answer = client.post(reverse("find"), {"text": "Child"})

    page = answer.content.decode()
    assert f"More than {MOST} cases fit" in page
    assert names_of(page) == sorted(row.person for row in rows)[:MOST]
    assert set(AuditEvent.objects.get().row_ids) == shown_rows(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "This field is required."),
        ("e", "Type at least two letters"),
        ("- %", "Type at least two letters"),
        ("x" * 121, "at most 120 characters"),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
def test_what_says_too_little_or_cannot_be_read_is_answered_in_words_and_not_logged(
    world: World, sign_in: SignIn, typed: str, said: str
) -> None:
    make_row(team=world.team, by=world.officer, person="Ed Test")
    client = sign_in(world.head)
    forget_log()

    answer = client.post(reverse("find"), {"text": typed})

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert (shown_rows(answer), AuditEvent.objects.count()) == (set(), 0)


def test_signs_that_a_database_reads_are_looked_for_as_they_are_typed(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, by=world.officer, person="Ed Test")
    odd = make_row(team=world.team, by=world.officer, person="Ed_%Test")

    assert found(sign_in(world.head), "ed_%") == numbers(odd)


def test_who_may_see_no_team_is_shown_how_to_ask(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, by=world.officer, person="Ed Test")
    past = world.manager
    past.memberships.update(until=timezone.localdate() - timedelta(days=1))

    for person in (world.stranger, past):
        client = sign_in(person)
        assert found(client, "Ed") == set()
        assert reverse("ask") in client.get(reverse("find")).content.decode()


@pytest.mark.parametrize("name", ["head", "officer"])
def test_a_search_takes_the_same_statements_for_ten_rows_and_two_hundred(
    world: World, sign_in: SignIn, name: str
) -> None:
    client, taken = sign_in(getattr(world, name)), []
    assert world.foreign.pk

    for more in (10, 190):
        make_rows(more, team=world.team)
        found(client, "Child")
        with CaptureQueriesContext(connection) as asked:
            client.post(reverse("find"), {"text": "Child"})
        taken.append(len(asked))

    assert taken[0] == taken[1]


def test_every_page_leads_there(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    pages: Iterable[str] = ("/", reverse("tracker", args=[world.team.pk]), reverse("help"))

    assert [
        f'href="{reverse("find")}"' in client.get(page, follow=True).content.decode() for page in pages
    ] == [True] * 3
