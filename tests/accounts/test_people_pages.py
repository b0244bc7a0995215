"""The performance officer's pages about people: find, add, a pasted list, change, end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.changes.people import change_membership, end_membership
from accounts.models import AuditEvent, Membership, User
from accounts.permissions import rights, teams_with
from accounts.roles import Role
from tests.conftest import World
from tests.factories import PASSWORD, forget_log, make_member, make_person

SignIn = Callable[[User], Client]
TODAY = timezone.localdate


@pytest.fixture
def officer(world: World, sign_in: SignIn) -> Client:
    """A signed-in performance officer; both localities have their teams."""
    assert [world.team, world.neighbour, world.foreign]
    return sign_in(world.officer)


def membership_of(person: User) -> Membership:
    """The one membership that counts."""
    return Membership.objects.active(TODAY()).get(person=person)


def a_role(world: World, **given: object) -> dict[str, object]:
    """What the form sends for a coordinator of Amber Team 1."""
    return {
        "role": Role.TEAM_COORDINATOR,
        "locality": world.amber.pk,
        "teams": [world.team.pk],
        "since": TODAY().isoformat(),
        "until": "",
        "reason": "New in post",
    } | given


def test_a_person_is_added_with_their_first_role(world: World, officer: Client) -> None:
    given = a_role(world) | {"email": "Jo.Bell@Council.example", "name": "Jo Bell"}

    answer = officer.post(reverse("people_add"), given)

    person = User.objects.get(email="jo.bell@council.example")
    assert answer.headers["Location"] == reverse("person", args=[person.pk])
    assert "edit_row" in rights(person, world.team)
    assert membership_of(person).granted_by == world.officer


def test_teams_are_folded_up_by_locality_but_where_one_is_ticked(world: World, officer: Client) -> None:
    held = membership_of(world.coordinator)

    page = officer.get(reverse("membership", args=[world.coordinator.pk, held.pk])).content.decode()

    places = re.findall(r"<details (open)?>\s*<summary>(\w+) .*?</summary>(.+?)</details>", page, re.DOTALL)
    told = [(name, opened, re.findall(r'value="(\d+)"', boxes)) for opened, name, boxes in places]
    assert told == [
        ("Amber", "open", [str(world.team.pk), str(world.neighbour.pk)]),
        ("Bolsover", "", [str(world.foreign.pk)]),
    ]
    assert re.findall(r'value="(\d+)"[^>]*checked', page) == [str(world.team.pk)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"name": " "}, "This field is required."),
        ({"locality": ""}, "Name the locality."),
        ({"role": Role.STAND_IN}, "A stand-in needs a last day."),
        ({"role": Role.STAND_IN, "until": "2099-01-01"}, "A stand-in has a year at most."),
        ({"role": Role.STAND_IN, "teams": [], "until": "+27"}, "A stand-in needs a team."),
        ({"role": Role.HEAD_OF_SERVICE}, "This role reaches all teams: name none."),
        ({"role": "king"}, "Select a valid choice."),
        ({"until": "2020-01-01"}, "This day has passed."),
        ({"since": "32/01/26"}, "Enter a valid date."),
        ({"teams": ["foreign"]}, "Each team must belong to the locality."),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_is_added(
    world: World, officer: Client, wrong: dict[str, object], sentence: str
) -> None:
    given = a_role(world) | {"email": "jo.bell@council.example", "name": "Jo Bell"} | wrong
    if given["teams"] == ["foreign"]:
        given["teams"] = [world.foreign.pk]
    if given["until"] == "+27":
        given["until"] = (TODAY() + timedelta(days=27)).isoformat()

    answer = officer.post(reverse("people_add"), given)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.filter(name="Jo Bell").exists()


def test_nobody_is_there_twice(world: World, officer: Client) -> None:
    there = make_person(email="jo.bell@council.example")

    answer = officer.post(
        reverse("people_add"), a_role(world) | {"email": "JO.BELL@council.example", "name": "Jo Bell"}
    )

    assert answer.status_code == 422
    assert "is there already" in answer.content.decode()
    assert not there.memberships.exists()


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        ({"text": "coordinator"}, {"coordinator"}),
        ({"text": "no such name"}, set()),
        ({"role": "team_manager"}, {"manager"}),
        ({"state": "none"}, {"stranger"}),
        ({"state": "left"}, {"leaver"}),
        ({"state": "ending"}, {"ending"}),
        ({"state": "never"}, {"stranger", "ending", "manager", "coordinator", "officer"}),
        ({"state": "dormant"}, {"dormant"}),
    ],
)
def test_people_are_found_by_what_they_are(
    world: World, officer: Client, found: dict[str, str], fits: set[str]
) -> None:
    people = {
        "stranger": world.stranger,
        "coordinator": world.coordinator,
        "manager": world.manager,
        "leaver": make_person(name="Lena Leaver"),
        "ending": make_member(
            Role.PRACTICE_SUPERVISOR, locality=world.amber, until=TODAY() + timedelta(days=3)
        ),
        "dormant": make_member(Role.HEAD_OF_SERVICE, locality=world.amber),
        "officer": world.officer,
    }
    User.objects.filter(pk=people["leaver"].pk).update(is_active=False)
    User.objects.filter(pk=people["officer"].pk).update(last_login=None)
    # 61 times 24 hours may be 60 days by the calendar, late in the evening after the clocks went back.
    User.objects.filter(pk=people["dormant"].pk).update(last_login=timezone.now() - timedelta(days=62))

    page = officer.post(reverse("people_list"), found).content.decode()

    shown = {name for name, one in people.items() if f'href="{reverse("person", args=[one.pk])}"' in page}
    assert shown == fits


def test_the_list_costs_the_same_for_ten_and_for_a_hundred(
    world: World, officer: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(10):
        make_member(Role.TEAM_MANAGER, locality=world.amber, teams=[world.team])
    officer.get(reverse("people_list"))
    with django_assert_max_num_queries(100) as ten:  # type: ignore[attr-defined] # pytest-django's own
        officer.get(reverse("people_list"))
    most = len(ten.captured_queries)
    for _ in range(80):
        make_member(Role.TEAM_MANAGER, locality=world.amber, teams=[world.team])
    # New access has rights asked anew, once.
    officer.get(reverse("people_list"))

    with django_assert_max_num_queries(most):  # type: ignore[attr-defined] # the same
        officer.get(reverse("people_list"))


PASTED = "\n".join(
    (
        "E-mail\tName\tRole\tLocality\tTeams\tFrom\tUntil",
        "ann.other@council.example\tAnn Other\tTeam manager\tAmber\tAmber Team 1; Amber Team 2\t\t",
        "bo.head@council.example\tBo Head\thead of service\tamber\t\t01/02/2026\t",
    )
)


def test_a_pasted_list_is_shown_first_and_given_on_confirming(world: World, officer: Client) -> None:
    shown = officer.post(reverse("people_paste"), {"text": PASTED})
    assert shown.status_code == 200
    assert not User.objects.filter(name="Ann Other").exists()

    officer.post(reverse("people_paste"), {"text": PASTED, "confirm": "1"})

    ann = User.objects.get(email="ann.other@council.example")
    assert set(membership_of(ann).teams.all()) == {world.team, world.neighbour}
    assert membership_of(User.objects.get(name="Bo Head")).role == Role.HEAD_OF_SERVICE


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nobody,No Body,team manager,Amber,", "“nobody” is no e-mail address."),
        ("a@council.example,,team manager,Amber,", "The name is missing."),
        ("a@council.example,A B,boss,Amber,", "“boss” is no role."),
        ("a@council.example,A B,team manager,Nowhere,", "There is no locality “Nowhere”."),
        ("a@council.example,A B,team manager,Amber,Team X", "There is no team “Team X”."),
        (
            "a@council.example,A B,team manager,Amber,Bolsover Team 1",
            "Each team must belong to the locality.",
        ),
        ("a@council.example,A B,team manager,,", "Name the locality."),
        ("a@council.example,A B,team manager,Amber,,31/02/26", "From: “31/02/26” is no date."),
        ("a@council.example,A B,team manager,Amber,,,yesterday", "Until: “yesterday” is no date."),
        ("a@council.example,A B,stand-in,Amber,Amber Team 1", "“stand-in” is no role."),
        (
            f"a@council.example,A B,{Role.STAND_IN.label},Amber,Amber Team 1,,01/01/2099",
            "A stand-in has a year at most.",
        ),
        ('"a@council.example,A B', "is no e-mail address."),
        ("ok@council.example,O K,team manager,Amber,", "This person stands twice in the list."),
    ],
)
def test_a_wrong_line_is_named_and_nothing_of_the_list_is_given(
    world: World, officer: Client, line: str, sentence: str
) -> None:
    text = f"ok@council.example,O K,team manager,Amber,\n{line}"

    answer = officer.post(reverse("people_paste"), {"text": text, "confirm": "1"})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.filter(email="ok@council.example").exists()


def test_changing_what_somebody_reaches_ends_the_old_and_keeps_it_on_record(
    world: World, officer: Client
) -> None:
    person = world.coordinator
    old = membership_of(person)

    officer.post(
        reverse("membership", args=[person.pk, old.pk]),
        a_role(world, role=Role.TEAM_MANAGER, teams=[world.neighbour.pk]),
    )

    assert "edit_row" not in rights(person, world.team)
    assert "close_row" in rights(person, world.neighbour)
    old.refresh_from_db()
    assert old.ended_at is not None
    assert membership_of(person).role == Role.TEAM_MANAGER


def test_changing_a_stand_in_gives_no_more_than_a_year(world: World, officer: Client) -> None:
    held = membership_of(world.stand_in)
    given = a_role(world, role=Role.STAND_IN, until=(TODAY() + timedelta(days=366)).isoformat())

    answer = officer.post(reverse("membership", args=[world.stand_in.pk, held.pk]), given)

    assert answer.status_code == 422
    assert "A stand-in has a year at most." in answer.content.decode()
    assert membership_of(world.stand_in) == held


def test_an_access_that_another_ended_meanwhile_is_not_given_again_by_a_change(world: World) -> None:
    """Both officers have read it as it stood before."""
    read_before = membership_of(world.coordinator)
    end_membership(membership=membership_of(world.coordinator), by=world.officer)

    with pytest.raises(ValidationError, match="meanwhile"):
        change_membership(
            membership=read_before,
            role=Role.TEAM_MANAGER,
            locality=world.amber,
            teams=[world.team],
            until=None,
            by=world.officer,
        )

    assert not Membership.objects.active(TODAY()).filter(person=world.coordinator).exists()


def test_the_last_day_of_an_access_stands_in_the_page_that_changes_it(world: World, officer: Client) -> None:
    """As a browser's calendar reads it: it shows nothing else, and saving would take the day away."""
    until = timezone.localdate() + timedelta(days=9)
    person = make_member(Role.TEAM_MANAGER, locality=world.amber, until=until)
    held = person.memberships.get()

    page = officer.get(reverse("membership", args=[person.pk, held.pk])).content.decode()

    assert f'type="date" name="until" value="{until.isoformat()}"' in page


