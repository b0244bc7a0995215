"""The second factor: who must have one, signing in with a code, losing the phone."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.changes.demonstration import hashed_password
from accounts.changes.second_factor import NOT_ONESELF
from accounts.models import AuditEvent, Notice, Session, User
from accounts.roles import Role
from icm.environment import one_of
from tests.accounts.apps_and_codes import PERIOD, code_of, set_up
from tests.conftest import World
from tests.factories import PASSWORD, make_member

SignIn = Callable[[User], Client]
SCRIPT = {"X-ICM": "script"}
OPEN_MEANWHILE = ("mfa_activate_totp", "help", "accessibility", "session")


def first_step(person: User) -> Client:
    """A client in which the password has been given."""
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    """Whether somebody is signed in."""
    return client.get(reverse("session"), headers=SCRIPT).status_code == 200


def give(client: Client, code: str) -> int:
    """The status after a code."""
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


def purposes() -> list[str]:
    """What the log says, the newest first."""
    return list(AuditEvent.objects.values_list("purpose", flat=True))


@pytest.fixture
def key(world: World, sign_in: SignIn) -> str:
    """The key of the coordinator's app."""
    return set_up(sign_in(world.coordinator))


def test_an_officer_reaches_nothing_before_the_second_factor_is_set_up(
    world: World, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "officers"
    client = first_step(world.officer)

    answers = {
        name: client.get(reverse(name)).status_code
        for name in ("home", "people_list", "mine", "signing_in", *OPEN_MEANWHILE)
    }

    assert {name for name, code in answers.items() if code == 200} == set(OPEN_MEANWHILE)
    tracker = reverse("tracker", args=[world.team.pk])
    assert client.get(tracker).headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(tracker, headers=SCRIPT).json()["outcome"] == "second-factor"
    assert client.get(f"/live/?teams={world.team.pk}").status_code == 403
    assert world.team.name not in client.get(reverse("help")).content.decode()


def test_it_opens_everything_and_leads_to_the_recovery_codes(world: World, settings: Settings) -> None:
    settings.SECOND_FACTOR = "officers"
    client = first_step(world.officer)

    set_up(client)

    assert client.get(reverse("people_list")).status_code == 200
    assert "10 of 10 are left" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert "set second factor" in purposes()


@pytest.mark.parametrize(
    ("who", "asked"), [("officers", False), ("everybody", True)], ids=["officers", "everybody"]
)
def test_others_are_asked_where_everybody_is(world: World, settings: Settings, who: str, asked: bool) -> None:
    settings.SECOND_FACTOR = who

    answer = first_step(world.manager).get(reverse("mine"))

    assert answer.status_code == (302 if asked else 200)


def test_whoever_becomes_an_officer_is_asked_in_the_same_session(world: World, settings: Settings) -> None:
    from accounts.changes.people import add_membership

    settings.SECOND_FACTOR = "officers"
    client = first_step(world.manager)
    assert client.get(reverse("mine")).status_code == 200

    add_membership(person=world.manager, role=Role.PERFORMANCE_OFFICER, by=None)

    assert client.get(reverse("mine")).status_code == 302


def test_people_of_the_demonstration_are_not_asked(db: None, settings: Settings) -> None:
    settings.SECOND_FACTOR, settings.DEMO = "officers", True
    officer = make_member(Role.PERFORMANCE_OFFICER)
    User.objects.filter(pk=officer.pk).update(email="officer@demo.example", password=hashed_password())

    client = Client()
    client.post(reverse("account_login"), {"login": "officer@demo.example", "password": "three-random-words"})

    assert client.get(reverse("people_list")).status_code == 200


@pytest.mark.parametrize("told", ["nobody", "0", "officer"])
def test_it_cannot_be_switched_off_from_outside(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("SECOND_FACTOR", told)

    with pytest.raises(ImproperlyConfigured, match="officers or everybody"):
        one_of("SECOND_FACTOR", "officers", {"officers": "officers", "everybody": "everybody"})


def test_password_and_code_sign_in(world: World, key: str) -> None:
    client = first_step(world.coordinator)
    assert not is_in(client)

    given = give(client, code_of(key))

    assert (given, is_in(client)) == (302, True)


def test_a_page_that_was_asked_for_comes_after_the_code(world: World, key: str) -> None:
    wanted = reverse("mine")
    client = Client()
    client.post(
        reverse("account_login"), {"login": world.coordinator.email, "password": PASSWORD, "next": wanted}
    )

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(key)})

    assert answer.headers["Location"] == wanted


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This field is required."),
        ("000000", "This code is not right"),
        ("12345", "A code has 6 figures"),
        ("abcdef", "A code has 6 figures"),
        ("½²³456", "A code has 6 figures"),
        ("123\x00456", "A code has 6 figures"),
        ("9" * 5000, "A code has 6 figures"),
    ],
)
def test_what_is_wrong_with_a_code_is_said_and_logged(
    world: World, key: str, typed: str, sentence: str
) -> None:
    client = first_step(world.coordinator)

    answer = client.post(reverse("mfa_authenticate"), {"code": typed})

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert AuditEvent.objects.filter(
        kind=AuditEvent.Kind.SIGN_IN_FAILED, actor_id=world.coordinator.pk, purpose="sign in, code"
    ).exists()
    assert not is_in(client)


