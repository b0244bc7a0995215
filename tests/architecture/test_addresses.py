"""Every address × method × person: the table that people signed, against what the application answers."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.access import rule_of
from accounts.changes.keys import make_key
from accounts.changes.people import add_membership
from accounts.links import invitation_key, reader_key, request_key
from accounts.models import AccessRequest, AddressKey, AuditEvent, Membership, Team, User
from accounts.roles import GLOBAL_PERMISSIONS, TEAM_PERMISSIONS, Role
from summary.changes.check_ins import keep_check_in
from tests.conftest import World
from tests.factories import a_need, forget_log, make_meeting, make_row, make_team
from tests.tracker.transfer.acts import a_delivered_file
from toolkit.models import Idea
from tracker.models import TeamColumn

SIGNED = Path(__file__).parents[1] / "data" / "addresses.csv"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# What they lead to belongs to one person: an invented number is nobody's.
ONE_PERSONS_OWN = {
    "import_preview",
    "import_question",
    "import_done",
    "dashboard_preview",
    "dashboard_done",
    "worklist_undo",
    "view",
    "notice",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
}
# Public by a key in the address: 404 for any other key.
OPENED_BY_KEY = {"calendar", "mail_end", "figures_csv", "figures_json"}
# Public, and nothing without what was given before: they send to the sign-in page.
LATER_STEPS = {"mfa_authenticate", "openid_connect_callback"}
# Pages that show rows: each opened one leaves one entry in the audit log.
SHOWS_ROWS = {
    "tracker",
    "meeting",
    "decided",
    "siblings",
    "as_it_stood",
    "closed",
    "row",
    "history",
    "answer",
    "team_cases",
    "worklist",
    "team_closures",
    "locality_closures",
    "council_closures",
    "team_since",
    "locality_since",
    "locality_difficulties",
    "council_difficulties",
    "check_in",
    "locality_cases",
    "council_cases",
    "who_viewed",
    "hold",
    "erase",
    "bundle",
}


@dataclass(frozen=True)
class Address:
    """One line of the signed table."""

    name: str
    about: str
    permission: str
    methods: tuple[str, ...]


def signed_table() -> list[Address]:
    """What people signed."""
    with SIGNED.open(newline="") as lines:
        return [
            Address(line["name"], line["about"], line["permission"], tuple(line["methods"].split()))
            for line in csv.DictReader(lines)
        ]


def patterns(found: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every address of the resolver."""
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def test_every_view_states_its_rule() -> None:
    unstated = [str(one.pattern) for one in patterns() if rule_of(one.callback) is None]

    assert unstated == []


def test_every_address_is_in_the_signed_table_with_its_rule() -> None:
    stated = {}
    for one in patterns():
        rule = rule_of(one.callback)
        assert rule is not None
        stated[one.name] = (rule.about, rule.permission)

    assert stated == {one.name: (one.about, one.permission) for one in signed_table()}


def test_only_these_addresses_are_public() -> None:
    public = {one.name for one in patterns() if not getattr(one.callback, "login_required", True)}

    for_everybody = {
        "account_login",
        "mfa_authenticate",
        "openid_connect_callback",
        "reset",
        "invitation",
        "livez",
        "readyz",
        "accessibility",
    }
    assert public == for_everybody | OPENED_BY_KEY


def address_in(world: World, address: Address, team: Team) -> str:
    """The address for the team, its locality, or a row of it."""
    converters = next(one for one in patterns() if one.name == address.name).pattern.converters
    values: dict[str, Callable[[], object]] = {
        "team_id": lambda: team.pk,
        "locality_id": lambda: team.locality_id,
        "row_id": lambda: make_row(team=team, by=world.officer).pk,
        "case_id": lambda: make_row(team=team, by=world.officer).case_id,
        "need_id": lambda: a_need().pk,
        "idea_id": lambda: Idea.objects.shown()[0].pk,
        "key": lambda: "needed",
        "role": lambda: Role.TEAM_COORDINATOR,
        "word_id": lambda: a_need().pk,
        "delivery_id": lambda: a_delivered_file(world.officer).delivery_id,
        "file_id": lambda: a_delivered_file(world.officer).pk,
        "parked_id": uuid4,
        "op": uuid4,
        "view_id": lambda: 987654,
        "person_id": lambda: world.stranger.pk,
        "notice_id": lambda: 987654,
        "membership_id": lambda: a_membership(world.stranger, team).pk,
        "request_id": lambda: a_request(world.stranger, team).pk,
        "calendar_key": lambda: make_key(opens=AddressKey.Opens.CALENDAR, by=world.officer),
        "figures_key": lambda: make_key(opens=AddressKey.Opens.FIGURES, by=world.officer),
        "key_id": lambda: a_figures_key(world.officer).pk,
        "reader": lambda: reader_key(world.stranger),
        "link": lambda: request_key(a_request(world.stranger, team)),
        "invitation": lambda: invitation_key(world.stranger),
        "meeting_id": lambda: make_meeting(team=team, by=world.officer).pk,
        "check_in_id": lambda: kept_check_in(world, team),
        "column_id": lambda: TeamColumn.objects.create(team=team, heading="RAG").pk,
    }
    where = reverse(address.name, kwargs={key: values[key]() for key in converters})
    return f"{where}?teams={team.pk}" if address.name == "live" else where


