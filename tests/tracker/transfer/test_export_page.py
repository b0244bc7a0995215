"""Exporting through the page: with initials, or for a reason with full names."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import make_row
from tests.tracker.workbook.files import read

SignIn = Callable[[User], Client]


def test_the_workbook_has_initials_unless_names_are_asked_for(world: World, sign_in: SignIn) -> None:
    row = make_row(team=world.team, pin="001201", person="Tess Sample")

    answer = sign_in(world.head).post(reverse("export", args=[world.team.pk]), {"names": "initials"})

    (written,) = read(answer.content).rows
    assert (written.pin, written.person) == ("001201", "TS")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="amber-team-1-tracker-')
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORT)
    assert (event.actor_id, event.row_ids) == (world.head.pk, [row.pk])


def test_full_names_come_with_a_reason_that_is_kept(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, person="Tess Sample")
    told = {"names": "full", "reason": "Handover to the duty team"}

    answer = sign_in(world.coordinator).post(reverse("export", args=[world.team.pk]), told)

    assert read(answer.content).rows[0].person == "Tess Sample"
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORT)
    assert event.detail == {"names": "full", "reason": "Handover to the duty team"}


def test_full_names_without_a_reason_are_refused(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.coordinator).post(reverse("export", args=[world.team.pk]), {"names": "full"})

    assert answer.status_code == 422
    assert not AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT).exists()


@pytest.mark.parametrize("role", [Role.HEAD_OF_SERVICE, Role.PRACTICE_SUPERVISOR])
def test_who_may_not_have_names_gets_none_by_asking(world: World, sign_in: SignIn, role: Role) -> None:
    told = {"names": "full", "reason": "Because"}

    answer = sign_in(world.person(role)).post(reverse("export", args=[world.team.pk]), told)

    assert answer.status_code == 422


def test_somebody_of_another_locality_finds_nothing(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.coordinator).get(reverse("export", args=[world.foreign.pk]))

    assert answer.status_code == 404


def test_a_stand_in_is_refused(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.stand_in).get(reverse("export", args=[world.team.pk]))

    assert answer.status_code == 403


def test_other_methods_are_refused(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.coordinator).put(reverse("export", args=[world.team.pk]))

    assert answer.status_code == 405
