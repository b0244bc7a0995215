"""Colours of workbooks and of the tracker."""

import pytest

from tracker.choices import Colour
from tracker.workbook.colours import INDEXED, PALETTE, nearest, read_colour, tinted


def test_every_row_colour_of_the_tracker_has_its_fill() -> None:
    assert set(PALETTE) == set(Colour.values) - {Colour.NONE.value}


@pytest.mark.parametrize("name", PALETTE)
def test_a_colour_that_was_exported_comes_back_as_itself(name: str) -> None:
    assert nearest(PALETTE[name]) == name


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("FF0000", "red"),
        ("FFC000", "amber"),
        ("FFFF00", "yellow"),
        ("92D050", "green"),
        ("00B0F0", "blue"),
        ("7030A0", "purple"),
        ("BFBFBF", "grey"),
        ("FF0033", "red"),
    ],
)
def test_the_colours_that_people_pick_have_a_nearest(colour: str, name: str) -> None:
    assert nearest(colour) == name


@pytest.mark.parametrize(
    ("attributes", "colour"),
    [
        ({"rgb": "ff92d050"}, "92D050"),
        ({"theme": "1", "tint": "-0.5"}, "800000"),
        ({"indexed": "13"}, "FFFF00"),
        ({"theme": "9"}, None),
        ({"auto": "1"}, None),
    ],
)
def test_a_colour_is_read_however_it_is_named(attributes: dict[str, str], colour: str | None) -> None:
    assert read_colour(attributes, theme=["FFFFFF", "FF0000"], indexed=INDEXED) == colour


def test_a_full_tint_is_black_or_white() -> None:
    assert (tinted("336699", -1), tinted("336699", 1)) == ("000000", "FFFFFF")
