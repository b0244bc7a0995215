"""Home: my places, and whom to ask where there are none."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts import context
from accounts.changes.places import name_contact_officer
from accounts.models import Notice, User
from accounts.roles import Role
from accounts.views import home
from tests.conftest import World
from tests.factories import PASSWORD, make_member


def test_home_lists_the_teams_of_my_locality_and_no_other(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    assert [world.team, world.neighbour, world.foreign]

    page = sign_in(world.coordinator).get("/").content.decode()

    assert "Amber Team 1" in page
    assert "Amber Team 2" in page
    assert "Bolsover" not in page


def test_who_has_one_team_goes_straight_to_its_tracker(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    assert world.neighbour.pk

    answer = sign_in(world.stand_in).get("/")

    assert answer.headers["Location"] == reverse("tracker", args=[world.team.pk])


def test_a_stand_in_gets_no_page_about_the_whole_locality(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    assert world.neighbour.pk

    page = sign_in(world.stand_in).get(reverse("locality_summary", args=[world.amber.pk]))

    assert page.status_code == 404


def test_who_has_no_membership_is_told_whom_to_ask(world: World, sign_in: Callable[[User], Client]) -> None:
    officer = make_member(Role.PERFORMANCE_OFFICER, name="Olive Officer")

    page = sign_in(world.stranger).get("/").content.decode()

    assert officer.name in page


def test_a_refusal_names_the_contact_officer_of_my_locality(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    officer = make_member(Role.PERFORMANCE_OFFICER, name="Olive Officer")
    make_member(Role.PERFORMANCE_OFFICER, name="Oscar Other")
    name_contact_officer(locality=world.amber, officer=officer, by=None)

    page = sign_in(world.coordinator).get(reverse("tracker", args=[world.foreign.pk]))

    assert page.status_code == 404
    assert "Olive Officer" in page.content.decode()
    assert "Oscar Other" not in page.content.decode()


def test_what_one_may_see_and_not_do_names_who_can(world: World, sign_in: Callable[[User], Client]) -> None:
    assert world.coordinator.pk

    page = sign_in(world.head).get(reverse("add_case", args=[world.team.pk]))

    assert page.status_code == 403
    assert world.coordinator.name in page.content.decode()


def test_a_demonstration_person_cannot_sign_in_outside_of_a_demonstration(
    world: World, client: Client
) -> None:
    person = make_member(Role.TEAM_MANAGER, locality=world.amber, password=PASSWORD)
    person.email = "team_manager.amber@demo.example"
    person.save()

    client.post("/sign-in/", {"login": person.email, "password": PASSWORD})

    assert client.get("/").status_code == 302


def test_signing_in_and_out_by_the_form(world: World, client: Client) -> None:
    person = world.manager

    signed_in = client.post("/sign-in/", {"login": person.email.upper(), "password": PASSWORD})
    assert signed_in.headers["Location"] == "/"
    assert client.get(reverse("tracker", args=[world.team.pk])).status_code == 200

    client.post("/sign-out/")
    assert client.get(reverse("tracker", args=[world.team.pk])).status_code == 302


def test_an_officer_of_a_council_with_one_team_still_has_a_home(
    world: World, sign_in: Callable[[User], Client]
) -> None:
    assert world.team.pk

    page = sign_in(world.officer).get("/").content.decode()

    assert reverse("words") in page


@pytest.fixture
def few_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two teams are already more than one list holds."""
    monkeypatch.setattr(context, "TEAMS_LISTED", 1)
    monkeypatch.setattr(home, "TEAMS_LISTED", 1)


def test_home_lists_very_many_teams_by_pages(
    world: World, sign_in: Callable[[User], Client], few_listed: None
) -> None:
    assert [world.team, world.foreign]
    client = sign_in(world.officer)

    first, second = (client.get("/", {"page": page}).content.decode() for page in (1, 2))

    assert ("Amber Team 1" in first, "Bolsover Team 1" in first) == (True, False)
    assert ("Amber Team 1" in second, "Bolsover Team 1" in second) == (False, True)
    assert client.get("/", {"page": 3}).status_code == 404


@pytest.mark.parametrize("page", ["team_summary", "locality_summary"])
def test_of_very_many_teams_the_switcher_lists_those_of_the_page_and_leads_to_the_others(
    world: World, sign_in: Callable[[User], Client], few_listed: None, page: str
) -> None:
    assert [world.neighbour, world.foreign]
    place = world.team if page == "team_summary" else world.amber

    shown = sign_in(world.officer).get(reverse(page, args=[place.pk])).content.decode()

    switcher = shown[shown.index('class="switcher"') : shown.index("</nav>")]
    assert "Amber Team 2" in switcher
    assert "Bolsover" not in switcher
    assert "All teams" in switcher


def test_nobody_puts_away_what_somebody_else_is_told(world: World, sign_in: Callable[[User], Client]) -> None:
    theirs = Notice.objects.create(person=world.officer, text="News")

    answer = sign_in(world.manager).post(reverse("notice", args=[theirs.pk]))

    assert answer.status_code == 404
    assert Notice.objects.filter(read_at=None).count() == 1