def kept_check_in(world: World, team: Team) -> int:
    """The number of a check-in of the team's locality."""
    head = world.person(Role.HEAD_OF_SERVICE, elsewhere=team.locality_id != world.amber.pk)
    kept = keep_check_in(locality=team.locality, note="", figures={"teams": []}, by=head, now=timezone.now())
    return kept.pk


def holder(world: World, address: Address) -> User:
    """Somebody who may have the address: the officer, but for what only a head of service does."""
    return world.head if address.permission == "answer_difficulty" else world.officer


def a_membership(person: User, team: Team) -> Membership:
    """An access of a day long past: it opens nothing."""
    long_ago = date(2020, 1, 1)
    return add_membership(
        person=person, role=Role.TEAM_MANAGER, locality=team.locality, since=long_ago, until=long_ago, by=None
    )


def a_figures_key(officer: User) -> AddressKey:
    """The key that opens the figures by this officer's right."""
    make_key(opens=AddressKey.Opens.FIGURES, by=officer)
    return AddressKey.objects.get(person=officer, opens=AddressKey.Opens.FIGURES)


def a_request(person: User, team: Team) -> AccessRequest:
    """Somebody's wish for access, not answered yet."""
    return AccessRequest.objects.create(
        person=person, role=Role.TEAM_MANAGER, locality=team.locality, team=team, why="New here"
    )


def expected(address: Address, role: Role, place: str) -> set[int]:
    """The codes that are right for this role in that place: own team, own locality or elsewhere."""
    fine = {200, 204, 302, 303, 422}
    if address.name in ONE_PERSONS_OWN and address.about == "signed in":
        return {404}
    if address.about in ("public", "signed in"):
        return fine
    if address.about == "council":
        return fine if role in GLOBAL_PERMISSIONS[address.permission] else {403}
    sees = reaches(role, "view_tracker", place)
    if address.about.endswith("locality") and role == Role.STAND_IN:
        # A stand-in sees one team of it, and no page that counts the others.
        return {404}
    if not sees:
        return {404}
    if address.about == "part of locality" and place == "own locality":
        # One team of the locality is enough.
        place = "own team"
    if address.name in ONE_PERSONS_OWN and reaches(role, address.permission, place):
        return {404}
    return fine if reaches(role, address.permission, place) else {403}


def reaches(role: Role, permission: str, place: str) -> bool:
    """Whether the permission of the role reaches a team in that place."""
    grant = TEAM_PERMISSIONS[permission].get(role)
    letters = {"own team": "ALT", "own locality": "AL", "elsewhere": "A"}[place]
    return grant is not None and grant.reach in letters


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves no trace: every address finds the same world, which is made once for all."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    # A rolled-back row's number may come again.
    caches["rows"].clear()


@pytest.fixture
def whole(world: World) -> World:
    """The world with everybody and every place in it from the start."""
    assert [world.team, world.neighbour, world.foreign, world.stranger]
    for role in Role:
        world.person(role)
    return world


@pytest.mark.parametrize("role", list(Role))
def test_every_address_answers_each_role_as_signed(
    whole: World, sign_in: Callable[[User], Client], role: Role
) -> None:
    places = {"own team": whole.team, "own locality": whole.neighbour, "elsewhere": whole.foreign}
    wrong = {}

    for address, (place, team) in product(signed_table(), places.items()):
        for method in address.methods:
            with undone():
                where = address_in(whole, address, team)
                code = sign_in(whole.person(role)).generic(method, where).status_code
            if code not in expected(address, role, place):
                wrong[address.name, place, method] = code

    assert wrong == {}


def test_somebody_whose_access_has_ended_is_answered_as_somebody_without_any(
    whole: World, sign_in: Callable[[User], Client]
) -> None:
    """A manager of yesterday; whose time ended by its date, with no job having run."""
    past = whole.person(Role.TEAM_MANAGER)
    past.memberships.update(until=timezone.localdate() - timedelta(days=1))
    caches["rights"].clear()
    wrong = {}

    for address in signed_table():
        for method in address.methods:
            with undone():
                where = address_in(whole, address, whole.team)
                code = sign_in(past).generic(method, where).status_code
            if code not in without_any(address):
                wrong[address.name, method] = code

    assert wrong == {}


