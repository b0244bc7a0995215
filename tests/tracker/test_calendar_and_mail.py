"""A person's calendar and mail: what is in them, what never is, and when they stop."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from accounts.changes.digests import choose_digest
from accounts.changes.keys import end_key, make_key
from accounts.links import reader_key
from accounts.models import AddressKey, AuditEvent, Digest, Membership, User
from tests.conftest import World
from tests.factories import make_closed_row, make_row, make_rows

CALENDAR = AddressKey.Opens.CALENDAR
SignIn = Callable[[User], Client]


def fetched(key: str) -> list[tuple[str, object]]:
    """The events of the calendar at this address, read back by the library."""
    answer = Client().get(reverse("calendar", args=[key]))
    assert answer.status_code == 200
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return sorted((str(one["SUMMARY"]), one.decoded("DTSTART")) for one in events)


def test_the_calendar_has_dates_by_pin_of_ones_own_team_and_no_name_or_text(world: World) -> None:
    today = timezone.localdate()
    soon, past = today + timedelta(days=3), today - timedelta(days=60)
    make_row(
        team=world.team,
        by=world.officer,
        pin="000002",
        person="Ed Test",
        action="Meet with hospital",
        owner="AN",
        by_when=soon,
        next_meeting=today,
    )
    make_row(team=world.team, by=world.officer, pin="000003", by_when=past)
    make_row(team=world.neighbour, by=world.officer, pin="000004", by_when=soon)
    make_closed_row(team=world.team, by=world.officer, pin="000005", by_when=soon)
    key = make_key(opens=CALENDAR, by=world.coordinator)

    events = fetched(key)
    text = Client().get(reverse("calendar", args=[key])).content.decode()

    assert events == [("Action due 000002", soon), ("CIN meeting 000002", today)]
    assert not [word for word in ("Ed", "hospital", "AN\r") if word in text]


def test_each_fetch_of_the_calendar_is_logged_and_kept_by_no_proxy(world: World) -> None:
    row = make_row(team=world.team, by=world.officer, by_when=timezone.localdate())
    key = make_key(opens=CALENDAR, by=world.coordinator)

    answer = Client().get(reverse("calendar", args=[key]))

    entry = AuditEvent.objects.filter(purpose="calendar").get()
    assert (entry.actor_id, entry.row_ids) == (world.coordinator.pk, [row.pk])
    assert "private" in answer.headers["Cache-Control"]


def ended(key: str, person: User) -> None:
    end_key(key=AddressKey.objects.get(person=person), by=person)


def renewed(key: str, person: User) -> None:
    make_key(opens=CALENDAR, by=person)


def gone(key: str, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("happens", [ended, renewed, gone])
def test_an_address_that_was_ended_renewed_or_whose_owner_left_opens_nothing(
    world: World, happens: Callable[[str, User], None]
) -> None:
    key = make_key(opens=CALENDAR, by=world.coordinator)

    happens(key, world.coordinator)

    assert Client().get(reverse("calendar", args=[key])).status_code == 404


def test_the_calendar_is_empty_from_the_day_after_the_access(world: World) -> None:
    make_row(team=world.team, by=world.officer, pin="000002", by_when=timezone.localdate())
    key = make_key(opens=CALENDAR, by=world.stand_in)
    before = fetched(key)

    Membership.objects.filter(person=world.stand_in).update(until=timezone.localdate() - timedelta(days=1))

    assert (len(before), fetched(key)) == (1, [])


def test_the_key_itself_is_not_kept(world: World) -> None:
    key = make_key(opens=CALENDAR, by=world.coordinator)

    assert key not in str(AddressKey.objects.values())


def test_the_calendar_takes_the_same_statements_for_one_row_and_thirty(world: World) -> None:
    key = make_key(opens=CALENDAR, by=world.coordinator)
    counts = []

    for more in (1, 30):
        make_rows(more, team=world.team, by_when=timezone.localdate())
        with CaptureQueriesContext(connection) as statements:
            fetched(key)
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail is set up; Django's tests keep what is sent."""
    monkeypatch.setattr(settings, "EMAIL_HOST", "mail.example")


@pytest.mark.usefixtures("mail_server")
def test_a_digest_has_counts_and_links_goes_once_a_day_and_says_how_to_end_it(world: World) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make_row(team=world.team, by=world.officer, pin="000002", person="Ed Test", by_when=yesterday)
    choose_digest(person=world.coordinator, rhythm=Digest.Rhythm.DAILY)

    call_command("send_digests")
    call_command("send_digests")

    (sent,) = mail.outbox
    assert "Actions overdue: 1" in sent.body
    assert f"/teams/{world.team.pk}/?by_when=overdue" in sent.body
    assert "Ed Test" not in sent.body
    assert "000002" not in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(("rhythm", "days_ago", "goes"), [("daily", 1, 1), ("daily", 0, 0), ("weekly", 7, 1)])
@pytest.mark.usefixtures("mail_server")
def test_a_digest_goes_in_its_rhythm(world: World, rhythm: str, days_ago: int, goes: int) -> None:
    choose_digest(person=world.coordinator, rhythm=Digest.Rhythm(rhythm))
    Digest.objects.update(sent_on=timezone.localdate() - timedelta(days=days_ago))

    call_command("send_digests")

    assert len(mail.outbox) == goes


@pytest.mark.usefixtures("mail_server")
def test_a_failing_mail_server_loses_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    choose_digest(person=world.coordinator, rhythm=Digest.Rhythm.WEEKLY)

    def broken(mail: EmailMessage) -> int:
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", broken)
        with pytest.raises(SystemExit):
            call_command("send_digests")
    call_command("send_digests")

    assert len(mail.outbox) == 1


def test_the_link_ends_the_mail_by_a_post_only_and_a_made_up_one_is_not_found(world: World) -> None:
    choose_digest(person=world.coordinator, rhythm=Digest.Rhythm.DAILY)
    where = reverse("mail_end", args=[reader_key(world.coordinator)])
    client = Client(enforce_csrf_checks=True)

    page = client.get(where)
    there = Digest.objects.count()
    answer = client.post(where, {"List-Unsubscribe": "One-Click"})

    assert (page.status_code, there, answer.status_code, Digest.objects.count()) == (200, 1, 200, 0)
    assert client.get(reverse("mail_end", args=["made-up"])).status_code == 404
