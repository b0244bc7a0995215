"""An officer keeps the Toolkit: what a post does, what people see of it, what its history tells."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.permissions import Refused
from tests.conftest import World
from tests.factories import a_need
from toolkit.changes.ideas import add_idea, bring_back, change_idea, move_idea, put_back, retire_idea
from toolkit.models import Idea, Tie
from tracker.changes.refusals import Invalid
from tracker.changes.words import retire_word

SignIn = Callable[[User], Client]
MEETING = Tie()


def an_idea(tie: Tie = MEETING) -> Idea:
    return Idea.objects.shown().tied_to(tie)[0]


def of_need() -> Tie:
    return Tie(need_id=a_need().pk)


def post(client: Client, idea: Idea, **told: object) -> HttpResponse:
    newest = idea.newest
    assert newest
    form = {"text": idea.text, "tied": idea.tie.code, "base": newest.pk, "act": "save"}
    return client.post(reverse("idea", args=[idea.pk]), form | told)  # type: ignore[return-value] # the client gives a type of its own


def texts(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_changed_idea_stands_at_once_in_the_toolkit_beside_the_row_and_in_the_meeting(
    world: World, sign_in: SignIn
) -> None:
    idea, need = an_idea(of_need()), a_need()

    post(sign_in(world.officer), idea, text="Send a pigeon.")

    manager = sign_in(world.manager)
    for address in (
        reverse("toolkit", args=[world.team.pk]),
        reverse("toolkit_for_need", args=[need.pk]),
        f"{reverse('toolkit_in_meeting')}?need={need.pk}",
    ):
        assert "Send a pigeon." in texts(manager, address), address


def test_an_idea_goes_under_another_need_a_stage_or_the_meeting(world: World) -> None:
    idea = an_idea(of_need())

    for tie in (Tie(need_id=a_need(3).pk), Tie(stage="decided"), MEETING):
        newest = idea.newest
        assert newest
        idea = change_idea(idea=idea, text=idea.text, tie=tie, base=newest.pk, by=world.officer)

        assert Idea.objects.tied_to(tie).last() == idea


def test_the_history_tells_who_and_when_and_puts_back(world: World, sign_in: SignIn) -> None:
    idea = an_idea()
    before, client = idea.text, sign_in(world.officer)
    post(client, idea, text="Start with biscuits.")

    page = texts(client, reverse("idea", args=[idea.pk]))
    oldest = idea.versions.last()
    assert oldest
    client.post(reverse("idea", args=[idea.pk]), {"act": "put-back", "version": oldest.pk})

    assert world.officer.name in page
    assert "came with the program" in page
    idea.refresh_from_db()
    assert idea.text == before
    assert [one.text for one in idea.versions.all()] == [before, "Start with biscuits.", before]


def test_a_version_of_another_idea_is_not_put_back(world: World, sign_in: SignIn) -> None:
    idea, other = Idea.objects.shown()[0], Idea.objects.shown()[1]
    told = {"act": "put-back", "version": other.versions.get().pk}

    answer = sign_in(world.officer).post(reverse("idea", args=[idea.pk]), told)

    assert answer.status_code == 404


def test_what_two_officers_write_at_once_is_refused_to_the_second_and_kept_on_the_page(
    world: World, sign_in: SignIn
) -> None:
    idea = an_idea()
    newest = idea.newest
    assert newest
    client = sign_in(world.officer)
    post(client, idea, text="The first one’s.")

    answer = post(client, idea, text="The second one’s.", base=newest.pk)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The second one’s.</textarea>" in page
    assert "it says now: “The first one’s.”" in page
    idea.refresh_from_db()
    assert idea.text == "The first one’s."
    # The page has been read: saved again, it counts.
    newest = idea.newest
    assert newest
    assert f'name="base" value="{newest.pk}"' in page


def test_a_preview_shows_how_it_will_stand_and_saves_nothing(world: World, sign_in: SignIn) -> None:
    idea, client = an_idea(of_need()), sign_in(world.officer)

    changed = post(client, idea, text="Only a thought.", act="preview").content.decode()
    new = client.post(reverse("new_idea"), {"text": "Another.", "tied": "stage:decided", "act": "preview"})

    assert "<li>Only a thought.</li>" in changed
    assert "<dd>Another.</dd>" in new.content.decode()
    assert not Idea.objects.filter(text__in=["Only a thought.", "Another."]).exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"text": " "}, "This field is required."),
        ({"text": "x" * 501}, "at most 500 characters"),
        ({"tied": "need:987654"}, "Choose a place."),
        ({"tied": "stage:nowhere"}, "Choose a place."),
        ({"act": "nonsense"}, "Choose what is to be done"),
        ({"text": "One person drives the screen and types; another leads the talk. Swap weekly."}, "already"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(
    world: World, sign_in: SignIn, told: dict[str, str], said: str
) -> None:
    idea = an_idea()

    answer = post(sign_in(world.officer), idea, **told)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert idea.versions.count() == 1


def test_a_retired_idea_is_shown_to_nobody_until_it_is_brought_back(world: World, sign_in: SignIn) -> None:
    idea, manager = an_idea(), sign_in(world.manager)
    toolkit = reverse("toolkit", args=[world.team.pk])

    retire_idea(idea=idea, by=world.officer)
    while_retired = texts(manager, toolkit)
    bring_back(idea=idea, by=world.officer)

    assert idea.text not in while_retired
    assert idea.text in texts(manager, toolkit)
    assert [one.retired for one in idea.versions.all()] == [False, True, False]


def test_ideas_change_places_and_stop_at_the_end(world: World) -> None:
    first, second = Idea.objects.shown().tied_to(MEETING)[:2]

    move_idea(idea=first, down=True, by=world.officer)
    move_idea(idea=second, down=False, by=world.officer)

    assert list(Idea.objects.shown().tied_to(MEETING)[:2]) == [second, first]


def test_a_retired_word_keeps_its_ideas_and_they_can_still_be_changed(world: World, sign_in: SignIn) -> None:
    idea = an_idea(of_need())
    retire_word(word=a_need(), by=world.officer)

    answer = post(sign_in(world.officer), idea, text="Still useful.")

    assert answer.status_code == 302


def test_each_change_is_in_the_log_without_its_text(world: World) -> None:
    idea = add_idea(text="A new one.", tie=MEETING, by=world.officer)
    retire_idea(idea=idea, by=world.officer)

    found = AuditEvent.objects.filter(kind=AuditEvent.Kind.TOOLKIT).order_by("pk")

    assert [one.purpose for one in found] == ["add idea", "retire idea"]
    assert all(one.detail["idea"] == idea.pk and "text" not in one.detail for one in found)


def test_nobody_but_an_officer_can_write_whatever_a_view_forgot(world: World) -> None:
    idea = an_idea()
    version = idea.versions.get()
    acts: list[Callable[[], object]] = [
        lambda: add_idea(text="Mine", tie=MEETING, by=world.manager),
        lambda: change_idea(idea=idea, text="Mine", tie=MEETING, base=version.pk, by=world.manager),
        lambda: put_back(version=version, by=world.manager),
        lambda: retire_idea(idea=idea, by=world.manager),
        lambda: bring_back(idea=idea, by=world.manager),
        lambda: move_idea(idea=idea, down=True, by=world.manager),
    ]

    for act in acts:
        with pytest.raises(Refused):
            act()


def test_the_same_idea_cannot_stand_twice_even_if_one_is_retired(world: World) -> None:
    idea = an_idea()
    retire_idea(idea=idea, by=world.officer)

    with pytest.raises(Invalid, match="among the retired ones"):
        add_idea(text=f"  {idea.text.upper()}", tie=MEETING, by=world.officer)


def test_a_page_of_many_ideas_asks_no_more_than_one_of_few(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)
    texts(client, reverse("toolkit_editing"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        texts(client, reverse("toolkit_editing"))
    for number in range(10):
        retire_idea(idea=add_idea(text=f"Idea {number}", tie=of_need(), by=world.officer), by=world.officer)

    with CaptureQueriesContext(connection) as many:
        texts(client, reverse("toolkit_editing"))

    assert len(many) == len(few)
