"""Which passwords are taken: length and a deny list, and no rule of composition."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from accounts.demo import PASSWORD
from tests.conftest import World
from tests.factories import make_person


@pytest.mark.parametrize(
    "password",
    [
        "elevencharz",
        "x" * 6 + "yq" * 61 + "z",
        "123456789012",
        "Password2026!",
        "aaaaaaaaaaaa",
        "qwertyuiopas",
        "zyxwvutsrqponm",
        "CINSummary2026",
        "team-manager-1",
        "amber valley 2026",
        "Winterbourne-council",
        "roberta.quill99",
        "quill@council.example",
        "sunshine-amber-7",
        PASSWORD,
    ],
)
def test_a_password_that_is_guessed_is_refused(world: World, settings: Settings, password: str) -> None:
    settings.COUNCIL_NAME, settings.DEMO = "Winterbourne Council", False
    person = make_person(name="Roberta Quill", email="roberta.quill@council.example")
    assert world.team.pk

    with pytest.raises(ValidationError):
        validate_password(password, person)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "violet teapot gravel",
        "837465920174",
        "Æble grød og fløde",
        "kettle&amber&xylophone",
        ("plain sailing over night " * 6)[:128],
    ],
)
def test_long_and_one_s_own_is_all_that_is_asked(world: World, password: str) -> None:
    assert world.team.pk

    validate_password(password, world.coordinator)


def test_the_demonstration_keeps_its_password(world: World, settings: Settings) -> None:
    settings.DEMO = True

    validate_password(PASSWORD, world.coordinator)
