"""The officers' pages of the log: who, what and when; its check; the access review."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import audit
from accounts.models import AuditEvent, User
from tests.conftest import World
from tests.factories import PASSWORD, make_row

SignIn = Callable[[User], Client]


@pytest.fixture
def officer(world: World, sign_in: SignIn) -> Client:
    """The performance officer, signed in."""
    return sign_in(world.officer)


def test_the_log_says_who_did_what_where_and_how_many_cases_it_was_about(
    world: World, officer: Client
) -> None:
    rows = [make_row(team=world.team, by=world.officer).pk for _ in range(3)]
    audit.record(
        AuditEvent.Kind.EXPORT,
        by=world.coordinator,
        purpose="export workbook",
        team=world.team,
        row_ids=rows,
        names="full",
        reason="Court asked",
    )

    text = officer.get(reverse("log"), {"about": "exports"}).content.decode()

    for words in (
        world.coordinator.name,
        "Export workbook; reason: Court asked; full names",
        world.team.name,
    ):
        assert words in text
    assert '<td class="number">3</td>' in text
    assert AuditEvent.objects.get(purpose="read the log").detail == {"filter": {"about": "exports"}}


def test_all_about_a_person_is_what_they_did_and_what_was_done_about_their_access(
    world: World, officer: Client
) -> None:
    audit.record(AuditEvent.Kind.SIGN_IN, by=world.manager, purpose="sign in")
    audit.record(AuditEvent.Kind.SIGN_IN, by=world.coordinator, purpose="sign in")

    page = officer.get(reverse("log"), {"person": world.manager.pk})

    told = [(line.who, line.what.partition(";")[0]) for line in page.context["lines"]]
    assert (world.manager.name, "Sign in") in told
    assert ("Command line", "Add membership") in told
    assert world.coordinator.name not in {who for who, _ in told}


def test_sign_ins_failures_and_the_pause_after_too_many_are_there(
    world: World, client: Client, officer: Client
) -> None:
    email = world.manager.email
    client.post(reverse("account_login"), {"login": email, "password": "wrong"})
    client.post(reverse("account_login"), {"login": "nobody@council.example", "password": "wrong"})
    client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    for _ in range(11):
        client.post(reverse("account_login"), {"login": world.head.email, "password": "wrong"})

    page = officer.get(reverse("log"), {"about": "sign-ins"})

    told = [(line.who, line.kind) for line in page.context["lines"] if line.who != world.head.name]
    assert told == [
        (world.manager.name, "Signed out"),
        (world.manager.name, "Signed in"),
        ("Nobody known", "Sign-in failed"),
        (world.manager.name, "Sign-in failed"),
    ]
    assert AuditEvent.objects.filter(purpose="sign in during the pause", actor_id=world.head.pk).exists()
    assert "wrong" not in "".join(str(event.detail) for event in AuditEvent.objects.all())


@pytest.mark.parametrize(
    "asked", [{"about": "x"}, {"person": "x"}, {"since": "x"}, {"team": "99999999999999999999"}]
)
def test_a_filter_that_cannot_be_read_shows_nothing_and_says_so(
    officer: Client, asked: dict[str, str]
) -> None:
    page = officer.get(reverse("log"), asked)

    assert (page.status_code, page.context["lines"]) == (422, [])
    assert "something above cannot be read" in page.content.decode()


def test_days_narrow_with_both_ends_included(world: World, officer: Client) -> None:
    today = timezone.localdate()
    audit.record(AuditEvent.Kind.WORDS, by=world.officer, purpose="add word")
    asked = {"about": "settings", "since": str(today), "until": str(today)}

    assert "Add word" in officer.get(reverse("log"), asked).content.decode()
    tomorrow = str(today + timedelta(days=1))
    assert (
        "Add word"
        not in officer.get(reverse("log"), asked | {"since": tomorrow, "until": tomorrow}).content.decode()
    )


def test_a_page_takes_the_same_statements_for_ten_entries_and_two_hundred(
    world: World, officer: Client
) -> None:
    def taken() -> int:
        with CaptureQueriesContext(connection) as asked:
            officer.get(reverse("log"))
        return len(asked)

    teams, person = (world.team, world.neighbour), world.head.pk
    taken()  # asks for the officer's roles, which are kept
    for number in range(200):
        if number == 10:
            few = taken()
        team = teams[number % 2]
        audit.record(AuditEvent.Kind.ACCESS, by=world.officer, purpose="x", team=team, person=person)

    assert taken() == few
    page = officer.get(reverse("log"), {"page": 2})
    assert (page.context["before"], len(page.context["lines"])) == ("?page=1", 100)


def test_the_button_seals_and_checks_and_the_page_says_what_was_found(world: World, officer: Client) -> None:
    make_row(team=world.team, by=world.officer)
    before = officer.get(reverse("log_check")).content.decode()

    after = officer.post(reverse("log_check"), follow=True).content.decode()

    assert "Nothing is sealed yet" in before
    assert "Everything was as it was written" in after
    assert "Sealed up to" in after
    assert AuditEvent.objects.latest("pk").purpose == "check the log"


def test_the_access_review_has_everybody_with_why_and_what_they_see_and_is_logged(
    world: World, officer: Client
) -> None:
    people = [world.manager, world.stand_in, world.stranger, world.neighbour, world.foreign]
    assert people

    answer = officer.post(reverse("access_review"))

    sheet = load_workbook(io.BytesIO(answer.content))["Access review"]
    lines = {line[0]: line for line in sheet.iter_rows(min_row=3, values_only=True)}
    assert "Copy, not live" in str(sheet["A1"].value)
    assert lines[world.manager.name][2:5] == ("Team manager", "Amber", "Amber Team 1")
    assert lines[world.manager.name][12] == "Amber Team 1, Amber Team 2"
    assert lines[world.stand_in.name][12] == "Amber Team 1"
    assert lines[world.officer.name][11:13] == (3, "Every team")
    assert lines[world.stranger.name][2] == "No access"
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT, purpose="access review").count() == 1
