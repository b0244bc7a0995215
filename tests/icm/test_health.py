"""What is not well stands on the officers' home page; how everything is, on a page of its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts import audit
from accounts.chain.seal import seal
from accounts.models import AuditEvent, Notice, User
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

    assert [name for name in ("Database", "Disk", "Mail", "Backups", "Log") if name not in page] == []
    assert "up to date" in page


def test_a_failed_mail_needs_attention_where_there_is_a_server(world: World, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    Notice.objects.create(person=world.manager, text="News", mail_failed=True)

    found = health.mail()

    assert (found.well, found.said) == (False, "1 mail could not be sent.")


def test_a_log_that_no_timer_seals_or_that_was_altered_needs_attention(world: World) -> None:
    fresh = health.log()
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        audit.record(AuditEvent.Kind.SIGN_IN, by=world.officer, purpose="sign in")
    unsealed = health.log()
    seal()
    sealed = health.log()
    audit.record(AuditEvent.Kind.LOG, by=None, purpose=audit.CHECK_OF_LOG, links=9, found=1, faults=["…"])
    altered = health.log()

    assert [one.well for one in (fresh, unsealed, sealed, altered)] == [True, False, True, False]
    assert "seal_log" in unsealed.said
    assert "not checked yet" in sealed.said
    assert "not as they were written" in altered.said