def test_blanks_in_a_pasted_code_do_not_matter(world: World, key: str) -> None:
    code = code_of(key)

    assert give(first_step(world.coordinator), f" {code[:3]} {code[3:]} ") == 302


@pytest.mark.parametrize(("seconds", "right"), [(-PERIOD, True), (PERIOD, True), (-3 * PERIOD, False)])
def test_a_clock_may_be_half_a_minute_off(world: World, key: str, seconds: int, right: bool) -> None:
    now = time.time()

    with time_machine.travel(now, tick=False):
        given = give(first_step(world.coordinator), code_of(key, now + seconds))

    assert given == (302 if right else 422)


def test_a_code_is_good_once(world: World, key: str) -> None:
    now = time.time()
    with time_machine.travel(now, tick=False):
        code = code_of(key, now + PERIOD)
        assert give(first_step(world.coordinator), code) == 302

    with time_machine.travel(now + PERIOD + 1, tick=False):
        assert give(first_step(world.coordinator), code) == 422


def test_ten_wrong_codes_stop_the_account(world: World, key: str) -> None:
    client = first_step(world.coordinator)
    for number in range(10):
        give(client, f"{number:06}")

    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(key)})

    assert "opens again in 5 minutes at most" in answer.content.decode()


def test_without_the_password_there_is_no_second_step(db: None, client: Client) -> None:
    assert client.get(reverse("mfa_authenticate")).headers["Location"] == reverse("account_login")


def test_who_goes_back_signs_in_as_somebody_else(world: World, key: str) -> None:
    client = first_step(world.coordinator)

    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": world.manager.email, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(world.manager.pk)


def test_over_a_page_the_box_gets_the_code_form_and_then_who_is_in(world: World, key: str) -> None:
    client = Client()
    given = {"login": world.coordinator.email, "password": PASSWORD}
    step = client.post(reverse("account_login"), given, headers=SCRIPT, follow=True).content.decode()

    told = client.post(
        reverse("mfa_authenticate"), {"code": code_of(key)}, headers=SCRIPT, follow=True
    ).json()

    assert step.lstrip().startswith("<form")
    assert told == {"outcome": "signed-in", "person": world.coordinator.pk}


def test_each_recovery_code_signs_in_once(world: World, sign_in: SignIn, key: str) -> None:
    page = sign_in(world.coordinator).get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.findall(r"\b\d{8}\b", page)[0]

    answers = [give(first_step(world.coordinator), code) for _ in range(2)]

    assert answers == [302, 422]
    assert "use recovery code" in purposes()


def test_new_recovery_codes_end_the_old_ones(world: World, sign_in: SignIn, key: str) -> None:
    client = sign_in(world.coordinator)
    old = re.findall(r"\b\d{8}\b", client.get(reverse("mfa_view_recovery_codes")).content.decode())

    client.post(reverse("mfa_generate_recovery_codes"))

    assert give(first_step(world.coordinator), old[0]) == 422
    assert "new recovery codes" in purposes()


def test_whoever_ends_it_signs_in_by_password(world: World, sign_in: SignIn, key: str) -> None:
    sign_in(world.coordinator).post(reverse("mfa_deactivate_totp"))

    assert is_in(first_step(world.coordinator))
    assert "end second factor" in purposes()


