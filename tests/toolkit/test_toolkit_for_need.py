"""The ideas for one need, beside the row where it is chosen."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from tests.conftest import World
from tests.factories import a_need
from toolkit.models import Idea
from tracker.models import Need

SignIn = Callable[[User], Client]
FROM_SCRIPT = {"X-ICM": "script"}


def address(need: Need) -> str:
    return reverse("toolkit_for_need", kwargs={"need_id": need.pk})


def test_our_script_gets_a_fragment_with_the_ideas(world: World, sign_in: SignIn) -> None:
    need = a_need()

    answer = sign_in(world.stand_in).get(address(need), headers=FROM_SCRIPT)

    shown = answer.content.decode()
    assert "<html" not in shown
    assert all(escape(idea.text) in shown for idea in Idea.objects.filter(need=need))


def test_a_plain_link_gets_a_page_with_the_same_fragment(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.stand_in)

    page = client.get(address(a_need())).content.decode()

    assert "<html" in page
    assert client.get(address(a_need()), headers=FROM_SCRIPT).content.decode().strip() in page


def test_a_need_that_does_not_exist_is_not_found(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.manager).get(reverse("toolkit_for_need", kwargs={"need_id": 0}))

    assert answer.status_code == 404


def test_a_form_cannot_be_posted_to_it(world: World, sign_in: SignIn) -> None:
    answer = sign_in(world.manager).post(address(a_need()))

    assert answer.status_code == 405


def test_a_retired_idea_is_not_shown(world: World, sign_in: SignIn) -> None:
    Idea.objects.create(text="Send a fax.", need=a_need(), retired=True)

    answer = sign_in(world.manager).get(address(a_need()), headers=FROM_SCRIPT)

    assert "Send a fax." not in answer.content.decode()


def test_a_need_without_ideas_says_so_and_names_the_officer(world: World, sign_in: SignIn) -> None:
    world.amber.contact_officers.add(world.officer)
    need = Need.objects.create(label="Read the post")

    shown = sign_in(world.manager).get(address(need), headers=FROM_SCRIPT).content.decode()

    assert "There are no ideas for this yet." in shown
    assert f"mailto:{world.officer.email}" in shown


def test_a_word_that_nobody_has_reviewed_is_not_told_to_other_localities(
    world: World, sign_in: SignIn
) -> None:
    need = Need.objects.create(label="Ring Mrs Example", reviewed=False)

    page = sign_in(world.stand_in).get(address(need)).content.decode()

    assert "Ring Mrs Example" not in page
    assert "This value came in with a workbook" in page
