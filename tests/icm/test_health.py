"""What is not well stands on the officers' home page; how everything is, on a page of its own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Notice, User
from icm import health
from tests.conftest import World

SignIn = Callable[[User], Client]


def test_officers_are_told_of_what_is_not_well_and_nobody_else(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "QUICK", (lambda: health.Check("Disk", False, "2% of the disk is free."),))
    assert world.neighbour.pk

    officers, heads = (sign_in(person).get("/").content.decode() for person in (world.officer, world.head))

    assert f'<a href="{reverse("health")}">Disk: 2% of the disk is free.</a>' in officers
    assert "of the disk" not in heads


def test_that_no_backup_was_made_is_said_until_one_is(world: World, sign_in: SignIn) -> None:
    assert "Backups: Never" in sign_in(world.officer).get("/").content.decode()


def test_the_page_says_of_each_thing_whether_it_is_well(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.officer).get(reverse("health")).content.decode()

    assert [name for name in ("Database", "Disk", "Mail", "Backups") if name not in page] == []
    assert "up to date" in page


def test_a_failed_mail_needs_attention_where_there_is_a_server(world: World, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    Notice.objects.create(person=world.manager, text="News", mail_failed=True)

    found = health.mail()

    assert (found.well, found.said) == (False, "1 mail could not be sent.")
