"""Colours of tokens.css against each other: WCAG 2.2 AA (1.4.3, 1.4.11), light and dark."""

import re
from itertools import product

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text()
SCHEMES = ("light", "dark")
TEXT = 4.5
SHAPE = 3.0

GROUNDS = ["page", "surface", "surface-raised", "surface-head", "surface-hover", "accent-soft"]
STAGES = ["awaiting", "underway", "identified", "decided", "closed"]
ROW_COLOURS = ["red", "amber", "yellow", "green", "blue", "purple", "grey"]
SOFT_STAGES = [f"stage-{stage}-soft" for stage in STAGES]
SOFT_ROWS = [f"row-{colour}-soft" for colour in ROW_COLOURS]
KINDS = ["danger", "warning", "good"]

# What is read, on what it stands.
WORDS = [
    *product(["text"], [*GROUNDS, *SOFT_STAGES, *SOFT_ROWS, *(f"{kind}-soft" for kind in KINDS)]),
    *product(["text-quiet", "accent", "accent-strong"], GROUNDS),
    *((kind, ground) for kind in KINDS for ground in [*GROUNDS, f"{kind}-soft"]),
    *product(["danger"], SOFT_ROWS),
    *product(["on-button"], ["button", "button-hover"]),
    *product(["on-button-danger"], ["button-danger", "button-danger-hover"]),
    ("on-accent", "accent"),
    ("on-selected", "selected"),
]
# What is told by its shape: edges of controls, rings of focus, stages, bars.
SHAPES = [
    *product(["line-control"], ["page", "surface", "surface-raised"]),
    *product(["focus"], [*GROUNDS, "selected", *SOFT_ROWS, "danger-soft", "warning-soft"]),
    *((f"stage-{stage}", ground) for stage in STAGES for ground in (f"stage-{stage}-soft", "surface")),
    *(
        (f"row-{colour}", ground)
        for colour in ROW_COLOURS
        for ground in (f"row-{colour}-soft", "surface", "page")
    ),
]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "ground"), WORDS)
def test_words_are_legible_on_their_ground(front: str, ground: str, scheme: str) -> None:
    """K11: 4.5:1."""
    assert contrast(colour(front, scheme), colour(ground, scheme)) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "ground"), SHAPES)
def test_shapes_stand_out_from_their_ground(front: str, ground: str, scheme: str) -> None:
    """K11: 3:1, for edges, rings, and the parts of charts, which have the colours of stages."""
    assert contrast(colour(front, scheme), colour(ground, scheme)) >= SHAPE


def colour(token: str, scheme: str) -> str:
    """The token's `#rrggbb` in this scheme."""
    found = re.search(rf"--{token}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert found, f"tokens.css has no colour --{token}"
    return found.group(1 + SCHEMES.index(scheme))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(hexadecimal: str) -> float:
    """WCAG's relative luminance of `#rrggbb`, 0 to 1."""
    parts = (int(hexadecimal[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
