"""The Locality CIN Check-In: kept with its figures and notes, and compared with the next."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Refused
from accounts.roles import Role
from summary.changes.check_ins import keep_check_in
from summary.check_in import lines
from summary.models import CheckIn
from tests.conftest import World
from tests.factories import a_difficulty, make_row, make_rows
from tests.summary.known import disagreeing, fill
from tracker.choices import Stage

SignIn = Callable[[User], Client]


def page_of(world: World) -> str:
    return f"/localities/{world.amber.pk}/check-in/"


def keep(client: Client, world: World, note: str = "") -> int:
    return client.post(page_of(world) + "keep/", {"note": note}).status_code


def test_a_check_in_keeps_its_figures_its_note_and_who_held_it(world: World, sign_in: SignIn) -> None:
    make_rows(3, team=world.team, stage=Stage.DECIDED)

    assert keep(sign_in(world.head), world, "Early help has no lead until May.") == 302

    kept = CheckIn.objects.get()
    [team] = kept.figures["teams"]
    assert (kept.locality, kept.by, kept.note) == (
        world.amber,
        world.head,
        "Early help has no lead until May.",
    )
    assert (team["team"], team["numbers"]["open"], team["numbers"]["stage-decided"]) == (world.team.pk, 3, 3)


def test_the_next_check_in_shows_what_has_changed(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    make_rows(3, team=world.team)
    keep(client, world, "Ask early help")
    make_rows(2, team=world.team)

    page = client.get(page_of(world)).content.decode()

    assert "+2" in page
    assert "Ask early help" in page


def test_a_kept_check_in_is_read_with_the_figures_of_its_day(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    make_rows(3, team=world.team)
    keep(client, world, "Ask early help")
    make_rows(2, team=world.team)
    kept = CheckIn.objects.get()

    page = (
        sign_in(world.coordinator).get(f"/localities/{world.amber.pk}/check-ins/{kept.pk}/").content.decode()
    )

    assert "Ask early help" in page
    assert '<td class="number">\n        3' in page or ">3<" in page.replace("\n", "").replace(" ", "")


def test_the_change_since_the_last_check_in_is_one_stop_of_the_tab_key(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    make_rows(3, team=world.team)
    keep(client, world)

    page = client.get(f"/localities/{world.amber.pk}/summary/").content.decode()

    boxes = re.findall(r'<div class="table-box".*?</div>', page, re.DOTALL)
    assert sum("With the change since the check-in of" in box for box in boxes) == 1
    assert [box for box in boxes if box.count("table-box") > 1] == []


def test_the_check_in_of_another_locality_does_not_exist(world: World, sign_in: SignIn) -> None:
    elsewhere = world.person(Role.HEAD_OF_SERVICE, elsewhere=True)
    kept = keep_check_in(
        locality=world.bolsover, note="", figures={"teams": []}, by=elsewhere, now=timezone.now()
    )

    answer = sign_in(world.head).get(f"/localities/{world.amber.pk}/check-ins/{kept.pk}/")

    assert answer.status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD_OF_SERVICE])
def test_only_a_head_of_service_of_the_locality_keeps_one(world: World, role: Role) -> None:
    with pytest.raises(Refused):
        keep_check_in(
            locality=world.amber,
            note="",
            figures={"teams": []},
            by=world.person(role),
            now=timezone.now(),
        )


def test_a_reader_finds_no_form_to_keep_it(world: World, sign_in: SignIn) -> None:
    _ = world.team

    assert "Keep this check-in" not in sign_in(world.manager).get(page_of(world)).content.decode()
    assert keep(sign_in(world.manager), world) == 403


def test_too_long_a_note_is_refused_and_kept_on_the_page(world: World, sign_in: SignIn) -> None:
    _ = world.team
    note = "w" * 4001

    answer = sign_in(world.head).post(page_of(world) + "keep/", {"note": note})

    assert answer.status_code == 422
    assert note in answer.content.decode()


def test_cases_are_named_by_pin_and_initials(world: World, sign_in: SignIn) -> None:
    make_row(team=world.team, by=world.officer, stage=Stage.DECIDED, person="Ed Test", pin="000002")

    page = sign_in(world.head).get(page_of(world)).content.decode()

    assert "000002 ET" in page
    assert "Ed Test" not in page


def test_every_number_opens_its_rows(world: World, sign_in: SignIn) -> None:
    for team in (world.team, world.neighbour):
        fill(team, by=world.officer, today=timezone.localdate())

    assert disagreeing(sign_in(world.officer), page_of(world)) == []


def test_a_team_that_was_not_there_before_has_no_change() -> None:
    before = {"teams": [{"team": 1, "name": "One", "numbers": {"open": 2}}]}
    now = {"teams": [*before["teams"], {"team": 2, "name": "Two", "numbers": {"open": 3}}]}

    told, together = lines(now, before, timezone.localdate())

    assert [line.figures[0].change for line in told] == ["no change", ""]
    assert together.figures[0].change == "+3"


def test_the_page_takes_the_same_statements_for_few_and_many_cases(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.head)
    cost = []
    for more in (2, 40):
        make_rows(more, team=world.team, stage=Stage.DECIDED, difficulty=a_difficulty())
        with CaptureQueriesContext(
            connection,
        ) as statements:
            client.get(page_of(world))
        cost.append(len(statements))

    assert cost[0] == cost[1]
