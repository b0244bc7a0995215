"""An officer sees as another person: what they see, nothing more, nothing written, and logged."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.changes.people import end_membership
from accounts.models import AuditEvent, User
from tests.accounts.apps_and_codes import set_up
from tests.architecture.test_addresses import Address, address_in, shown_rows, signed_table
from tests.conftest import World
from tests.factories import make_row

SignIn = Callable[[User], Client]
# Session and presence say that somebody is there, and where: nothing of it is kept.
ONLY_LOOK = {"tracker", "look", "find"}
CHANGES_NOTHING = {"view_as_end", "account_logout", "account_login", "session", "presence"} | ONLY_LOOK
WRITES = [one for one in signed_table() if "POST" in one.methods and one.name not in CHANGES_NOTHING]


@pytest.fixture
def seeing(world: World, sign_in: SignIn) -> Client:
    """The officer, seeing as the coordinator of Amber Team 1."""
    assert [world.neighbour, world.foreign]
    client = sign_in(world.officer)
    client.post(reverse("view_as", args=[world.coordinator.pk]))
    return client


def test_the_officer_sees_what_that_person_sees_and_says_so(world: World, seeing: Client) -> None:
    here = seeing.get(reverse("tracker", args=[world.team.pk]))
    elsewhere = seeing.get(reverse("tracker", args=[world.foreign.pk]))

    assert f"you see this as <strong>{world.coordinator.name}</strong>" in here.content.decode()
    assert elsewhere.status_code == 404
    assert seeing.get(reverse("people_list")).status_code == 403


@pytest.mark.parametrize("address", WRITES, ids=lambda one: one.name)
def test_nothing_can_be_written_meanwhile(world: World, seeing: Client, address: Address) -> None:
    answer = seeing.post(address_in(world, address, world.team))

    assert answer.status_code == 403
    assert "nothing can be changed" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "account_reauthenticate",
    ],
)
def test_the_secrets_of_that_persons_signing_in_are_not_shown(
    world: World, seeing: Client, sign_in: SignIn, name: str
) -> None:
    set_up(sign_in(world.coordinator))
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()

    answer = seeing.get(reverse(name))

    page = answer.content.decode()
    assert (answer.status_code, "theirs alone" in page) == (403, True)
    assert [code for code in codes if code in page] == []


def test_what_was_looked_at_is_the_officers_entry(world: World, seeing: Client) -> None:
    make_row(team=world.team)

    seeing.get(reverse("tracker", args=[world.team.pk]))

    entry = AuditEvent.objects.filter(kind=AuditEvent.Kind.VIEW).latest("pk")
    assert entry.actor_id == world.officer.pk
    assert entry.detail == {"seen_as": world.coordinator.pk}
    assert AuditEvent.objects.filter(purpose="view as", actor_id=world.officer.pk).count() == 1


def test_those_who_are_on_the_tracker_see_that_its_officer_looks(world: World, seeing: Client) -> None:
    here = {"tab": "0a", "row": "0", "field": "", "mode": "here"}

    answer = seeing.post(reverse("presence", args=[world.team.pk]), here)

    assert answer.status_code == 204


@pytest.mark.parametrize("name", ["tracker", "look"])
def test_the_officer_looks_at_the_tracker_by_a_name_too(world: World, seeing: Client, name: str) -> None:
    for person in ("Ed Test", "Bob"):
        make_row(team=world.team, person=person)

    answer = seeing.post(reverse(name, args=[world.team.pk]), {"person": "ed"})

    assert "1 of 2 shown, 1 hidden by Person." in answer.content.decode()


def test_the_officer_finds_what_that_person_finds(world: World, seeing: Client) -> None:
    make_row(team=world.foreign, person="Ed Elsewhere")
    here = make_row(team=world.neighbour, person="Ed Test")

    answer = seeing.post(reverse("find"), {"text": "ed"})

    assert shown_rows(answer) == {here.pk}
    entry = AuditEvent.objects.filter(kind=AuditEvent.Kind.VIEW).latest("pk")
    assert (entry.actor_id, entry.detail) == (world.officer.pk, {"seen_as": world.coordinator.pk})


def test_going_back_ends_it(world: World, seeing: Client) -> None:
    answer = seeing.post(reverse("view_as_end"))

    assert answer.headers["Location"] == reverse("person", args=[world.coordinator.pk])
    assert seeing.get(reverse("people_list")).status_code == 200


def test_an_officer_who_is_one_no_longer_sees_as_nobody_else(world: World, seeing: Client) -> None:
    end_membership(membership=world.officer.memberships.get(), by=None)

    page = seeing.get("/").content.decode()

    assert "you see this as" not in page
    assert world.team.name not in page


def test_nobody_sees_as_another_officer_or_themselves(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)

    answer = client.post(reverse("view_as", args=[world.officer.pk]), follow=True)

    assert "not a performance officer" in answer.content.decode()