def test_an_officer_who_ends_it_must_set_up_the_next(world: World, settings: Settings) -> None:
    settings.SECOND_FACTOR = "officers"
    client = first_step(world.officer)
    set_up(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert client.get(reverse("home")).headers["Location"] == reverse("mfa_activate_totp")


def test_a_while_after_signing_in_the_password_is_asked_again(world: World) -> None:
    client = first_step(world.coordinator)

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        asked = client.get(reverse("mfa_activate_totp"))
        wrong = client.post(asked.headers["Location"], {"password": "wrong"})
        right = client.post(asked.headers["Location"], {"password": PASSWORD})
        page = client.get(right.headers["Location"])

    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert (wrong.status_code, "not your password" in wrong.content.decode()) == (422, True)
    assert (right.headers["Location"], page.status_code) == (reverse("mfa_activate_totp"), 200)


def test_the_secret_is_not_readable_in_the_database(world: World, key: str) -> None:
    kept = Authenticator.objects.get(user=world.coordinator, type=Authenticator.Type.TOTP)

    assert key.replace(" ", "") not in str(kept.data)


def test_another_secret_key_fits_no_code_and_breaks_nothing(
    world: World, key: str, settings: Settings
) -> None:
    settings.SECRET_KEY = "another key of the installation, that has never been used before"

    assert give(first_step(world.coordinator), code_of(key)) == 422


def test_an_officer_resets_what_is_lost(world: World, sign_in: SignIn, key: str) -> None:
    theirs, officer = sign_in(world.coordinator), sign_in(world.officer)

    officer.post(reverse("person_second_factor", args=[world.coordinator.pk]))

    assert not is_in(theirs)
    assert is_in(first_step(world.coordinator))
    entry = AuditEvent.objects.get(purpose="reset second factor")
    assert (entry.actor_id, entry.detail["person"]) == (world.officer.pk, world.coordinator.pk)
    notice = Notice.objects.get(person=world.coordinator)
    assert notice.text.startswith(world.officer.name)
    assert sign_in(world.coordinator).get(notice.address).status_code == 200


def test_nobody_resets_their_own(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)
    set_up(client)

    answer = client.post(reverse("person_second_factor", args=[world.officer.pk]), follow=True)

    assert NOT_ONESELF.split(":")[0] in answer.content.decode()
    assert Authenticator.objects.filter(user=world.officer).exists()


def test_the_operator_resets_by_command(world: World, key: str) -> None:
    call_command("reset_second_factor", world.coordinator.email.upper(), verbosity=0)

    assert not Authenticator.objects.exists()
    with pytest.raises(SystemExit, match="2"):
        call_command("reset_second_factor", "nobody@council.example")


def test_one_sees_where_one_is_signed_in_and_ends_it_there(world: World) -> None:
    here, there = (
        Client(),
        Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Edg/140.0"}),
    )
    for client in (here, there):
        client.post(reverse("account_login"), {"login": world.coordinator.email, "password": PASSWORD})
    page = here.get(reverse("signing_in")).content.decode()
    number = re.findall(r'name="session"\s+value="(\w+)"', page)

    here.post(reverse("sessions_end"), {"session": number[0]})

    assert ("Edge on Windows" in page, len(number)) == (True, 1)
    assert str(there.session.session_key) not in page
    assert (is_in(here), is_in(there)) == (True, False)
    assert "end session" in purposes()


def test_nobody_ends_somebody_elses(world: World, sign_in: SignIn) -> None:
    theirs, mine = first_step(world.manager), first_step(world.coordinator)
    page = theirs.get(reverse("signing_in")).content.decode()
    from accounts.browsers import number_of

    session = Session.objects.get(person_id=world.manager.pk)

    mine.post(reverse("sessions_end"), {"session": number_of(session)})

    assert world.manager.name in page
    assert is_in(theirs)


def test_signing_out_everywhere_ends_this_one_too(world: World) -> None:
    browsers = [first_step(world.coordinator) for _ in range(3)]
    other = first_step(world.manager)

    browsers[0].post(reverse("sessions_end"), {"everywhere": "1"})

    assert [is_in(one) for one in (*browsers, other)] == [False, False, False, True]
    assert AuditEvent.objects.get(purpose="end all sessions").detail["number"] == 3
