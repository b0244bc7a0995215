"""Signing in with an account of the council, against a real OpenID Connect provider."""

import re
from collections.abc import Callable
from html import unescape

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.changes.people import end_access
from accounts.models import AuditEvent, User
from icm.single_sign_on import providers
from tests.accounts.apps_and_codes import set_up
from tests.accounts.council_accounts import WHERE, configured, is_at_provider, provider
from tests.conftest import World

__all__ = ["configured", "provider"]

SignIn = Callable[[User], Client]
GOING = re.compile(r'<a href="([^"]+)">Go on</a>')


def comes_in(subject: str, client: Client | None = None, wanted: str = "") -> tuple[Client, int]:
    """Goes to the provider, signs in there as the subject, and comes back: the client and the last status."""
    client = client or Client()
    page = client.post(WHERE, {"next": wanted} if wanted else {}).content.decode()
    going = GOING.search(page)
    assert going
    there = requests.post(unescape(going[1]), data={"sub": subject}, allow_redirects=False, timeout=10)
    back = there.headers["Location"].removeprefix("http://testserver")
    return client, client.get(back).status_code


def who(client: Client) -> str:
    """The number of who is signed in, or nothing."""
    return str(client.session.get("_auth_user_id", ""))


def test_an_added_person_gets_in_and_is_linked_by_subject(world: World, provider: str) -> None:
    is_at_provider(provider, "subject-1", world.coordinator.email.upper())

    client, status = comes_in("subject-1")

    assert (status, who(client)) == (302, str(world.coordinator.pk))
    account = SocialAccount.objects.get()
    assert (account.user_id, account.uid, account.extra_data) == (world.coordinator.pk, "subject-1", {})
    entry = AuditEvent.objects.filter(kind=AuditEvent.Kind.SIGN_IN).latest("at")
    assert (entry.actor_id, entry.purpose) == (world.coordinator.pk, "sign in, council account")


def test_a_stranger_is_told_whom_to_ask(world: World, provider: str) -> None:
    is_at_provider(provider, "stranger", "new@council.example")
    assert world.officer.name

    client = Client()
    page = client.post(WHERE).content.decode()
    going = GOING.search(page)
    assert going
    there = requests.post(unescape(going[1]), data={"sub": "stranger"}, allow_redirects=False, timeout=10)
    answer = client.get(there.headers["Location"].removeprefix("http://testserver"))

    told = answer.content.decode()
    assert (answer.status_code, who(client)) == (403, "")
    assert "Nobody has added you to ICM yet. Ask a performance officer to add new@council.example." in told
    assert world.officer.name in told
    assert not User.objects.filter(email="new@council.example").exists()
    assert AuditEvent.objects.get(kind=AuditEvent.Kind.SIGN_IN_FAILED).detail == {"reason": "not added"}


@pytest.mark.parametrize("linked", [True, False])
def test_who_has_left_does_not_get_in(world: World, provider: str, linked: bool) -> None:
    is_at_provider(provider, "subject-2", world.coordinator.email)
    if linked:
        comes_in("subject-2")
    end_access(person=world.coordinator, by=world.officer)

    client, status = comes_in("subject-2")

    assert (status, who(client)) == (403, "")


def test_another_address_of_the_same_subject_is_the_same_person(world: World, provider: str) -> None:
    is_at_provider(provider, "subject-3", world.coordinator.email)
    comes_in("subject-3")
    is_at_provider(provider, "subject-3", "married@council.example")

    client, _ = comes_in("subject-3")

    assert who(client) == str(world.coordinator.pk)


def test_another_subject_with_the_same_address_does_not_get_in_until_the_link_is_ended(
    world: World, provider: str, sign_in: SignIn
) -> None:
    is_at_provider(provider, "subject-4", world.coordinator.email)
    comes_in("subject-4")
    is_at_provider(provider, "subject-5", world.coordinator.email)

    refused, status = comes_in("subject-5")
    sign_in(world.officer).post(reverse("person_council_account", args=[world.coordinator.pk]))
    admitted, _ = comes_in("subject-5")

    assert (status, who(refused)) == (403, "")
    assert who(admitted) == str(world.coordinator.pk)


