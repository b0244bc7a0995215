"""The officer's page of words: what stands where, what a post does, what a refusal says at its place."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.conftest import World
from tests.factories import a_need, make_row
from tests.tracker.transfer.acts import bring_in, workbook
from tracker.changes.words import retire_word
from tracker.models import Need, TrackerRow

SignIn = Callable[[User], Client]


def at(word: Need) -> str:
    return reverse("word", args=["needed", word.pk])


def brought_in(world: World, label: str = "Roof over head") -> Need:
    """A word that a workbook brought onto a case of the team."""
    bring_in(workbook({"needed": label}), world.team)
    return Need.objects.get(label=label)


def test_words_from_workbooks_come_first_with_the_teams_that_have_them(world: World, sign_in: SignIn) -> None:
    brought_in(world)

    page = sign_in(world.officer).get(reverse("words")).content.decode()

    assert "To review: 1 word from workbooks" in page
    assert "Amber Team 1 (1)" in page
    assert page.index("Roof over head") < page.index("Write up")


def test_a_word_is_accepted_under_another_name(world: World, sign_in: SignIn) -> None:
    word = brought_in(world)
    prefix = f"accept-needed-{word.pk}"

    sign_in(world.officer).post(at(word), {"act": "accept", f"{prefix}-label": "Find housing"})

    word.refresh_from_db()
    assert (word.label, word.offered) == ("Find housing", True)


def test_a_name_that_the_list_has_is_refused_beside_the_word(world: World, sign_in: SignIn) -> None:
    word = brought_in(world)
    prefix = f"accept-needed-{word.pk}"

    answer = sign_in(world.officer).post(at(word), {"act": "accept", f"{prefix}-label": "write  UP"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="write  UP"' in page
    assert page.index(f'id="id_{prefix}-label_error"') < page.index(f'id="id_{prefix}-label"')
    assert "is in this list already" in page


def test_a_word_is_merged_into_a_listed_one(world: World, sign_in: SignIn) -> None:
    word = brought_in(world)

    answer = sign_in(world.officer).post(
        at(word), {"act": "merge", "review": 1, f"merge-needed-{word.pk}-into": a_need().pk}, follow=True
    )

    assert "is part of “Schedule/attend a meeting” now: 1 case has it." in answer.content.decode()
    assert TrackerRow.objects.get().needed == a_need()


@pytest.mark.parametrize("sent", ["", "987654", "x"])
def test_merging_into_nothing_is_refused_beside_the_word(world: World, sign_in: SignIn, sent: str) -> None:
    word = brought_in(world)
    told = {"act": "merge", "review": 1, f"merge-needed-{word.pk}-into": sent}

    answer = sign_in(world.officer).post(at(word), told)

    assert answer.status_code == 422
    assert f'id="id_merge-needed-{word.pk}-into_error"' in answer.content.decode()


def test_a_hint_typed_in_two_lines_is_kept_in_one(world: World, sign_in: SignIn) -> None:
    told = {"new-needed-label": "Ask school", "new-needed-hint": "the school\r\n  has not answered "}

    sign_in(world.officer).post(reverse("new_word", args=["needed"]), told)

    assert Need.objects.get(label="Ask school").hint == "the school has not answered"


def test_a_word_is_added_renamed_retired_and_brought_back(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)

    client.post(
        reverse("new_word", args=["needed"]), {"new-needed-label": "Ask school", "new-needed-hint": "x"}
    )
    word = Need.objects.get(label="Ask school")
    client.post(
        at(word), {"act": "save", "word-label": "Ask the school", "word-hint": "", "word-was": "Ask school"}
    )
    word.refresh_from_db()
    assert (word.label, word.hint) == ("Ask the school", "")
    client.post(at(word), {"act": "retire"})
    assert not Need.objects.choosable().filter(pk=word.pk).exists()
    client.post(at(word), {"act": "back"})
    assert Need.objects.choosable().filter(pk=word.pk).exists()


def test_a_button_that_moved_a_word_has_the_focus_again(world: World, sign_in: SignIn) -> None:
    first = a_need()

    answer = sign_in(world.officer).post(at(first), {"act": "down"}, follow=True)

    assert a_need(1) == first
    buttons = answer.content.decode().split("autofocus>")
    assert len(buttons) == 2
    assert buttons[1].startswith('Down<span class="visually-hidden"> Schedule/attend a meeting')


def test_a_save_of_a_word_that_was_just_retired_is_refused_in_words(world: World, sign_in: SignIn) -> None:
    row, word = make_row(team=world.team), a_need()
    retire_word(word=word, by=world.officer)
    told = {"field": "needed", "value": word.pk, "base": 0, "op": "6f6d2a1e-0000-4000-8000-000000000001"}

    answer = sign_in(world.manager).post(reverse("cell", args=[row.pk]), told)

    assert answer.status_code == 422
    assert "Choose from the list" in answer.content.decode()


def test_the_tracker_offers_a_new_word_and_no_retired_one(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)
    make_row(team=world.team)
    client.post(reverse("new_word", args=["needed"]), {"new-needed-label": "Ask school"})
    client.post(at(a_need(1)), {"act": "retire"})

    page = sign_in(world.manager).get(reverse("tracker", args=[world.team.pk])).content.decode()

    assert "Ask school" in page
    assert "Write up" not in page


@pytest.mark.parametrize("act", ["", "destroy"])
def test_a_post_without_an_act_changes_nothing(world: World, sign_in: SignIn, act: str) -> None:
    answer = sign_in(world.officer).post(at(a_need()), {"act": act})

    assert answer.status_code == 422


@pytest.mark.parametrize("where", ["/words/colours/", "/words/needed/987654/", "/words/colours/1/"])
def test_what_is_no_list_or_word_is_not_there(world: World, sign_in: SignIn, where: str) -> None:
    assert sign_in(world.officer).post(where, {"act": "retire"}).status_code == 404


def test_the_page_takes_the_same_statements_however_many_words_wait(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.officer)
    brought_in(world)

    def taken() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("words")).status_code == 200
        return len(asked)

    # What rights are kept for afterwards is asked once.
    taken()
    few = taken()
    bring_in(workbook(*({"pin": f"{n:06}", "needed": f"Word {n}"} for n in range(20))), world.neighbour)

    assert taken() == few


def test_the_page_of_a_word_tells_what_became_of_it(world: World, sign_in: SignIn) -> None:
    client, word = sign_in(world.officer), a_need(1)
    row = make_row(team=world.team, needed=word)
    client.post(at(word), {"act": "merge", f"merge-needed-{word.pk}-into": a_need().pk})

    page = client.get(at(word)).content.decode()

    assert "It is part of" in page
    assert "Bring it back" in page
    history = client.get(reverse("history", args=[row.pk])).content.decode()
    assert "Words merged" in history
