"""What an idea may be tied to, and that the default copy is complete."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError

from tests.factories import a_need
from toolkit.default_ideas import BY_NEED, BY_STAGE, FOR_MEETING
from toolkit.models import Idea, IdeaVersion
from tracker.choices import OPEN_STAGES, Stage
from tracker.models import Need

add_ideas = import_module("toolkit.migrations.0002_default_ideas").add_ideas

pytestmark = pytest.mark.django_db


def test_every_default_need_has_its_ideas_in_order() -> None:
    loaded = {
        need.label: tuple(Idea.objects.filter(need=need.pk).values_list("text", flat=True))
        for need in Need.objects.all()
    }

    assert loaded == BY_NEED
    assert len(loaded) == 13
    assert all(len(ideas) >= 5 for ideas in loaded.values())


def test_every_open_stage_has_its_question() -> None:
    loaded = Idea.objects.exclude(stage="").values_list("stage", "text")

    assert dict(loaded) == {stage.value: question for stage, (question,) in BY_STAGE.items()}
    assert set(BY_STAGE) == set(OPEN_STAGES)


def test_the_twelve_tips_for_the_meeting_are_there_in_order() -> None:
    loaded = Idea.objects.filter(for_meeting=True).values_list("text", flat=True)

    assert tuple(loaded) == FOR_MEETING
    assert len(loaded) == 12


def test_no_idea_of_the_copy_is_missing_or_has_run_into_the_next() -> None:
    assert Idea.objects.count() == 74 + 4 + 12


def test_adding_the_ideas_again_doubles_nothing() -> None:
    before = Idea.objects.count()

    add_ideas(apps, None)

    assert Idea.objects.count() == before


def test_ideas_for_a_need_that_was_renamed_are_left_out() -> None:
    IdeaVersion.objects.filter(idea__need__label="Write up").delete()
    Idea.objects.filter(need__label="Write up").delete()
    Need.objects.filter(label="Write up").update(label="Writing")

    add_ideas(apps, None)

    assert not Idea.objects.filter(need__label="Writing").exists()


@pytest.mark.parametrize(
    "tied_to",
    [{}, {"stage": Stage.UNDERWAY, "for_meeting": True}],
    ids=["nothing", "a stage and the meeting"],
)
def test_an_idea_is_tied_to_exactly_one_thing(tied_to: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="idea_is_tied_to_one_thing"):
        Idea.objects.create(text="Ring them.", **tied_to)


def test_an_idea_for_a_need_is_not_for_a_stage_too() -> None:
    with pytest.raises(IntegrityError, match="idea_is_tied_to_one_thing"):
        Idea.objects.create(text="Ring them.", need=a_need(), stage=Stage.UNDERWAY)


def test_an_idea_has_a_text() -> None:
    with pytest.raises(IntegrityError, match="idea_has_a_text"):
        Idea.objects.create(text="", for_meeting=True)
