"""The Toolkit as a team's third tab."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from accounts.models import AuditEvent, Team, User
from accounts.roles import Role
from tests.conftest import World
from tests.factories import a_need
from toolkit.default_ideas import BY_NEED, BY_STAGE, FOR_MEETING, OPENING_NOTE
from toolkit.models import Idea
from tracker.models import Need

SignIn = Callable[[User], Client]


def address(team: Team) -> str:
    return reverse("toolkit", kwargs={"team_id": team.pk})


def page(client: Client, team: Team) -> str:
    return client.get(address(team)).content.decode()


def test_it_is_at_the_address_of_the_teams_third_tab(world: World) -> None:
    assert address(world.team) == f"/teams/{world.team.pk}/toolkit/"


@pytest.mark.parametrize("role", Role)
def test_everybody_of_the_team_reads_it(world: World, sign_in: SignIn, role: Role) -> None:
    answer = sign_in(world.person(role)).get(address(world.team))

    assert answer.status_code == 200


def test_it_holds_the_whole_copy(world: World, sign_in: SignIn) -> None:
    shown = page(sign_in(world.manager), world.team)

    ideas = [*BY_NEED.values(), *BY_STAGE.values(), FOR_MEETING, (OPENING_NOTE,)]
    assert [text for group in ideas for text in group if escape(text) not in shown] == []


def test_every_need_is_in_the_index_of_the_page(world: World, sign_in: SignIn) -> None:
    shown = page(sign_in(world.manager), world.team)

    needs = Need.objects.all()
    assert all(f'href="#need-{need.pk}"' in shown for need in needs)
    assert all(f'id="need-{need.pk}"' in shown for need in needs)


def test_a_stand_in_of_another_locality_is_told_there_is_nothing(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.person(Role.STAND_IN, elsewhere=True)).get(address(world.team))

    assert answer.status_code == 404


def test_somebody_signed_out_is_sent_to_sign_in(world: World, client: Client) -> None:
    answer = client.get(address(world.team))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_form_cannot_be_posted_to_it(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.manager).post(address(world.team))

    assert answer.status_code == 405


def test_a_retired_idea_is_not_shown(world: World, sign_in: SignIn) -> None:
    Idea.objects.create(text="Send a fax.", need=a_need(), retired=True)

    shown = page(sign_in(world.manager), world.team)

    assert "Send a fax." not in shown


def test_a_retired_need_without_ideas_is_hidden(world: World, sign_in: SignIn) -> None:
    Need.objects.create(label="Send a fax", retired=True)

    shown = page(sign_in(world.manager), world.team)

    assert "Send a fax" not in shown


def test_a_retired_need_keeps_its_ideas_and_says_so(world: World, sign_in: SignIn) -> None:
    fax = Need.objects.create(label="Send a fax", retired=True)
    Idea.objects.create(text="Ask who still has one.", need=fax)

    shown = page(sign_in(world.manager), world.team)

    assert "Ask who still has one." in shown
    assert "No longer offered in the list" in shown


def test_a_word_that_nobody_has_reviewed_is_hidden(world: World, sign_in: SignIn) -> None:
    Need.objects.create(label="Ring Mrs Example", reviewed=False)

    shown = page(sign_in(world.manager), world.team)

    assert "Ring Mrs Example" not in shown


def test_a_need_without_ideas_says_so_and_names_the_officer(world: World, sign_in: SignIn) -> None:
    world.amber.contact_officers.add(world.officer)
    Need.objects.create(label="Read the post")

    shown = page(sign_in(world.manager), world.team)

    assert "There are no ideas for this yet." in shown
    assert f"mailto:{world.officer.email}" in shown


def test_it_leaves_no_entry_in_the_audit_log(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    before = AuditEvent.objects.count()

    client.get(address(world.team))

    assert AuditEvent.objects.count() == before


def test_more_needs_and_ideas_cost_no_more_statements(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.manager)
    page(client, world.team)

    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, world.team)
    for number in range(30):
        need = Need.objects.create(label=f"Step {number}")
        Idea.objects.create(text="Do it.", need=need)
        Need.objects.create(label=f"Step {number} without ideas")
    with CaptureQueriesContext(connection) as many:
        page(client, world.team)

    assert len(many) == len(few)