def test_who_holds_two_memberships_has_in_each_place_what_that_one_gives(
    whole: World, sign_in: Callable[[User], Client]
) -> None:
    """A manager who stands in for a supervisor of another locality, in one of its teams."""
    make_team(locality=whole.bolsover)
    both = whole.person(Role.TEAM_MANAGER)
    add_membership(
        person=both,
        role=Role.STAND_IN,
        locality=whole.bolsover,
        teams=[whole.foreign],
        until=timezone.localdate(),
        by=None,
    )
    places = {
        whole.team: (Role.TEAM_MANAGER, "own team"),
        whole.neighbour: (Role.TEAM_MANAGER, "own locality"),
        whole.foreign: (Role.STAND_IN, "own team"),
    }
    wrong = {}

    for address, (team, (role, place)) in product(signed_table(), places.items()):
        for method in address.methods:
            with undone():
                where = address_in(whole, address, team)
                code = sign_in(both).generic(method, where).status_code
            if code not in expected(address, role, place):
                wrong[address.name, team.name, method] = code

    assert wrong == {}


def test_methods_that_an_address_does_not_take_answer_405(
    whole: World, sign_in: Callable[[User], Client]
) -> None:
    wrong = {}

    for address in signed_table():
        for method in set(METHODS) - set(address.methods):
            with undone():
                client = sign_in(holder(whole, address))
                code = client.generic(method, address_in(whole, address, whole.team)).status_code
            if code != 405:
                wrong[address.name, method] = code

    assert wrong == {}


def test_nobody_gets_in_without_signing_in(whole: World, client: Client) -> None:
    answers: dict[str, tuple[int, ...]] = {}
    wanted: dict[str, tuple[int, ...]] = {}

    for address in signed_table():
        with undone():
            where = address_in(whole, address, whole.team)
            page = client.generic(address.methods[0], where)
            script = client.generic(address.methods[0], where, headers={"X-ICM": "script"})
        if address.about == "public":
            answers[address.name] = (page.status_code,)
            wanted[address.name] = (302,) if address.name in LATER_STEPS else (200,)
        else:
            answers[address.name] = (page.status_code, script.status_code)
            wanted[address.name] = (401 if address.name == "live" else 302, 401)
            assert page.headers.get("Location", "/sign-in/").startswith("/sign-in/"), address.name

    assert answers == wanted


def test_somebody_without_a_membership_sees_nothing_of_any_team(
    whole: World, sign_in: Callable[[User], Client]
) -> None:
    wrong = {}

    for address in signed_table():
        for method in address.methods:
            with undone():
                where = address_in(whole, address, whole.team)
                code = sign_in(whole.stranger).generic(method, where).status_code
            if code not in without_any(address):
                wrong[address.name, method] = code

    assert wrong == {}


def without_any(address: Address) -> set[int]:
    """The codes that are right for somebody without a membership of today."""
    if address.about in ("public", "signed in") and address.name not in ONE_PERSONS_OWN:
        return {200, 204, 302, 303, 422}
    return {403} if address.about == "council" else {404}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(OPENED_BY_KEY))
def test_a_made_up_key_opens_nothing(client: Client, name: str) -> None:
    assert client.get(reverse(name, args=["made-up"])).status_code == 404


@pytest.mark.parametrize("name", sorted(SHOWS_ROWS))
def test_an_opened_page_of_rows_leaves_exactly_one_entry(
    world: World, sign_in: Callable[[User], Client], name: str
) -> None:
    address = next(one for one in signed_table() if one.name == name)
    row = make_row(team=world.team, by=world.officer)
    reader = holder(world, address)
    client = sign_in(reader)
    where = address_in(world, address, world.team)
    forget_log()

    answer = client.get(where)

    assert answer.status_code == 200
    entry = AuditEvent.objects.get()
    assert (entry.kind, entry.actor_id) == (AuditEvent.Kind.VIEW, reader.pk)
    assert entry.row_ids != [] or row.pk not in shown_rows(answer)


def shown_rows(answer: HttpResponseBase) -> set[int]:
    """The rows that a page shows, by the number on each."""
    text = getattr(answer, "content", b"").decode()
    return {int(part.split('"')[0]) for part in text.split('data-row="')[1:]}


@pytest.mark.parametrize("name", ["tracker", "row", "closed", "history", "team_summary", "locality_summary"])
def test_a_foreign_and_an_invented_number_answer_alike(
    world: World, sign_in: Callable[[User], Client], name: str
) -> None:
    address = next(one for one in signed_table() if one.name == name)
    client = sign_in(world.coordinator)
    foreign = address_in(world, address, world.foreign)
    number = next(part for part in foreign.split("/") if part.isdigit())

    answers = [client.get(foreign), client.get(foreign.replace(number, "987654", 1))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_token(answers[0]) == without_token(answers[1])


def without_token(answer: HttpResponseBase) -> str:
    """The page but for the token of its forms, which differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", getattr(answer, "content", b"").decode())
