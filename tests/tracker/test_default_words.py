"""The lists a new council starts with, and how they meet a list that is already there."""

from importlib import import_module

import pytest
from django.apps import apps

from tracker.models import Difficulty, Need, Outcome

add_words = import_module("tracker.migrations.0002_default_words").add_words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("words", "how_many"), [(Need, 13), (Difficulty, 13), (Outcome, 9)])
def test_every_list_is_there_with_hints_in_its_order(
    words: type[Need | Difficulty | Outcome], how_many: int
) -> None:
    listed = list(words.objects.choosable())

    assert [word.order for word in listed] == [10 * place for place in range(1, how_many + 1)]
    assert all(word.hint for word in listed)


@pytest.mark.parametrize("words", [Need, Difficulty])
def test_a_label_fits_a_column_and_the_axis_of_a_chart(words: type[Need | Difficulty]) -> None:
    assert all(len(word.label) <= 35 for word in words.objects.all())


def test_the_guides_own_words_come_first() -> None:
    needs = Need.objects.values_list("label", flat=True)
    difficulties = Difficulty.objects.values_list("label", flat=True)

    assert list(needs[:2]) == ["Schedule/attend a meeting", "Write up"]
    assert difficulties[0] == "Difficulty stepping down to EH"


def test_the_program_finds_its_three_outcomes_by_code() -> None:
    coded = Outcome.objects.exclude(code="").values_list("code", "label")

    assert dict(coded) == {
        "moved": "Moved or transferred",
        "added_in_error": "Added in error",
        "not_recorded": "Not recorded",
    }


def test_adding_the_words_again_doubles_nothing() -> None:
    add_words(apps, None)

    assert [model.objects.count() for model in (Need, Difficulty, Outcome)] == [13, 13, 9]


def test_a_word_that_is_there_in_other_letters_stays_as_it_is() -> None:
    Need.objects.filter(label="Write up").update(label="WRITE UP", hint="ours", order=500)

    add_words(apps, None)

    kept = Need.objects.get(label__iexact="write up")
    assert (kept.label, kept.hint, kept.order) == ("WRITE UP", "ours", 500)


def test_an_outcome_that_an_officer_renamed_does_not_come_back() -> None:
    Outcome.objects.filter(code="moved").update(label="Gone to another team")

    add_words(apps, None)

    assert not Outcome.objects.filter(label="Moved or transferred").exists()


def test_an_outcome_that_was_typed_by_hand_gets_the_code_it_lacks() -> None:
    Outcome.objects.filter(code="not_recorded").update(code="")

    add_words(apps, None)

    assert Outcome.objects.get(code="not_recorded").label == "Not recorded"
