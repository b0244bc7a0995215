"""How long a session lasts, what counts as somebody being there, and signing in again over a page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Session, User
from tests.conftest import World
from tests.factories import PASSWORD, make_row

SignIn = Callable[[User], Client]
SCRIPT = {"X-ICM": "script"}


def signed_in(person: User) -> Client:
    """A client that went through the sign-in page."""
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    """Whether the session still goes on; asking is no act."""
    return client.get(reverse("session"), headers=SCRIPT).status_code == 200


@pytest.mark.parametrize(("minutes", "still"), [(59, True), (61, False)])
def test_an_hour_without_an_act_ends_it(world: World, minutes: int, still: bool) -> None:
    client = signed_in(world.coordinator)

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert is_in(client) is still


@pytest.mark.parametrize(
    ("method", "address", "headers", "counts"),
    [
        ("get", "home", {}, True),
        ("post", "session", SCRIPT, True),
        ("get", "session", SCRIPT, False),
        ("get", "changes", SCRIPT, False),
        ("post", "presence", SCRIPT, False),
        ("post", "presence", {}, False),
        ("get", "live", {}, False),
    ],
)
def test_what_counts_as_somebody_being_there(
    world: World, method: str, address: str, headers: dict[str, str], counts: bool
) -> None:
    make_row(team=world.team, by=world.officer)
    client = signed_in(world.coordinator)
    where = reverse(address, args=[world.team.pk] if address in ("changes", "presence") else [])
    where += {"changes": "?after=0", "live": f"?teams={world.foreign.pk}"}.get(address, "")
    began = timezone.now()

    with time_machine.travel(began + timedelta(minutes=50)):
        client.generic(method.upper(), where, headers=headers)

    with time_machine.travel(began + timedelta(minutes=70)):
        assert is_in(client) is counts


def test_twelve_hours_end_it_whatever_is_done(world: World) -> None:
    client, began = signed_in(world.coordinator), timezone.now()

    for half_hours in range(1, 24):
        with time_machine.travel(began + timedelta(minutes=30 * half_hours)):
            assert client.get(reverse("home"), follow=True).status_code == 200
            assert client.post(reverse("session"), headers=SCRIPT).status_code == 200

    with time_machine.travel(began + timedelta(hours=12, seconds=1)):
        assert not is_in(client)


def test_the_page_is_told_how_long_is_left(world: World) -> None:
    client, began = signed_in(world.coordinator), timezone.now()

    with time_machine.travel(began + timedelta(minutes=20)):
        left = client.get(reverse("session"), headers=SCRIPT).json()
        stayed = client.post(reverse("session"), headers=SCRIPT).json()

    assert left["idle"] == pytest.approx(40 * 60, abs=5)
    assert stayed["idle"] == pytest.approx(60 * 60, abs=5)
    assert left["whole"] == pytest.approx(11 * 3600 + 40 * 60, abs=5)


def test_an_act_is_written_down_once_a_minute(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(world.coordinator)
    client.post(reverse("session"))

    with django_assert_num_queries(2):  # the session and its person
        client.post(reverse("read_date"))


def test_the_record_says_whose_session_it_is(world: World) -> None:
    client = signed_in(world.coordinator)

    key = client.session.session_key
    client.post(reverse("account_logout"))

    assert not Session.objects.filter(session_key=key).exists()
    signed_in(world.coordinator)
    assert Session.objects.get().person_id == world.coordinator.pk


def over_a_page(person: User, client: Client, login: User, password: str = PASSWORD) -> tuple[int, str]:
    """Signs in by script over a page that was drawn for `person`: status and content after all redirects."""
    answer = client.post(
        reverse("account_login"),
        {"login": login.email, "password": password},
        headers=SCRIPT | {"X-ICM-Person": str(person.pk)},
        follow=True,
    )
    return answer.status_code, answer.content.decode()


def test_the_box_gets_the_form_alone_and_then_who_is_in(world: World, client: Client) -> None:
    form = client.get(reverse("account_login"), headers=SCRIPT).content.decode()

    told = over_a_page(world.coordinator, client, world.coordinator)

    assert form.lstrip().startswith("<form")
    assert "<html" not in form
    assert told == (200, f'{{"outcome": "signed-in", "person": {world.coordinator.pk}}}')


def test_the_box_says_what_is_wrong(world: World, client: Client) -> None:
    status, form = over_a_page(world.coordinator, client, world.coordinator, "wrong")

    assert (status, "do not go together" in form) == (422, True)


def test_somebody_else_signs_in_and_the_page_is_told(world: World, client: Client) -> None:
    status, told = over_a_page(world.coordinator, client, world.manager)

    assert (status, "other-person" in told) == (409, True)
    assert client.session["_auth_user_id"] == str(world.manager.pk)