def test_ended_access_is_refused_at_the_next_click(world: World, officer: Client, sign_in: SignIn) -> None:
    person = world.coordinator
    theirs = sign_in(person)
    tracker = reverse("tracker", args=[world.team.pk])
    assert theirs.get(tracker).status_code == 200

    officer.post(reverse("membership", args=[person.pk, membership_of(person).pk]), {"end": "1"})

    assert theirs.get(tracker).status_code == 404


def test_who_has_left_is_signed_out_everywhere_for_good(
    world: World, officer: Client, sign_in: SignIn
) -> None:
    person = world.coordinator
    theirs = sign_in(person)

    officer.post(reverse("person_leaves", args=[person.pk]))
    officer.post(reverse("person_leaves", args=[person.pk]), {"back": "1"})

    person.refresh_from_db()
    assert person.is_active
    assert not person.check_password(PASSWORD)
    assert theirs.get("/").headers["Location"].startswith("/sign-in/")
    assert not teams_with(person, "view_tracker").exists()


@pytest.mark.parametrize("act", ["person", "membership", "person_leaves"])
def test_nobody_changes_their_own_access(world: World, officer: Client, act: str) -> None:
    me = world.officer
    numbers = [me.pk, membership_of(me).pk] if act == "membership" else [me.pk]
    given = {"end": "1"} if act == "membership" else a_role(world)

    answer = officer.post(reverse(act, args=numbers), given, follow=True)

    assert "Nobody changes their own access" in answer.content.decode()
    assert membership_of(me).role == Role.PERFORMANCE_OFFICER


