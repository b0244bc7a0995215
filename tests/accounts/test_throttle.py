"""Guessing a password: ten wrong ones stop the account for a while, and nobody else."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.conftest import World
from tests.factories import PASSWORD

TRIES = 10


def tried(email: str, password: str, **headers: str) -> bool:
    """Whether somebody gets in."""
    client = Client()
    given = {"login": email, "password": password}
    return client.post(reverse("account_login"), given, headers=headers).status_code == 302


def test_after_ten_wrong_ones_the_right_one_is_refused_and_for_how_long(world: World) -> None:
    email = world.coordinator.email
    assert not any(tried(email, f"wrong {number}") for number in range(TRIES))

    answer = Client().post(reverse("account_login"), {"login": email.upper(), "password": PASSWORD})

    assert "opens again in 5 minutes at most" in answer.content.decode()
    assert tried(world.manager.email, PASSWORD), "a colleague at the same address gets in"
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert tried(email, PASSWORD)


def test_nine_wrong_ones_are_only_nine(world: World) -> None:
    email = world.coordinator.email
    assert not any(tried(email, "wrong") for _ in range(TRIES - 1))

    assert tried(email, PASSWORD)


def test_an_invented_address_is_stopped_like_a_known_one(world: World) -> None:
    answers = [
        Client().post(reverse("account_login"), {"login": "nobody@x.example", "password": "wrong"})
        for _ in range(TRIES + 1)
    ]

    assert "opens again in" in answers[-1].content.decode()


def test_an_invented_header_makes_nobody_somebody_else(world: World) -> None:
    email = world.coordinator.email

    assert not any(tried(email, "wrong", X_Forwarded_For=f"192.0.2.{n}") for n in range(TRIES))

    assert not tried(email, PASSWORD, X_Forwarded_For="192.0.2.99")


@pytest.mark.django_db
def test_the_cache_of_several_processes_is_a_table(settings: Settings) -> None:
    from django.core.management import call_command

    settings.CACHES = settings.CACHES | {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_cache",
        }
    }
    call_command("createcachetable", verbosity=0)

    caches["default"].set("tries", 3)

    assert caches["default"].get("tries") == 3