def test_an_address_that_the_provider_does_not_vouch_for_links_nobody(world: World, provider: str) -> None:
    is_at_provider(provider, "subject-6", world.coordinator.email, verified=False)

    client, status = comes_in("subject-6")

    assert (status, who(client)) == (403, "")
    assert not SocialAccount.objects.exists()


def test_addresses_of_the_councils_own_domains_are_taken_as_vouched_for(
    world: World, provider: str, settings: Settings
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer=provider, client_id="icm", secret="s", name="Amber account", domains=["council.example"]
    )
    is_at_provider(provider, "subject-7", world.coordinator.email, verified=False)

    client, _ = comes_in("subject-7")

    assert who(client) == str(world.coordinator.pk)


def test_the_second_factor_is_the_providers(
    world: World, provider: str, settings: Settings, sign_in: SignIn
) -> None:
    set_up(sign_in(world.officer))
    settings.SECOND_FACTOR = "officers"
    is_at_provider(provider, "subject-8", world.officer.email)

    client, _ = comes_in("subject-8")

    assert client.get(reverse("people_list")).status_code == 200


def test_one_comes_back_to_the_page_that_was_asked_for(world: World, provider: str) -> None:
    is_at_provider(provider, "subject-9", world.coordinator.email)
    client = Client()
    going = GOING.search(client.post(WHERE, {"next": reverse("mine")}).content.decode())
    assert going
    there = requests.post(unescape(going[1]), data={"sub": "subject-9"}, allow_redirects=False, timeout=10)

    answer = client.get(there.headers["Location"].removeprefix("http://testserver"))

    assert answer.headers["Location"] == reverse("mine")


@pytest.mark.parametrize(
    "asked", ["", "?error=access_denied&state=x", "?code=x&state=x", "?code=x", "?state=" + "9" * 5000]
)
def test_an_invented_return_leads_to_the_sign_in_page(db: None, client: Client, asked: str) -> None:
    answer = client.get(WHERE + asked, follow=True)

    assert answer.redirect_chain == [(reverse("account_login"), 302)]
    assert "did not work" in answer.content.decode()


def test_somebody_elses_return_signs_nobody_in(world: World, provider: str) -> None:
    is_at_provider(provider, "subject-10", world.coordinator.email)
    going = GOING.search(Client().post(WHERE).content.decode())
    assert going
    there = requests.post(unescape(going[1]), data={"sub": "subject-10"}, allow_redirects=False, timeout=10)
    victim = Client()

    victim.get(there.headers["Location"].removeprefix("http://testserver"))

    assert who(victim) == ""


def test_a_provider_that_does_not_answer_is_said(db: None, client: Client, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        issuer="http://localhost:9", client_id="icm", secret="s", name="Amber account", domains=[]
    )

    answer = client.post(WHERE, follow=True)

    assert "Signing in with Amber account did not work." in answer.content.decode()


def test_it_is_offered_only_where_it_is_set_up(db: None, client: Client, settings: Settings) -> None:
    offered = "Sign in with Amber account" in client.get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}

    page = client.get(reverse("account_login")).content.decode()

    assert (offered, "Sign in with" in page) == (True, False)
    assert client.post(WHERE).headers["Location"] == reverse("account_login")


OWN = "https://login.microsoftonline.com/0000-1111/v2.0"


@pytest.mark.parametrize(
    ("issuer", "client_id", "secret", "sentence"),
    [
        (OWN, "", "s", "SSO_CLIENT_ID is not set"),
        ("", "icm", "", "SSO_ISSUER, SSO_CLIENT_SECRET is not set"),
        ("http://login.council.example", "icm", "s", "must begin with https"),
        ("https://login.microsoftonline.com/common/v2.0", "icm", "s", "not everybody's"),
        ("https://login.microsoftonline.com/organizations/v2.0", "icm", "s", "not everybody's"),
    ],
)
def test_bad_settings_stop_the_start_with_a_sentence(
    issuer: str, client_id: str, secret: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence):
        providers(issuer=issuer, client_id=client_id, secret=secret, name="", domains=[])