def test_every_act_leaves_an_entry_with_who_did_it(world: World, officer: Client) -> None:
    person = world.coordinator
    forget_log()

    officer.post(reverse("person", args=[person.pk]), a_role(world))
    officer.post(reverse("person_name", args=[person.pk]), {"name": "Jo Bell-Smith"})
    officer.post(reverse("person_leaves", args=[person.pk]))

    told = AuditEvent.objects.order_by("pk").values_list("purpose", "actor_id")
    purposes = [purpose for purpose, _ in told]
    assert {actor for _, actor in told} == {world.officer.pk}
    assert purposes[:2] == ["add membership", "rename person"]
    assert purposes[-1] == "end access"


def test_the_page_of_a_team_says_who_sees_it_and_why(world: World, officer: Client) -> None:
    here = {world.coordinator.name, world.head.name, world.stand_in.name, world.officer.name}
    elsewhere = make_member(Role.TEAM_COORDINATOR, locality=world.bolsover, name="Else Where")
    neighbours_stand_in = make_member(
        Role.STAND_IN,
        locality=world.amber,
        teams=[world.neighbour],
        until=TODAY() + timedelta(days=2),
        name="Next Door",
    )

    page = officer.get(reverse("who_sees", args=[world.team.pk])).content.decode()

    assert all(name in page for name in here)
    assert elsewhere.name not in page
    assert neighbours_stand_in.name not in page
    assert "granted by the command line on" in page
