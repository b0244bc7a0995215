"""`manage.py add_officer`: the first performance officer of an installation, by one command."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEvent, Session, User
from accounts.permissions import may
from tests.conftest import World
from tests.factories import make_person

EMAIL = "first.officer@council.example"
GOOD = "violet teapot gravel"

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("add_officer", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """What is typed where the command asks."""
    waiting = list(answers)
    monkeypatch.setattr("accounts.management.commands.add_officer.getpass", lambda prompt: waiting.pop(0))


def test_the_first_officer_sets_a_password_by_the_printed_link(client: Client) -> None:
    said = run(EMAIL, "First Officer")

    link = next(line for line in said.splitlines() if "/invitation/" in line)
    path = "/" + link.split("/", 3)[3]
    client.post(client.get(path, follow=True).request["PATH_INFO"], {"password": GOOD, "again": GOOD})
    person = User.objects.get()
    assert may(person, "manage_people")
    assert person.check_password(GOOD)
    assert AuditEvent.objects.filter(purpose__in=["add person", "add membership", "invite"]).count() == 3


def test_a_password_that_is_typed_needs_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, GOOD, GOOD)

    said = run(EMAIL, "First Officer", "--password")

    assert "/invitation/" not in said
    assert User.objects.get().check_password(GOOD)


def test_a_password_that_is_typed_ends_the_sessions_of_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = make_person(name="Somebody Known", email=EMAIL, password="an older one of these")
    Client().force_login(person)
    typed(monkeypatch, GOOD, GOOD)

    run(EMAIL, "Somebody Known", "--password")

    assert not Session.objects.filter(person_id=person.pk).exists()


def test_somebody_known_becomes_an_officer_and_keeps_name_and_password(world: World) -> None:
    person = make_person(name="Somebody Known", email=EMAIL, password=GOOD)

    said = run(EMAIL.upper())
    again = run(EMAIL)

    person.refresh_from_db()
    assert may(person, "manage_people")
    assert person.check_password(GOOD)
    assert person.memberships.count() == 1
    assert "Somebody Known is a performance officer." in said
    assert again == said


@pytest.mark.parametrize(
    ("arguments", "answers", "said"),
    [
        ([EMAIL], (), "Say their name too"),
        (["no address", "First Officer"], (), "valid email"),
        ([EMAIL, "First Officer", "--password"], (GOOD, "another one of these"), "not the same"),
        ([EMAIL, "First Officer", "--password"], ("short", "short"), "12 characters"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], answers: tuple[str, ...], said: str
) -> None:
    typed(monkeypatch, *answers)
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("add_officer", *arguments, stdout=out, stderr=out)

    assert ended.value.code == 2
    assert said in out.getvalue()
    assert not User.objects.exists()
